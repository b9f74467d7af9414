#include "sim/lab/importing/datagram_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "core/platform/text.hpp"
#include "netfakes/sip_wire.hpp"
#include "sim/lab/contents/octet_reader.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kDhcpOptions = 240;

std::string to_first_nul(std::string_view text) {
  return std::string(text.substr(0, text.find('\0')));
}

/// Codes and values up to End, or to where they break off.
void read_options(std::string_view area, DhcpSaid& dhcp, std::vector<std::uint8_t>* codes) {
  for (std::size_t at = 0; at + 1 < area.size();) {
    const auto code = static_cast<std::uint8_t>(area[at]);
    if (code == 0xff) return;
    if (code == 0) {
      ++at;
      continue;
    }
    const auto length = static_cast<std::size_t>(static_cast<std::uint8_t>(area[at + 1]));
    dhcp.options.emplace_back(code, area.substr(at + 2, length));
    if (codes != nullptr) codes->push_back(code);
    at += 2 + length;
  }
}

std::string_view dhcp_name(const DhcpSaid& dhcp) {
  constexpr std::array<std::string_view, 10> kNames{"",        "discover",  "offer", "request",
                                                    "decline", "ack",       "nak",   "release",
                                                    "inform",  "forcerenew"};
  return dhcp.type < kNames.size() ? kNames[dhcp.type] : std::string_view();
}

bool read_dhcp(std::string_view payload, Said& said) {
  constexpr std::string_view kCookie("\x63\x82\x53\x63", 4);
  if (payload.size() < kDhcpOptions || payload.substr(236, 4) != kCookie) return false;
  if (payload[0] != 1 && payload[0] != 2) return false;
  DhcpSaid dhcp;
  OctetReader reader(payload);
  reader.take(4);
  dhcp.transaction = static_cast<std::uint32_t>(reader.number(4));
  reader.take(4);
  dhcp.client_address = reader.address();
  dhcp.your_address = reader.address();
  reader.take(8);
  for (std::uint8_t& octet : dhcp.client.octets)
    octet = static_cast<std::uint8_t>(reader.number(1));
  read_options(payload.substr(kDhcpOptions), dhcp, nullptr);
  const std::string* const overload = dhcp.option(52);
  const unsigned used = overload == nullptr || overload->empty() ? 0 : (*overload)[0];
  if ((used & 1U) != 0) read_options(payload.substr(108, 128), dhcp, &dhcp.in_file);
  if ((used & 2U) != 0) read_options(payload.substr(44, 64), dhcp, &dhcp.in_sname);
  if ((used & 1U) == 0) dhcp.file = to_first_nul(payload.substr(108, 128));
  if ((used & 2U) == 0) dhcp.sname = to_first_nul(payload.substr(44, 64));
  const std::string* const type = dhcp.option(53);
  if (type != nullptr && type->size() == 1) dhcp.type = static_cast<std::uint8_t>((*type)[0]);
  said.talk = Talk::dhcp;
  said.words = dhcp_name(dhcp);
  said.text = std::move(dhcp);
  return true;
}

/// A name of a DNS message, through its pointers.
std::string dns_name(OctetReader& reader, std::string_view message) {
  std::string name;
  std::optional<std::size_t> behind;
  for (int labels = 0; labels < 128 && !reader.failed(); ++labels) {
    const auto length = static_cast<std::size_t>(reader.number(1));
    if (length == 0) break;
    if (length >= 0xc0) {
      const std::size_t target = (length & 0x3f) << 8 | static_cast<std::size_t>(reader.number(1));
      if (!behind) behind = reader.place();
      if (target >= message.size()) break;
      reader.go_to(target);
      continue;
    }
    if (!name.empty()) name += '.';
    name += reader.take(length);
  }
  if (behind) reader.go_to(*behind);
  return name;
}

std::string dns_type(std::uint64_t type) {
  if (type == 1) return "A";
  if (type == 5) return "CNAME";
  if (type == 2) return "NS";
  if (type == 6) return "SOA";
  return fmt::format("TYPE{}", type);
}

bool keep_dns(DnsSaid dns, Said& said) {
  said.talk = Talk::dns;
  said.words = dns.name.empty() ? "no question" : dns.type + " " + dns.name;
  said.text = std::move(dns);
  return true;
}

bool read_dns(std::string_view payload, Said& said) {
  constexpr std::size_t kHeader = 12;
  if (payload.size() < kHeader) return false;
  OctetReader reader(payload);
  DnsSaid dns;
  dns.id = static_cast<std::uint16_t>(reader.number(2));
  const std::uint64_t flags = reader.number(2);
  const std::uint64_t questions = reader.number(2);
  const std::uint64_t answers = reader.number(2);
  reader.take(4);
  dns.reply = (flags & 0x8000) != 0;
  dns.truncated = (flags & 0x0200) != 0;
  dns.code = flags & 15;
  if (questions > 1 || (flags & 0x7800) != 0 || answers > 200) return false;
  // A server that has understood nothing may leave the question out.
  if (questions == 0) {
    constexpr Port kDomain = 53;
    const bool bare = dns.reply && payload.size() == kHeader && said.from.port == kDomain;
    return bare && keep_dns(std::move(dns), said);
  }
  dns.name = lower(dns_name(reader, payload));
  dns.type = dns_type(reader.number(2));
  const std::uint64_t kind = reader.number(2);
  if (reader.failed() || kind != 1 || dns.name.empty()) return false;
  for (std::uint64_t i = 0; i < answers && !reader.failed(); ++i) {
    DnsSaid::Record record{.name = lower(dns_name(reader, payload)), .type = {}, .data = {}};
    record.type = dns_type(reader.number(2));
    reader.take(2);
    record.ttl = static_cast<std::uint32_t>(reader.number(4));
    const auto length = static_cast<std::size_t>(reader.number(2));
    const std::size_t begin = reader.place();
    if (record.type == "A" && length == 4) record.data = reader.address().to_string();
    if (record.type == "CNAME") record.data = lower(dns_name(reader, payload));
    if (reader.failed()) break;
    reader.go_to(begin + length);
    dns.records.push_back(std::move(record));
  }
  return keep_dns(std::move(dns), said);
}

