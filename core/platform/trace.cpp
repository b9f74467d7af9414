#include "core/platform/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace provlab {

namespace {

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), result.ptr);
}

bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

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

void append_escaped(std::string& out, std::string_view value) {
  while (!value.empty()) {
    const auto plain = std::find_if(value.begin(), value.end(), [](char c) {
      return needs_escape(c) || static_cast<unsigned char>(c) >= 0x80;
    });
    out.append(value.begin(), plain);
    value.remove_prefix(static_cast<std::size_t>(plain - value.begin()));
    if (value.empty()) return;
    const char c = value[0];
    std::size_t taken = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else if ((taken = utf8_length(value)) > 0) {
      out.append(value.substr(0, taken));
    } else {
      out += "\\ufffd";
      taken = 1;
    }
    value.remove_prefix(taken);
  }
}

/// Undoes append_escaped().
std::string unescape(std::string_view text) {
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

void FieldWriter::name(std::string_view key) {
  out_ += ",\"";
  out_ += key;
  out_ += "\":";
}

void FieldWriter::operator()(std::string_view key, std::string_view value) {
  name(key);
  out_ += '"';
  append_escaped(out_, value);
  out_ += '"';
}

void FieldWriter::operator()(std::string_view key, bool value) {
  name(key);
  out_ += value ? "true" : "false";
}

void FieldWriter::integer(std::string_view key, std::int64_t value) {
  name(key);
  append_integer(out_, value);
}

void FieldWriter::operator()(std::string_view key, Duration value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, WallTime value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, Ipv4Address value) {
  name(key);
  out_ += '"';
  for (int shift = 24; shift >= 0; shift -= 8) {
    append_integer(out_, value.value >> shift & 255);
    out_ += shift > 0 ? '.' : '"';
  }
}

void FieldWriter::operator()(std::string_view key, Endpoint value) {
  (*this)(key, value.address);
  out_.back() = ':';
  append_integer(out_, value.port);
  out_ += '"';
}

void FieldWriter::operator()(std::string_view key, MacAddress value) {
  (*this)(key, std::string_view(value.to_string()));
}

HostId Trace::add_host(std::string name) {
  hosts_.push_back(std::move(name));
  return static_cast<HostId>(hosts_.size() - 1);
}

std::optional<HostId> Trace::find_host(std::string_view name) const {
  const auto found = std::find(hosts_.begin(), hosts_.end(), name);
  if (found == hosts_.end()) return std::nullopt;
  return static_cast<HostId>(found - hosts_.begin());
}

std::string& Trace::open_record(HostId host, Instant at, std::string_view name) {
  text_ += "{\"n\":";
  append_integer(text_, static_cast<std::int64_t>(entries_.size() + 1));
  text_ += ",\"time_ns\":";
  append_integer(text_, at.time_since_epoch().count());
  text_ += ",\"host\":\"";
  append_escaped(text_, host_name(host));
  text_ += '"';
  if (cause_ != 0) {
    text_ += ",\"cause\":";
    append_integer(text_, cause_);
  }
  text_ += ",\"event\":\"";
  text_ += name;
  text_ += '"';
  entries_.push_back({at, static_cast<std::uint32_t>(text_.size()), 0, cause_, host, name});
  return text_;
}

EventNumber Trace::close_record() {
  Entry& entry = entries_.back();
  entry.length = static_cast<std::uint32_t>(text_.size() - entry.members);
  text_ += "}\n";
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
  record.members_ = std::string_view(text_).substr(entry.members, entry.length);
  return record;
}

std::uint64_t Trace::checksum() const {
  // FNV-1a over words of eight octets, then over the rest: eight times as fast as over octets.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  std::string_view rest = text_;
  while (rest.size() >= 8) {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i)
      word = word << 8 | static_cast<unsigned char>(rest[static_cast<std::size_t>(i)]);
    hash = (hash ^ word) * 0x100000001b3ULL;
    hash ^= hash >> 32;
    rest.remove_prefix(8);
  }
  for (const char c : rest) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash ^ hash >> 29;
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
