#include "sim/lab/importing/anonymise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>

#include "core/platform/device_identity.hpp"
#include "sim/lab/contents/octet_reader.hpp"

namespace provlab::lab {

namespace {

void append_octets(std::string& out, std::uint64_t value, int octets) {
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(value >> 8 * i);
}

std::string addresses_replaced(std::string_view value, StandIns& stand_ins) {
  std::string out;
  for (OctetReader reader(value); reader.rest().size() >= 4;) {
    append_octets(out, stand_ins.address(reader.address()).value, 4);
  }
  return out;
}

using Option = std::pair<std::uint8_t, std::string>;

/// Options of one code are one text (RFC 3396), however it was cut; its pieces keep their lengths,
/// but for the last one.
void replace_whole(std::vector<Option>& options,
                   const std::function<std::string(std::uint8_t, const std::string&)>& replaced) {
  std::set<std::uint8_t> done;
  for (const Option& option : std::vector<Option>(options)) {
    if (!done.insert(option.first).second) continue;
    std::vector<std::string*> pieces;
    std::string whole;
    for (auto& [code, value] : options) {
      if (code != option.first) continue;
      pieces.push_back(&value);
      whole += value;
    }
    std::string rest = replaced(option.first, whole);
    for (std::string* const piece : pieces) {
      const std::size_t size = piece == pieces.back() ? rest.size() : piece->size();
      *piece = rest.substr(0, size);
      rest.erase(0, size);
    }
  }
}

/// Suboptions with texts in them; what is none is left as it is where nothing in it can be read.
std::string vendor_option_replaced(const std::string& value, StandIns& stand_ins) {
  constexpr std::uint8_t kPad = 0;
  constexpr std::uint8_t kEnd = 0xff;
  std::vector<Option> inside;
  for (std::size_t at = 0; at < value.size();) {
    const auto code = static_cast<std::uint8_t>(value[at]);
    if (code == kPad || code == kEnd) {
      inside.emplace_back(code, std::string());
      if (code == kEnd) break;
      ++at;
      continue;
    }
    if (at + 2 > value.size()) return anonymised_url(value, stand_ins);
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(value[at + 1]));
    if (at + 2 + length > value.size()) return anonymised_url(value, stand_ins);
    inside.emplace_back(code, value.substr(at + 2, length));
    at += 2 + length;
  }
  replace_whole(inside, [&](std::uint8_t, const std::string& text) {
    return anonymised_url(text, stand_ins);
  });
  std::string out;
  for (const auto& [code, text] : inside) {
    out += static_cast<char>(code);
    if (code == kPad || code == kEnd) continue;
    out += static_cast<char>(std::min<std::size_t>(text.size(), 255));
    out += text.substr(0, 255);
  }
  return out;
}

std::string option_replaced(std::uint8_t code, const std::string& value, StandIns& stand_ins) {
  switch (code) {
    case 3:
    case 6:
    case 42:
    case 50:
    case 54:
      return addresses_replaced(value, stand_ins);
    case 43:
      return vendor_option_replaced(value, stand_ins);
    case 66:
    case 67:
      return anonymised_url(value, stand_ins);
    case 1: {
      // Who is in one network stays in one, which has room for 254 of them.
      const bool wide = value.size() == 4 && value[2] != '\xff';
      return wide ? std::string("\xff\xff\xff\0", 4) : value;
    }
    case 51:
    case 52:
    case 53:
    case 55:
    case 57:
    case 58:
    case 59:
    case 60:
      return value;
    default:
      return std::string(value.size(), '\0');
  }
}

/// The message once more, with what was replaced in it.
std::string dhcp_octets(const DhcpSaid& dhcp, const std::string& before) {
  std::string out = before.substr(0, 12);
  append_octets(out, dhcp.client_address.value, 4);
  append_octets(out, dhcp.your_address.value, 4);
  out.append(8, '\0');  // siaddr, giaddr
  for (const std::uint8_t octet : dhcp.client.octets) out += static_cast<char>(octet);
  out.append(10, '\0');
  std::string sname = dhcp.sname.substr(0, 64);
  std::string file = dhcp.file.substr(0, 128);
  sname.resize(64);
  file.resize(128);
  out += sname + file + before.substr(236, 4);
  for (const auto& [code, value] : dhcp.options) {
    if (code == 52) continue;
    out += static_cast<char>(code);
    out += static_cast<char>(std::min<std::size_t>(value.size(), 255));
    out += value.substr(0, 255);
  }
  out += '\xff';
  return out;
}

void append_name(std::string& out, std::string_view name) {
  while (!name.empty()) {
    constexpr std::size_t kMostOfLabel = 63;
    const std::string_view label = name.substr(0, std::min(name.find('.'), kMostOfLabel));
    out += static_cast<char>(label.size());
    out += label;
    name.remove_prefix(label.size());
    if (name.starts_with('.')) name.remove_prefix(1);
  }
  out += '\0';
}

/// The message once more, with addresses and aliases; of other records nothing is taken over.
std::string dns_octets(const DnsSaid& dns, const std::string& before) {
  constexpr std::uint16_t kAddress = 1;
  constexpr std::uint16_t kAlias = 5;
  constexpr std::uint16_t kInternet = 1;
  std::string out = before.substr(0, 4);
  if (dns.name.empty()) return out + std::string(8, '\0');
  append_octets(out, 1, 2);
  const std::size_t count = out.size();
  append_octets(out, 0, 6);
  append_name(out, dns.name);
  append_octets(out, kAddress, 2);
  append_octets(out, kInternet, 2);
  char answers = 0;
  for (const DnsSaid::Record& record : dns.records) {
    const auto address = Ipv4Address::read(record.data);
    if (record.data.empty() || (record.type == "A") != address.has_value()) continue;
    std::string data;
    if (address) {
      append_octets(data, address->value, 4);
    } else {
      append_name(data, record.data);
    }
    append_name(out, record.name);
    append_octets(out, address ? kAddress : kAlias, 2);
    append_octets(out, kInternet, 2);
    append_octets(out, record.ttl, 4);
    append_octets(out, data.size(), 2);
    out += data;
    ++answers;
  }
  out[count + 1] = answers;
  return out;
}

/// The message once more, with the lines that make it one (RFC 3261 8.1.1).
std::string sip_octets(const SipSaid& sip, const Said& said) {
  const std::string start = sip.request
                                ? fmt::format("{} sip:{} SIP/2.0", sip.method, said.to.to_string())
                                : fmt::format("SIP/2.0 {} Said", sip.status);
  const Endpoint via = sip.request ? said.from : said.to;
  std::string head = fmt::format(
      "{}\r\nVia: SIP/2.0/UDP {};branch={}\r\nFrom: <sip:phone@example.com>;tag=1\r\n"
      "To: <sip:server@example.com>;tag=2\r\nCall-ID: {}\r\nCSeq: 1 {}\r\n",
      start, via.to_string(), sip.branch, sip.call_id, sip.method);
  if (!sip.event.empty()) head += fmt::format("Event: {}\r\n", sip.event);
  if (!sip.content_type.empty()) head += fmt::format("Content-Type: {}\r\n", sip.content_type);
  return head + fmt::format("Content-Length: {}\r\n\r\n{}", sip.body.size(), sip.body);
}

/// Lines of a head that somebody reads, and no others.
std::string head_replaced(const HttpSaid& http, StandIns& stand_ins) {
  std::string head = http.request ? fmt::format("{} {} HTTP/1.1", http.method, http.target)
                                  : fmt::format("HTTP/1.1 {}", http.status);
  static constexpr std::array<std::string_view, 8> kRead{
      "Host",           "Location",          "Content-Type",     "User-Agent",
      "Content-Length", "Transfer-Encoding", "Content-Encoding", "Connection"};
  for (const std::string_view name : kRead) {
    std::string value = http.header(name);
    if (value.empty()) continue;
    if (name == "Host") value = anonymised_url(value, stand_ins);
    if (name == "Location") value = anonymised_url(value, stand_ins);
    head += fmt::format("\r\n{}: {}", name, value);
  }
  return head;
}

class Anonymiser {
 public:
  Anonymiser(Conversation heard, StandIns& stand_ins)
      : heard_(std::move(heard)), stand_ins_(stand_ins) {}

