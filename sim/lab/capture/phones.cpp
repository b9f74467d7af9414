#include "sim/lab/capture/phones.hpp"

#include <algorithm>

#include "core/platform/hexadecimal.hpp"
#include "sim/world/octets.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostPhones = 4096;

/// Twelve hexadecimal digits behind `mark`.
std::optional<MacAddress> mac_behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == text.npos || text.size() - at < mark.size() + 12) return std::nullopt;
  MacAddress mac;
  const char* digit = text.data() + at + mark.size();
  for (std::uint8_t& octet : mac.octets) {
    const auto high = hexadecimal_digit(*digit++);
    const auto low = hexadecimal_digit(*digit++);
    if (!high || !low) return std::nullopt;
    octet = static_cast<std::uint8_t>(*high * 16 + *low);
  }
  return mac;
}

std::string_view start_of(BytesView octets) {
  constexpr std::size_t kMost = 600;
  return text_of(octets.first(std::min(octets.size(), kMost)));
}

}  // namespace

std::optional<DhcpParties> dhcp_parties(BytesView message) {
  constexpr std::size_t kOptions = 240;
  constexpr std::uint32_t kCookie = 0x63825363;
  if (message.size() < kOptions || world::get32(message, 236) != kCookie) return std::nullopt;
  if (message[0] < 1 || message[0] > 2 || message[2] != 6) return std::nullopt;
  DhcpParties parties{.by_client = message[0] == 1,
                      .client = world::get_mac(message, 28),
                      .leased = {world::get32(message, 16)},
                      .vendor_class = {}};
  for (std::size_t at = kOptions; at < message.size() && message[at] != 0xff;) {
    const std::uint8_t code = message[at];
    if (code == 0) {
      ++at;
      continue;
    }
    if (at + 2 > message.size() || at + 2 + message[at + 1] > message.size()) break;
    const BytesView value = message.subspan(at + 2, message[at + 1]);
    if (code == 53 && value.size() == 1) parties.type = value[0];
    if (code == 60) parties.vendor_class = text_of(value);
    at += 2 + value.size();
  }
  return parties;
}

SeenPhone* PhoneSpotter::place(const MacAddress& mac) {
  const auto known = phones_.find(mac);
  if (known != phones_.end()) return &known->second;
  if (phones_.size() == kMostPhones || mac.is_group()) return nullptr;
  return &phones_.emplace(mac, SeenPhone{.mac = mac, .addresses = {}, .vendor_class = {}})
              .first->second;
}

void PhoneSpotter::look_at(const SeenDatagram& datagram) {
  const auto is_ours = [](const std::optional<MacAddress>& mac) {
    return mac && is_auerswald(*mac);
  };
  if (is_ours(datagram.source)) {
    if (SeenPhone* const phone = place(*datagram.source)) {
      ++phone->packets;
      if (datagram.from.is_unicast() && phone->addresses.size() < 64) {
        phone->addresses.insert(datagram.from);
      }
    }
  } else if (is_ours(datagram.destination)) {
    if (SeenPhone* const phone = place(*datagram.destination)) ++phone->packets;
  }
  const auto ports = ports_of(datagram);
  if (!ports) return;
  if (datagram.protocol == world::IpProtocol::udp &&
      (ports->from == 67 || ports->to == 67 || ports->to == 68)) {
    look_at_dhcp(carried_by(datagram));
  } else {
    look_at_text(datagram);
  }
}

void PhoneSpotter::look_at_dhcp(BytesView message) {
  const auto parties = dhcp_parties(message);
  if (!parties) return;
  SeenPhone* const phone = place(parties->client);
  if (phone == nullptr) return;
  if (!parties->vendor_class.empty() && parties->by_client) {
    phone->vendor_class = parties->vendor_class;
  }
  if (!phone->auerswald()) ++phone->packets;
  constexpr std::uint8_t kAck = 5;
  if (!parties->by_client && parties->type == kAck && parties->leased.is_unicast()) {
    phone->addresses.insert(parties->leased);
  }
}

void PhoneSpotter::look_at_text(const SeenDatagram& datagram) {
  const BytesView octets = carried_by(datagram);
  if (octets.size() < 16) return;
  std::optional<MacAddress> mac;
  if (datagram.protocol == world::IpProtocol::tcp && octets[0] == 'G' && octets[1] == 'E' &&
      octets[2] == 'T') {
    mac = mac_behind(start_of(octets), "mac=");
  } else if (datagram.protocol == world::IpProtocol::udp && octets[0] == 'S' && octets[1] == 'U') {
    mac = mac_behind(start_of(octets), "sip:MAC%3a");
    if (!mac) mac = mac_behind(start_of(octets), "sip:MAC%3A");
  }
  if (!mac || !is_auerswald(*mac)) return;
  SeenPhone* const phone = place(*mac);
  if (phone != nullptr && datagram.from.is_unicast()) phone->addresses.insert(datagram.from);
}

std::vector<SeenPhone> PhoneSpotter::phones() const {
  std::vector<SeenPhone> found;
  for (const auto& [mac, phone] : phones_) found.push_back(phone);
  std::ranges::stable_sort(found, [](const SeenPhone& a, const SeenPhone& b) {
    if (a.auerswald() != b.auerswald()) return a.auerswald();
    return a.packets > b.packets;
  });
  return found;
}

}  // namespace provlab::lab