/// RFC 5905 6: seconds since 1900, or since 2036 where the highest bit is not set.
WallTime ntp_time(std::string_view octets) {
  OctetReader reader(octets);
  const auto seconds = static_cast<std::int64_t>(reader.number(4));
  const std::uint64_t fraction = reader.number(4);
  constexpr std::int64_t kEra = std::int64_t{1} << 32;
  constexpr std::int64_t k1970 = 2'208'988'800;
  const std::int64_t since_1970 = seconds + (seconds < kEra / 2 ? kEra : 0) - k1970;
  const auto nanoseconds = static_cast<std::int64_t>(fraction * 1'000'000'000 >> 32);
  return WallTime(std::chrono::seconds(since_1970) + std::chrono::nanoseconds(nanoseconds));
}

bool read_ntp(std::string_view payload, Said& said) {
  constexpr std::size_t kHeader = 48;
  if (payload.size() < kHeader || (said.from.port != 123 && said.to.port != 123)) return false;
  const auto first = static_cast<unsigned char>(payload[0]);
  NtpSaid ntp{.mode = first & 7U,
              .version = first >> 3 & 7U,
              .leap = static_cast<unsigned>(first) >> 6U,
              .stratum = static_cast<unsigned char>(payload[1]),
              .reference = std::string(payload.substr(12, 4)),
              .origin = std::string(payload.substr(24, 8)),
              .transmit = std::string(payload.substr(40, 8)),
              .time = ntp_time(payload.substr(40, 8))};
  said.talk = Talk::ntp;
  said.words = ntp.mode == 3 ? "time" : "tells the time";
  said.text = std::move(ntp);
  return true;
}

/// The value of a header line; empty where there is none.
std::string_view sip_header(std::string_view message, std::string_view name,
                            std::string_view compact) {
  const std::string_view head = message.substr(0, message.find("\r\n\r\n"));
  for (std::size_t line = head.find('\n'); line != head.npos; line = head.find('\n', line + 1)) {
    const std::string_view rest = head.substr(line + 1, head.find('\n', line + 1) - line - 1);
    const std::size_t colon = rest.find(':');
    if (colon == rest.npos) continue;
    const std::string_view key = trimmed(rest.substr(0, colon));
    if (!same_ignoring_case(key, name) && !same_ignoring_case(key, compact)) continue;
    return trimmed(rest.substr(colon + 1));
  }
  return {};
}

bool read_sip(std::string_view payload, Said& said) {
  const std::string_view line = payload.substr(0, payload.find('\n'));
  if (!line.starts_with("SIP/2.0 ") && line.find(" SIP/2.0") == line.npos) return false;
  const auto message = netfakes::SipMessage::parse(payload);
  said.talk = Talk::sip;
  SipSaid sip;
  sip.request = !line.starts_with("SIP/2.0 ");
  sip.method = sip.request ? line.substr(0, line.find(' ')) : std::string_view();
  if (message) {
    sip.method = message->method();
    sip.status = message->status();
    sip.branch = message->branch();
  }
  sip.call_id = sip_header(payload, "Call-ID", "i");
  sip.event = sip_header(payload, "Event", "o");
  sip.user_agent = sip_header(payload, "User-Agent", "");
  sip.content_type = sip_header(payload, "Content-Type", "c");
  const std::size_t body = payload.find("\r\n\r\n");
  if (body != payload.npos) sip.body = payload.substr(body + 4);
  said.words = sip.request ? lower(sip.method) : fmt::format("{}", sip.status);
  said.text = std::move(sip);
  return true;
}

}  // namespace

const std::string* DhcpSaid::option(std::uint8_t code) const {
  const auto found = std::ranges::find(options, code, [](const auto& each) { return each.first; });
  return found == options.end() ? nullptr : &found->second;
}

std::vector<Ipv4Address> DhcpSaid::addresses(std::uint8_t code) const {
  std::vector<Ipv4Address> found;
  const std::string* const value = option(code);
  if (value == nullptr) return found;
  OctetReader reader(*value);
  while (!reader.at_end()) {
    const Ipv4Address address = reader.address();
    if (!reader.failed()) found.push_back(address);
  }
  return found;
}

std::optional<std::uint32_t> DhcpSaid::number(std::uint8_t code) const {
  const std::string* const value = option(code);
  if (value == nullptr || value->size() != 4) return std::nullopt;
  return static_cast<std::uint32_t>(OctetReader(*value).number(4));
}

unsigned DhcpSaid::prefix() const {
  constexpr unsigned kUsual = 24;
  const auto mask = number(1);
  return mask ? static_cast<unsigned>(std::countl_one(*mask)) : kUsual;
}

void read_datagram(std::string_view payload, Said& said) {
  if (read_dhcp(payload, said) || read_sip(payload, said)) return;
  if (read_ntp(payload, said)) return;
  if (said.from.port == 53 || said.to.port == 53 || said.talk == Talk::other) {
    read_dns(payload, said);
  }
}

}  // namespace provlab::lab
