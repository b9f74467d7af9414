#include "sim/lab/contents/datagram_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/platform/text.hpp"
#include "core/platform/time.hpp"
#include "sim/lab/contents/octet_reader.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

// DNS

std::string record_type(std::uint64_t type) {
  switch (type) {
    case 1:
      return "A";
    case 2:
      return "NS";
    case 5:
      return "CNAME";
    case 6:
      return "SOA";
    case 12:
      return "PTR";
    case 15:
      return "MX";
    case 16:
      return "TXT";
    case 28:
      return "AAAA";
    case 33:
      return "SRV";
    case 41:
      return "OPT";
    default:
      return fmt::format("TYPE{}", type);
  }
}

std::string response_code(unsigned code) {
  static constexpr std::array<std::string_view, 6> kCodes{"NOERROR",  "FORMERR", "SERVFAIL",
                                                          "NXDOMAIN", "NOTIMP",  "REFUSED"};
  return code < kCodes.size() ? std::string(kCodes[code]) : fmt::format("RCODE{}", code);
}

/// Reads a name whose labels may be elsewhere (RFC 1035 4.1.4); a loop ends it.
std::string name_in(OctetReader& reader, std::string_view message) {
  std::string name;
  std::set<std::size_t> seen;
  OctetReader at = reader;
  bool jumped = false;
  for (;;) {
    const auto length = static_cast<std::size_t>(at.number(1));
    if (at.failed()) name += "(cut off)";
    if (at.failed() || length == 0) break;
    if ((length & 0xc0U) == 0xc0U) {
      const auto to = (length & 0x3fU) << 8 | static_cast<std::size_t>(at.number(1));
      if (!jumped) reader = at;
      jumped = true;
      if (!seen.insert(to).second || to >= message.size()) {
        name += "(points nowhere)";
        break;
      }
      at.go_to(to);
      continue;
    }
    name += visible(at.take(length)) + ".";
  }
  if (!jumped) reader = at;
  return name.empty() ? "." : name;
}

