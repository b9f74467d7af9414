#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/capture/capture_reader.hpp"
#include "sim/lab/capture/link_layer.hpp"

namespace provlab::lab {

/// Whether the vendor's half of an address is Auerswald's.
constexpr bool is_auerswald(const MacAddress& mac) {
  return mac.octets[0] == 0x00 && mac.octets[1] == 0x09 && mac.octets[2] == 0x52;
}

/// A machine that a capture has to do with.
struct SeenPhone {
  MacAddress mac;
  std::set<Ipv4Address> addresses;  ///< that it had
  std::string vendor_class;         ///< DHCP option 60; empty: it did not say
  std::size_t packets = 0;          ///< from and to it
  bool auerswald() const { return is_auerswald(mac); }
};

/// Which phones a capture shows, frame by frame. A phone is who has a MAC address of Auerswald's,
/// where the link, DHCP, a SUBSCRIBE or a request to the redirect service says it, since behind a
/// router the link does not; and who else asks for an address by DHCP.
class PhoneSpotter {
 public:
  void look_at(const SeenDatagram& datagram);
  /// Those of Auerswald first, then by what there is of them.
  std::vector<SeenPhone> phones() const;

 private:
  SeenPhone* place(const MacAddress& mac);
  void look_at_dhcp(BytesView message);
  void look_at_text(const SeenDatagram& datagram);

  std::map<MacAddress, SeenPhone> phones_;
};

/// The names of a BOOTP message (RFC 951, RFC 2131 2) that say whose it is.
struct DhcpParties {
  bool by_client = false;
  MacAddress client;
  Ipv4Address leased;  ///< yiaddr
  std::string vendor_class;
  std::uint8_t type = 0;  ///< option 53
};
std::optional<DhcpParties> dhcp_parties(BytesView message);

}  // namespace provlab::lab
