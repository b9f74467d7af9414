#pragma once
#include <vector>

#include "sim/lab/capture/byte_streams.hpp"
#include "sim/lab/capture/phone_traffic.hpp"
#include "sim/lab/importing/said.hpp"

namespace provlab::lab {

/// LostSegment with times of a conversation.
struct LostPiece {
  Duration at{};
  Duration again{};
  Duration since{};
  std::size_t number = 0;
  bool first = false;
};

/// A connection of the phone's, without what was said on it.
struct OpenedConnection {
  Duration at{};
  Endpoint client;
  Endpoint server;
  bool by_phone = true;
  std::size_t syns = 0;
  Duration last_syn{};  ///< of the client
  std::optional<Duration> accepted{};
  std::optional<Duration> reset{};
  bool reset_by_client = false;
  bool refused() const { return !accepted && reset && !reset_by_client; }
  /// It was asked for, and that is all.
  bool never_taken() const { return syns > 0 && !accepted && !reset && !spoken; }
  bool finished_by_server = false;
  bool finished_first_by_server = false;  ///< before the client did
  bool spoken = false;                    ///< something was said on it
  bool gap = false;                       ///< something is missing in what the server said
  std::vector<LostPiece> lost_by_client{};
  std::vector<LostPiece> lost_by_server{};
};

/// Everything that one phone and its servers have said, in the order of time. Messages that answer
/// others say so.
struct Conversation {
  SeenPhone phone;
  std::int64_t begin = 0;     ///< of the first packet, in nanoseconds since 1970
  Duration end{};             ///< of the last one
  bool began_before = false;  ///< what the phone said first is supposed to be missing (D68)
  std::vector<Said> said;
  std::vector<OpenedConnection> connections;
  /// What can be told of the capture itself, as sentences.
  std::vector<std::string> remarks;

  /// The messages that answer the one at that place.
  std::vector<const Said*> answers_to(std::size_t place) const;
};

Conversation conversation_of(const SeenPhone& phone, const PhoneTraffic& traffic);

}  // namespace provlab::lab
