#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "netfakes/dhcp_config.hpp"

/// DHCP messages between libtins (D4) and the server: reading queries, and laying out replies.
/// libtins knows neither option overload nor options of more than 255 octets; both are made here.
namespace provlab::netfakes {

/// RFC 2132 9.6, the values of option 53.
enum class DhcpType : std::uint8_t {
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  ack = 5,
  nak = 6,
  release = 7,
  inform = 8,
};

struct DhcpQuery {
  DhcpType type = DhcpType::discover;
  std::uint32_t transaction = 0;
  std::uint16_t flags = 0;
  Ipv4Address ciaddr;
  Ipv4Address giaddr;
  MacAddress client;
  std::optional<Ipv4Address> server;     ///< option 54
  std::optional<Ipv4Address> requested;  ///< option 50
  std::optional<Bytes> parameter_list;   ///< option 55
  std::string contents;                  ///< dhcp_fields()

  bool wants_broadcast() const { return (flags & 0x8000) != 0; }
  bool asks_for(std::uint8_t code) const;  ///< also where there is no list
};

Expected<DhcpQuery> parse_dhcp_query(BytesView payload);

struct DhcpReply {
  DhcpType type = DhcpType::offer;
  Ipv4Address yiaddr;
  Ipv4Address ciaddr;
  std::vector<DhcpOption> options;  ///< in their order; without 52, 53 and End
};

/// Where the options of a reply go.
struct DhcpLayout {
  std::vector<DhcpOption> options;  ///< of the option area, none over 255 octets, with 52 and 53
  Bytes file;                       ///< the header fields, at most 128 and 64 octets
  Bytes sname;
  std::vector<std::uint8_t> dropped;  ///< codes for which, at least in part, no room was left
  DhcpSettings::End end = DhcpSettings::End::end;
};

DhcpLayout lay_out(const DhcpReply& reply, const DhcpSettings& settings);

/// The message, padded to the 300 octets of RFC 1542 2.1 where its end is not said otherwise.
Bytes serialize(const DhcpReply& reply, const DhcpLayout& layout, const DhcpQuery& query);

}  // namespace provlab::netfakes