std::string record_data(std::uint64_t type, std::string_view data, OctetReader at,
                        std::string_view message) {
  switch (type) {
    case 1:
      if (data.size() == 4) return OctetReader(data).address().to_string();
      break;
    case 2:
    case 5:
    case 12:
      return name_in(at, message);
    case 6: {
      const std::string server = name_in(at, message);
      const std::string owner = name_in(at, message);
      const auto serial = at.number(4);
      const auto refresh = at.number(4);
      const auto retry = at.number(4);
      const auto expire = at.number(4);
      return fmt::format("{} {} serial {} refresh {} retry {} expire {} minimum {}", server, owner,
                         serial, refresh, retry, expire, at.number(4));
    }
    case 16:
      return visible(data.substr(std::min<std::size_t>(1, data.size())));
    default:
      break;
  }
  std::string out;
  for (const char c : data.substr(0, 64)) {
    fmt::format_to(std::back_inserter(out), "{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

void list_records(OctetReader& reader, std::string_view message, std::uint64_t count, Rows& rows) {
  constexpr std::uint64_t kMost = 64;
  for (std::uint64_t i = 0; i < std::min(count, kMost) && !reader.failed(); ++i) {
    const std::string name = name_in(reader, message);
    const auto type = reader.number(2);
    const auto group = reader.number(2);
    const auto ttl = reader.number(4);
    const auto size = static_cast<std::size_t>(reader.number(2));
    const OctetReader at = reader;
    const std::string_view data = reader.take(size);
    if (reader.failed()) return rows.line("(cut off)");
    rows.line(fmt::format("{} {} {} {} {}", name, ttl,
                          group == 1 ? "IN" : fmt::format("CLASS{}", group), record_type(type),
                          record_data(type, data, at, message)));
  }
  if (count > kMost) rows.line(fmt::format("(and {} more)", count - kMost));
}

// NTP

/// NTP's era 0 ends in 2036; times before 1970 are of era 1, as RFC 4330 3 has it.
std::string ntp_time(std::uint64_t stamp) {
  if (stamp == 0) return "0 (not said)";
  constexpr std::int64_t kTo1970 = 2'208'988'800;
  std::int64_t seconds = static_cast<std::int64_t>(stamp >> 32) - kTo1970;
  if ((stamp >> 63) == 0) seconds += std::int64_t{1} << 32;
  const auto fraction = static_cast<std::int64_t>((stamp & 0xffffffffU) * 1'000'000'000 >> 32);
  return to_string(WallTime(std::chrono::seconds(seconds) + std::chrono::nanoseconds(fraction)));
}

std::string short_time(std::uint64_t value) {
  return fmt::format("{:.6f} s", static_cast<double>(value) / 65536);
}

std::string reference(std::uint64_t stratum, std::string_view octets) {
  if (stratum > 1) return OctetReader(octets).address().to_string();
  return fmt::format("\"{}\"", visible(octets.substr(0, octets.find('\0'))));
}

std::string mode_name(unsigned mode) {
  static constexpr std::array<std::string_view, 8> kModes{
      "reserved", "active", "passive", "client", "server", "broadcast", "control", "private"};
  return fmt::format("{} ({})", mode, kModes[mode]);
}

}  // namespace

std::vector<ContentPart> dns_parts(std::string_view octets) {
  OctetReader reader(octets);
  Rows head;
  head.add("id", fmt::format("0x{:04x}", reader.number(2)));
  const auto flags = static_cast<unsigned>(reader.number(2));
  std::string told = (flags & 0x8000U) != 0 ? "answer" : "question";
  for (const auto& [bit, name] : {std::pair{0x0400U, "authoritative"},
                                  {0x0200U, "truncated"},
                                  {0x0100U, "recursion desired"},
                                  {0x0080U, "recursion available"}}) {
    if ((flags & bit) != 0) told += std::string(", ") + name;
  }
  head.add("flags", told);
  head.add("code", response_code(flags & 0xfU));
  const auto questions = reader.number(2);
  const auto answers = reader.number(2);
  const auto authorities = reader.number(2);
  const auto further = reader.number(2);
  if (reader.failed()) {
    head.line(fmt::format("(cut off after {} octets)", octets.size()));
    return {{"Head", head.take()}};
  }
  constexpr std::uint64_t kMost = 64;
  for (std::uint64_t i = 0; i < std::min(questions, kMost) && !reader.failed(); ++i) {
    const std::string name = name_in(reader, octets);
    const auto type = reader.number(2);
    reader.number(2);
    head.add("question", fmt::format("{} {}", record_type(type), name));
  }
  std::vector<ContentPart> parts{{"Head", head.take()}};
  for (const auto& [heading, count] :
       {std::pair{"Answers", answers}, {"Authority", authorities}, {"Additional", further}}) {
    if (count == 0) continue;
    Rows records;
    list_records(reader, octets, count, records);
    parts.push_back({heading, records.take()});
  }
  return parts;
}

std::vector<ContentPart> ntp_parts(std::string_view octets) {
  OctetReader reader(octets);
  Rows rows;
  const auto first = static_cast<unsigned>(reader.number(1));
  rows.add("leap indicator",
           fmt::format("{}{}", first >> 6, first >> 6 == 3 ? " (not synchronised)" : ""));
  rows.add("version", std::to_string(first >> 3 & 7U));
  rows.add("mode", mode_name(first & 7U));
  const auto stratum = reader.number(1);
  rows.add("stratum", std::to_string(stratum));
  rows.add("poll", fmt::format("2^{} s", static_cast<std::int8_t>(reader.number(1))));
  rows.add("precision", fmt::format("2^{} s", static_cast<std::int8_t>(reader.number(1))));
  rows.add("root delay", short_time(reader.number(4)));
  rows.add("root dispersion", short_time(reader.number(4)));
  rows.add("reference", reference(stratum, reader.take(4)));
  for (const std::string_view name : {"reference time", "originate", "receive", "transmit"}) {
    rows.add(name, ntp_time(reader.number(8)));
  }
  if (reader.failed()) rows.line(fmt::format("(cut off after {} octets)", octets.size()));
  if (!reader.rest().empty()) {
    rows.line(fmt::format("({} more octets: extension fields, or a key and its digest)",
                          reader.rest().size()));
  }
  return {{"Message", rows.take()}};
}

bool is_readable(std::string_view octets) {
  // A stray octet of another encoding is shown as \xe4 and harms nobody.
  std::size_t strange = 0;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    const bool control = octet < 0x20 && octet != '\n' && octet != '\r' && octet != '\t';
    strange += control || octet == 0x7f ? 1 : 0;
  }
  return strange * 32 <= octets.size() && (strange == 0 || octets.size() >= 32);
}

std::string hex_text(std::string_view octets) {
  constexpr std::size_t kMost = 256;
  std::string out;
  for (std::size_t begin = 0; begin < std::min(octets.size(), kMost); begin += 16) {
    const std::string_view line = octets.substr(begin, 16);
    fmt::format_to(std::back_inserter(out), "{:04x} ", begin);
    for (std::size_t i = 0; i < 16; ++i) {
      out += i < line.size() ? fmt::format(" {:02x}", static_cast<unsigned char>(line[i])) : "   ";
    }
    out += "  ";
    for (const char c : line) out += c >= ' ' && c < 0x7f ? c : '.';
    out += '\n';
  }
  if (octets.size() > kMost) {
    fmt::format_to(std::back_inserter(out), "… {} more octets are left out here.\n",
                   octets.size() - kMost);
  }
  return out;
}

}  // namespace provlab::lab
