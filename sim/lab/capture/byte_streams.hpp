#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/capture/seen_packet.hpp"

namespace provlab::lab {

/// A segment that had to be sent again: it was seen twice, or only behind what followed it.
struct LostSegment {
  std::int64_t time = 0;   ///< when it was there in vain, or should have been
  std::int64_t again = 0;  ///< when it came for the next time
  std::int64_t since = 0;  ///< what came last from the other side before: its SYN or data
  /// Which segment with data this was since then, from 1.
  std::size_t number = 0;
  bool first = false;  ///< of its direction
};

/// One direction of a TCP connection, put together by sequence numbers, whatever the order in which
/// its segments came.
struct SeenStream {
  /// From the first octet on, as far as none is missing.
  std::string octets;
  /// From which place on the octets were there, and when; both rise.
  std::vector<std::pair<std::size_t, std::int64_t>> arrivals;
  bool begun = false;                    ///< its SYN was seen
  bool gap = false;                      ///< more was sent behind what is missing
  std::optional<std::int64_t> finished;  ///< when its FIN came
  std::size_t sent_again = 0;            ///< segments, or parts of them
  std::vector<LostSegment> lost;         ///< those that came a noticeable time later

  /// When the octet at `place` was there, and all before it.
  std::int64_t time_of(std::size_t place) const;
};

struct SeenConnection {
  Endpoint client;
  Endpoint server;
  bool by_phone = false;  ///< the phone is the client
  std::int64_t begins = 0;
  std::vector<std::int64_t> syns;        ///< of the client, each time that it sent one
  std::optional<std::int64_t> accepted;  ///< when the server's SYN came
  std::optional<std::int64_t> reset;     ///< when a RST came first
  bool reset_by_client = false;
  bool finished_first_by_server = false;  ///< its FIN stands before that of the client
  SeenStream to_server;
  SeenStream to_client;
};

/// The connections of a phone, in the order in which they begin. Of one whose SYN was not seen the
/// client is who has the higher port.
std::vector<SeenConnection> connections_of(const std::vector<SeenPacket>& packets);

}  // namespace provlab::lab
