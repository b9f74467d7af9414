#include "tests/unit/net/pcap_reader.hpp"

#include <tins/ethernetII.h>
#include <tins/ip.h>
#include <tins/rawpdu.h>
#include <tins/sniffer.h>
#include <tins/udp.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace provlab::test {

namespace {

const std::filesystem::path kFolder = PROVLAB_TEST_DATA "/pcaps";

MacAddress mac_of(const Tins::EthernetII::address_type& address) {
  MacAddress mac;
  std::copy(address.begin(), address.end(), mac.octets.begin());
  return mac;
}

Ipv4Address address_of(const Tins::IPv4Address& address) {
  return Ipv4Address::parse(address.to_string()).value();
}

}  // namespace

std::vector<CapturedDatagram> read_udp(std::string_view name) {
  std::vector<CapturedDatagram> result;
  Tins::FileSniffer sniffer((kFolder / (std::string(name) + ".pcap")).string());
  std::optional<std::chrono::microseconds> first;
  for (const Tins::Packet& packet : sniffer) {
    const std::chrono::microseconds at = packet.timestamp();
    if (!first) first = at;
    const auto* ethernet = packet.pdu()->find_pdu<Tins::EthernetII>();
    const auto* ip = packet.pdu()->find_pdu<Tins::IP>();
    const auto* udp = packet.pdu()->find_pdu<Tins::UDP>();
    if (ethernet == nullptr || ip == nullptr || udp == nullptr) continue;
    const auto* raw = udp->find_pdu<Tins::RawPDU>();
    result.push_back({at - *first, mac_of(ethernet->src_addr()), mac_of(ethernet->dst_addr()),
                      Endpoint{address_of(ip->src_addr()), udp->sport()},
                      Endpoint{address_of(ip->dst_addr()), udp->dport()},
                      raw == nullptr ? Bytes{} : Bytes(raw->payload())});
  }
  return result;
}

std::vector<CapturedDatagram> read_udp(std::string_view name, Port port) {
  std::vector<CapturedDatagram> result = read_udp(name);
  std::erase_if(result, [port](const CapturedDatagram& datagram) {
    return datagram.from.port != port && datagram.to.port != port;
  });
  return result;
}

std::vector<std::string> capture_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".pcap") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace provlab::test
