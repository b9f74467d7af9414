#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/lab/contents/packet_log.hpp"

namespace provlab::lab {

/// One direction of a TCP connection, put together by sequence numbers: what was sent again counts
/// once.
struct TcpStream {
  std::size_t begins = 0;  ///< with which packet of the log
  Endpoint from;
  Endpoint to;
  std::uint32_t start = 0;  ///< the sequence number of its first octet
  std::string octets;
  std::size_t length = 0;  ///< of what was sent; octets beyond those there were not kept
  /// Where each packet's octets begin that were sent for the first time.
  std::vector<std::pair<std::size_t, EventNumber>> pieces;
  EventNumber syn = 0;
  std::optional<std::pair<std::size_t, EventNumber>> fin;

  /// The packet that carried the octet first; 0: none did.
  EventNumber carrier(std::size_t place) const;
};

/// All of a log, and which packets only sent again what another had sent.
struct TcpStreams {
  std::vector<TcpStream> streams;
  std::map<EventNumber, EventNumber> again;  ///< to the first that carried the octets
};
TcpStreams tcp_streams(const std::vector<SentPacket>& packets);

}  // namespace provlab::lab