  Conversation run() {
    place_phone();
    for (Said& said : heard_.said) learn_serial(said);
    for (Said& said : heard_.said) replace(said);
    for (OpenedConnection& connection : heard_.connections) {
      replace(connection.client);
      replace(connection.server);
    }
    std::set<Ipv4Address> addresses;
    for (const Ipv4Address address : heard_.phone.addresses) {
      addresses.insert(stand_ins_.address(address));
    }
    heard_.phone.addresses = std::move(addresses);
    heard_.phone.mac = stand_ins_.mac(heard_.phone.mac);
    return std::move(heard_);
  }

 private:
  void place_phone() {
    Ipv4Address address;
    unsigned prefix = 24;
    for (const Said& said : heard_.said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr || !dhcp->your_address.is_unicast() || !address.is_any()) continue;
      address = dhcp->your_address;
      prefix = dhcp->prefix();
    }
    if (address.is_any() && !heard_.phone.addresses.empty()) {
      address = *heard_.phone.addresses.begin();
    }
    stand_ins_.place_phone(heard_.phone.mac, address, prefix);
    for (const Said& said : heard_.said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr || !dhcp->your_address.is_unicast()) continue;
      const bool same = InterfaceAddress{address, prefix}.on_link(dhcp->your_address);
      if (!same) stand_ins_.place_further(dhcp->your_address, dhcp->prefix());
    }
  }

  void learn_serial(const Said& said) {
    const auto* http = said.as<HttpSaid>();
    if (http == nullptr || !said.by_phone) return;
    const std::size_t at = http->target.find("&serial=");
    if (at == std::string::npos) return;
    const std::string serial = http->target.substr(at + 8, http->target.find('&', at + 8) - at - 8);
    if (serial != DeviceIdentity{}.serial && !serial.empty()) stand_ins_.serial(serial);
  }

  void replace(Endpoint& endpoint) { endpoint.address = stand_ins_.address(endpoint.address); }

  void replace(Said& said) {
    replace(said.from);
    replace(said.to);
    if (auto* dhcp = std::get_if<DhcpSaid>(&said.text)) {
      replace_dhcp(*dhcp);
      said.octets = dhcp_octets(*dhcp, said.octets);
    } else if (auto* dns = std::get_if<DnsSaid>(&said.text)) {
      replace_dns(*dns);
      if (!dns->name.empty()) said.words = dns->type + " " + dns->name + (said.tcp ? " tcp" : "");
      said.octets = dns_octets(*dns, said.octets);
    } else if (auto* sip = std::get_if<SipSaid>(&said.text)) {
      sip->body = sip->body.starts_with('<') ? anonymised_document(sip->body, stand_ins_)
                                             : anonymised_url(sip->body, stand_ins_);
      const bool odd = !sip->request || said.answers;
      said.octets =
          odd && !said.by_phone && !sip->method.empty() ? sip_octets(*sip, said) : sip->body;
    } else if (auto* http = std::get_if<HttpSaid>(&said.text)) {
      replace_http(*http, said);
    } else if (auto* tls = std::get_if<TlsSaid>(&said.text)) {
      tls->server_name = stand_ins_.name(tls->server_name);
      said.words = "TLS " + tls->server_name;
    } else if (const auto* ntp = std::get_if<NtpSaid>(&said.text)) {
      // By whom a server sets its clock is an address (RFC 5905 7.3).
      constexpr std::size_t kReference = 12;
      if (ntp->stratum > 1) said.octets.replace(kReference, 4, 4, '\0');
    } else if (said.talk == Talk::other) {
      said.octets.clear();
    }
  }

  void replace_dhcp(DhcpSaid& dhcp) {
    dhcp.client_address = stand_ins_.address(dhcp.client_address);
    dhcp.your_address = stand_ins_.address(dhcp.your_address);
    dhcp.client = stand_ins_.mac(dhcp.client);
    dhcp.file = anonymised_url(dhcp.file, stand_ins_);
    dhcp.sname = anonymised_url(dhcp.sname, stand_ins_);
    replace_whole(dhcp.options, [&](std::uint8_t code, const std::string& value) {
      return option_replaced(code, value, stand_ins_);
    });
  }

  void replace_dns(DnsSaid& dns) {
    dns.name = stand_ins_.name(dns.name);
    for (DnsSaid::Record& record : dns.records) {
      record.name = stand_ins_.name(record.name);
      record.data = stand_ins_.name(record.data);
    }
  }

  void replace_http(HttpSaid& http, Said& said) {
    http.target = anonymised_url(http.target, stand_ins_);
    http.head = head_replaced(http, stand_ins_);
    // Of codings that are not opened nothing can be read, and so nothing is taken over.
    if (http.hidden) http.body.clear();
    http.body = anonymised_document(http.body, stand_ins_);
    if (http.request) said.words = http.method + " " + http.target;
    said.octets = http.head + "\r\n\r\n" + http.body;
  }

  Conversation heard_;
  StandIns& stand_ins_;
};

}  // namespace

Conversation anonymised(const Conversation& heard, StandIns& stand_ins) {
  return Anonymiser(heard, stand_ins).run();
}

}  // namespace provlab::lab
