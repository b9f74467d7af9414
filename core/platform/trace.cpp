#include "core/platform/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/platform/checksum.hpp"

namespace provlab {

namespace {

constexpr std::size_t kIntegerOctets = 20;  // the longest of 64 bits, with its sign

char* put(char* out, std::string_view text) {
  return std::copy_n(text.data(), text.size(), out);
}

template <std::size_t N>
char* put(char* out, const char (&literal)[N]) {
  std::memcpy(out, literal, N - 1);
  return out + N - 1;
}

char* put(char* out, std::int64_t value) {
  return std::to_chars(out, out + kIntegerOctets, value).ptr;
}

bool stands_for_itself(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet >= 0x20 && octet < 0x80 && c != '"' && c != '\\';
}

/// Whether all of the eight octets at `text` stand for themselves in a JSON string.
bool eight_stand_for_themselves(const char* text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  // An octet below 0x20, or equal to what is looked for, sets the highest bit of its place; one
  // above 0x7f has it set.
  const std::uint64_t quote = word ^ kOnes * '"';
  const std::uint64_t backslash = word ^ kOnes * '\\';
  const std::uint64_t special =
      (word - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes) | word;
  return (special & kOnes << 7) == 0;
}

/// How many of the first octets of `text` stand for themselves.
std::size_t plain_octets(std::string_view text) {
  std::size_t i = 0;
  if (text.size() >= 8) {
    const std::size_t last = text.size() - 8;
    while (i < last && eight_stand_for_themselves(text.data() + i)) i += 8;
    if (i >= last && eight_stand_for_themselves(text.data() + last)) return text.size();
  }
  while (i < text.size() && stands_for_itself(text[i])) ++i;
  return i;
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

constexpr std::size_t kEscapedOctets = 6;  // the most that one octet becomes: \ufffd

/// `out` must have room for kEscapedOctets for each octet of `value`.
char* put_escaped(char* out, std::string_view value) {
  for (;;) {
    const std::size_t plain = plain_octets(value);
    out = put(out, value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) return out;
    const auto c = static_cast<unsigned char>(value[0]);
    std::size_t taken = 1;
    if (c == '"' || c == '\\') {
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
    value.remove_prefix(taken);
  }
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

std::string_view unquoted(std::string_view raw) {
  return !raw.empty() && raw[0] == '"' ? raw.substr(1, raw.size() - 2) : raw;
}

std::string value_text(std::string_view raw) {
  const std::string_view inner = unquoted(raw);
  return inner.size() == raw.size() ? std::string(raw) : unescape(inner);
}

/// value_text(raw) == text
bool is_text(std::string_view raw, std::string_view text) {
  const std::string_view inner = unquoted(raw);
  if (inner.find('\\') != std::string_view::npos) return value_text(raw) == text;
  return inner == text;
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
  out_.wrote(out);
  if (places_ != nullptr) places_->push_back({key, static_cast<std::uint32_t>(out_.size()), 0});
  return out;
}

void FieldWriter::wrote(const char* end) {
  out_.wrote(end);
  if (places_ == nullptr) return;
  FieldPlace& place = places_->back();
  place.length = static_cast<std::uint32_t>(out_.size()) - place.begin;
}

void FieldWriter::operator()(std::string_view key, std::string_view value) {
  char* out = name(key, value.size() * kEscapedOctets + 2);
  *out++ = '"';
  out = put_escaped(out, value);
  *out++ = '"';
  wrote(out);
}

void FieldWriter::operator()(std::string_view key, bool value) {
  wrote(put(name(key, 5), value ? "true" : "false"));
}

void FieldWriter::integer(std::string_view key, std::int64_t value) {
  wrote(put(name(key, kIntegerOctets), value));
}

void FieldWriter::operator()(std::string_view key, Duration value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, WallTime value) {
  (*this)(key, std::string_view(to_string(value)));
}

void FieldWriter::operator()(std::string_view key, Ipv4Address value) {
  char* out = name(key, Ipv4Address::kTextOctets + 2);
  *out++ = '"';
  out = value.write_to(out);
  *out++ = '"';
  wrote(out);
}

void FieldWriter::operator()(std::string_view key, Endpoint value) {
  char* out = name(key, Endpoint::kTextOctets + 2);
  *out++ = '"';
  out = value.write_to(out);
  *out++ = '"';
  wrote(out);
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

void Trace::open_record(HostId host, Instant at, const EventType& type) {
  const std::string& host_member = hosts_[static_cast<std::size_t>(host)].member;
  char* out = text_.room(host_member.size() + type.name.size() + 3 * kIntegerOctets + 64);
  out = put(put(out, "{\"n\":"), static_cast<std::int64_t>(entries_.size() + 1));
  if (at != time_text_of_ || time_text_octets_ == 0) {
    time_text_of_ = at;
    char* end = put(put(time_text_.data(), ",\"time_ns\":"), at.time_since_epoch().count());
    time_text_octets_ = static_cast<std::size_t>(end - time_text_.data());
  }
  std::memcpy(out, time_text_.data(), time_text_.size());
  out = put(out + time_text_octets_, host_member);
  if (cause_ != 0) out = put(put(out, ",\"cause\":"), std::int64_t{cause_});
  out = put(put(put(out, ",\"event\":\""), type.name), "\"");
  text_.wrote(out);
  if (entries_.empty()) {
    entries_.reserve(256);
    places_.reserve(1024);
  }
  entries_.push_back({.at = at,
                      .members = static_cast<std::uint32_t>(text_.size()),
                      .length = 0,
                      .first_place = static_cast<std::uint32_t>(places_.size()),
                      .cause = cause_,
                      .host = host,
                      .places = 0,
                      .type = &type});
}

EventNumber Trace::close_record() {
  Entry& entry = entries_.back();
  entry.length = static_cast<std::uint32_t>(text_.size() - entry.members);
  entry.places = static_cast<std::uint16_t>(places_.size() - entry.first_place);
  text_.append("}\n");
  return static_cast<EventNumber>(entries_.size());
}

std::uint64_t Trace::checksum() const {
  const std::uint64_t sum = checksum_of(text_.view());
  return sum ^ sum >> 29;
}

const FieldPlace* TraceRecord::place_of(std::string_view key) const {
  for (const FieldPlace& place : places_) {
    if (place.key == key) return &place;
  }
  return nullptr;
}

std::optional<std::string> TraceRecord::field(std::string_view key) const {
  const FieldPlace* place = place_of(key);
  if (place == nullptr) return std::nullopt;
  return value_text(raw(*place));
}

bool TraceRecord::says(std::string_view key, std::string_view value) const {
  const FieldPlace* place = place_of(key);
  return place != nullptr && is_text(raw(*place), value);
}

std::vector<std::pair<std::string, std::string>> TraceRecord::fields() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const FieldPlace& place : places_) all.emplace_back(place.key, value_text(raw(place)));
  return all;
}

}  // namespace provlab
