#include "core/platform/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/platform/checksum.hpp"

namespace provlab {

namespace {

constexpr std::size_t kIntegerOctets = 20;  // the longest of 64 bits, with its sign
constexpr std::size_t kAddressOctets = 24;  // in quotation marks, with a port

char* put(char* out, std::string_view text) {
  return std::copy_n(text.data(), text.size(), out);
}

char* put(char* out, std::int64_t value) {
  return std::to_chars(out, out + kIntegerOctets, value).ptr;
}

char* put_octet(char* out, std::uint32_t value) {
  if (value >= 100) *out++ = static_cast<char>('0' + value / 100);
  if (value >= 10) *out++ = static_cast<char>('0' + value / 10 % 10);
  *out++ = static_cast<char>('0' + value % 10);
  return out;
}

char* put(char* out, Ipv4Address address) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out = put_octet(out, address.value >> shift & 255);
    if (shift > 0) *out++ = '.';
  }
  return out;
}

/// What stands for itself in a JSON string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

/// Octets above 0x7f pass as they are where they form UTF-8; others become U+FFFD.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned lead = at(0);
  if (lead >= 0xc2 && lead <= 0xdf && follows(1)) return 2;
  if (lead >= 0xe0 && lead <= 0xef && follows(1) && follows(2) && !(lead == 0xe0 && at(1) < 0xa0) &&
      !(lead == 0xed && at(1) >= 0xa0)) {
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4 && follows(1) && follows(2) && follows(3) &&
      !(lead == 0xf0 && at(1) < 0x90) && !(lead == 0xf4 && at(1) >= 0x90)) {
    return 4;
  }
  return 0;
}

constexpr std::size_t kEscapedOctets = 6;  // the most that one octet becomes: \ufffd

/// `out` must have room for kEscapedOctets for each octet of `value`.
char* put_escaped(char* out, std::string_view value) {
  std::size_t taken = 1;
  for (; !value.empty(); value.remove_prefix(taken)) {
    const auto c = static_cast<unsigned char>(value[0]);
    taken = 1;
    if (kPlain[c]) {
      *out++ = value[0];
    } else if (c == '"' || c == '\\') {
      *out++ = '\\';
      *out++ = value[0];
    } else if (c == '\n') {
      out = put(out, "\\n");
    } else if (c < 0x20) {
      out = fmt::format_to(out, "\\u{:04x}", c);
    } else if (const std::size_t length = utf8_length(value); length > 0) {
      taken = length;
      out = put(out, value.substr(0, taken));
    } else {
      out = put(out, "\\ufffd");
    }
  }
  return out;
}

/// Undoes put_escaped().
std::string unescape(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'n') {
      out += '\n';
    } else if (c == 'u' && i + 4 < text.size()) {
      unsigned code = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 5, code, 16);
      i += 4;
      if (code < 0x80) {
        out += static_cast<char>(code);
      } else {
        out += "\xef\xbf\xbd";  // the only other code written: U+FFFD
      }
    } else {
      out += c;
    }
  }
  return out;
}

/// Takes `,"key":value` from the front of `members`: the key and the raw value.
std::optional<std::pair<std::string_view, std::string_view>> take_member(
    std::string_view& members) {
  if (members.size() < 4) return std::nullopt;
  members.remove_prefix(2);
  const std::size_t key_end = members.find('"');
  const std::string_view key = members.substr(0, key_end);
  members.remove_prefix(key_end + 2);
  std::size_t length = 0;
  if (members[0] == '"') {
    for (length = 1; members[length] != '"'; ++length) {
      if (members[length] == '\\') ++length;
    }
    ++length;
  } else {
    length = std::min(members.find(','), members.size());
  }
  const std::string_view value = members.substr(0, length);
  members.remove_prefix(length);
  return std::pair{key, value};
}

std::string value_text(std::string_view raw) {
  if (!raw.empty() && raw[0] == '"') return unescape(raw.substr(1, raw.size() - 2));
  return std::string(raw);
}

}  // namespace

void TextBuffer::grow(std::size_t octets) {
  constexpr std::size_t kFirst = std::size_t{32} << 10;  // the trace of an ordinary boot
  storage_.resize_and_overwrite(std::max({kFirst, storage_.size() * 2, size_ + octets}),
                                [](char*, std::size_t allocated) { return allocated; });
}

