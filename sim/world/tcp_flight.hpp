#pragma once
#include <optional>
#include <vector>

#include "sim/world/fifo.hpp"
#include "sim/world/packet.hpp"

namespace provlab::world {

/// The segments of a stream that were sent and are not acknowledged, and which of them are lost.
///  1. A segment has arrived where an acknowledgement or a range of one covers it (RFC 2018).
///  2. It is lost where one that was sent later has arrived, and its own acknowledgement is overdue
///  by more than packets overtake each other on this path (RACK, RFC 8985 6.2).
///  3. What is lost waits until it is repeated; then it is under way again, with a new time.
///  4. Numbers are of sequence space: a FIN counts as one.
class TcpFlight {
 public:
  struct Segment {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
    Instant at{};           ///< when it was sent last
    bool repeated = false;  ///< sent more than once
    bool arrived = false;   ///< out of order
    bool lost = false;
    std::size_t size() const { return end - first; }
  };
  /// What an acknowledgement has told.
  struct News {
    std::size_t arrived = 0;               ///< octets not known to have arrived before
    std::optional<Duration> round_trip{};  ///< of a segment that was sent once
  };

  bool empty() const { return segments_.empty(); }
  std::size_t count() const { return segments_.size(); }
  /// Octets that are on the way, as far as is known (the pipe of RFC 6675).
  std::size_t under_way() const { return octets_ - arrived_ - lost_; }
  /// Whether something is missing among what arrived, or is being repeated.
  bool in_doubt() const { return arrived_ > 0 || lost_ > 0 || repaired_by_.has_value(); }

  void sent(std::uint32_t first, std::uint32_t end, Instant now);
  News acknowledge(std::uint32_t number, const std::vector<TcpOptions::Range>& ranges, Instant now);
  /// Finds what is lost. Says when to look again, where something may be by then.
  std::optional<Instant> find_lost(Instant now, Duration smoothed);
  /// The oldest is lost: three duplicates say so, or a partial acknowledgement (RFC 6582 3.2).
  void lose_first();
  /// All that has not arrived is lost: nothing was heard for too long. Ranges are forgotten where
  /// the peer has taken them back (RFC 2018 8).
  void lose_all();
  Segment* oldest_lost();
  Segment* newest_on_the_way();
  void repeat(Segment& segment, Instant now);

 private:
  void arrive(Segment& segment, Instant now, News& news);
  void take_ranges(std::uint32_t number, const std::vector<TcpOptions::Range>& ranges, Instant now,
                   News& news);
  Duration patience(Duration smoothed) const;
  void lose(Segment& segment);

  Fifo<Segment> segments_;  ///< by number, without gaps
  std::size_t octets_ = 0;
  std::size_t arrived_ = 0;
  std::size_t arrived_segments_ = 0;
  std::size_t lost_ = 0;
  std::optional<std::uint32_t> repaired_by_{};  ///< what was under way at the last repetition

  // The one of those that arrived that was sent last.
  Instant newest_at_{};
  std::uint32_t newest_end_ = 0;
  Duration newest_took_{};

  std::optional<Duration> least_{};  ///< the shortest round trip of all
  std::optional<std::uint32_t> highest_arrived_{};
  bool overtaken_ = false;     ///< packets overtake each other on this path
  unsigned false_alarms_ = 0;  ///< repetitions that the peer had already (RFC 2883)
};

}  // namespace provlab::world