char* FieldWriter::name(std::string_view key, std::size_t octets) {
  char* out = out_.room(key.size() + octets + 4);
  *out++ = ',';
  *out++ = '"';
  out = put(out, key);
  *out++ = '"';
  *out++ = ':';
  return out;
}

void FieldWriter::operator()(std::string_view key, std::string_view value) {
  char* out = name(key, value.size() * kEscapedOctets + 2);
  *out++ = '"';
  out = put_escaped(out, value);
  *out++ = '"';
  out_.wrote(out);
}

void FieldWriter::operator()(std::string_view key, bool value) {
  out_.wrote(put(name(key, 5), value ? "true" : "false"));
}

void FieldWriter::integer(std::string_view key, std::int64_t value) {
  out_.wrote(put(name(key, kIntegerOctets), value));
}

void FieldWriter::operator()(std::string_view key, Duration value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, WallTime value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, Ipv4Address value) {
  char* out = name(key, kAddressOctets);
  *out++ = '"';
  out = put(out, value);
  *out++ = '"';
  out_.wrote(out);
}

void FieldWriter::operator()(std::string_view key, Endpoint value) {
  char* out = name(key, kAddressOctets);
  *out++ = '"';
  out = put(out, value.address);
  *out++ = ':';
  out = put(out, std::int64_t{value.port});
  *out++ = '"';
  out_.wrote(out);
}

void FieldWriter::operator()(std::string_view key, MacAddress value) {
  (*this)(key, std::string_view(value.to_string()));
}

HostId Trace::add_host(std::string name) {
  std::string member(name.size() * kEscapedOctets + 16, '\0');
  char* out = put(put_escaped(put(member.data(), ",\"host\":\""), name), "\"");
  member.resize(static_cast<std::size_t>(out - member.data()));
  hosts_.push_back({std::move(name), std::move(member)});
  return static_cast<HostId>(hosts_.size() - 1);
}

std::optional<HostId> Trace::find_host(std::string_view name) const {
  const auto found = std::ranges::find(hosts_, name, &HostEntry::name);
  if (found == hosts_.end()) return std::nullopt;
  return static_cast<HostId>(found - hosts_.begin());
}

TextBuffer& Trace::open_record(HostId host, Instant at, std::string_view name) {
  const std::string& host_member = hosts_[static_cast<std::size_t>(host)].member;
  char* out = text_.room(host_member.size() + name.size() + 3 * kIntegerOctets + 64);
  out = put(put(out, "{\"n\":"), static_cast<std::int64_t>(entries_.size() + 1));
  out = put(put(out, ",\"time_ns\":"), at.time_since_epoch().count());
  out = put(out, host_member);
  if (cause_ != 0) out = put(put(out, ",\"cause\":"), std::int64_t{cause_});
  out = put(put(put(out, ",\"event\":\""), name), "\"");
  text_.wrote(out);
  if (entries_.empty()) entries_.reserve(256);
  entries_.push_back({at, static_cast<std::uint32_t>(text_.size()), 0, cause_, host, name});
  return text_;
}

EventNumber Trace::close_record() {
  Entry& entry = entries_.back();
  entry.length = static_cast<std::uint32_t>(text_.size() - entry.members);
  text_.append("}\n");
  return static_cast<EventNumber>(entries_.size());
}

TraceRecord Trace::operator[](std::size_t index) const {
  const Entry& entry = entries_[index];
  TraceRecord record;
  record.number_ = static_cast<EventNumber>(index + 1);
  record.cause_ = entry.cause;
  record.at_ = entry.at;
  record.host_ = entry.host;
  record.name_ = entry.name;
  record.members_ = text_.view().substr(entry.members, entry.length);
  return record;
}

std::uint64_t Trace::checksum() const {
  const std::uint64_t sum = checksum_of(text_.view());
  return sum ^ sum >> 29;
}

std::optional<std::string> TraceRecord::field(std::string_view key) const {
  std::string_view members = members_;
  while (const auto member = take_member(members)) {
    if (member->first == key) return value_text(member->second);
  }
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> TraceRecord::fields() const {
  std::vector<std::pair<std::string, std::string>> all;
  std::string_view members = members_;
  while (const auto member = take_member(members)) {
    all.emplace_back(member->first, value_text(member->second));
  }
  return all;
}

}  // namespace provlab
