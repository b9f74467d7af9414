#pragma once
#include "sim/world/fifo.hpp"
#include "sim/world/packet.hpp"

namespace provlab::world {

/// The receiving half of a connection (RFC 9293 3.8.6, 3.10.7.4): puts in order what arrives, says
/// how much more may come, and what came out of order (RFC 2018).
///  1. The right edge of the window never moves back, whatever scaling makes of it on the way; what
///  lies beyond it is not taken.
///  2. The window grows by a segment at least, or by half of the buffer (RFC 9293 3.8.6.2.2).
///  3. At most kBuffer octets and kMostRanges gaps wait, whatever the peer sends.
class TcpReceiver {
 public:
  static constexpr std::size_t kBuffer = 512 * 1024;
  static constexpr unsigned kShift = 4;  ///< RFC 7323 2.2: what a window counts in
  static constexpr std::size_t kUnscaled = 65535;
  static constexpr std::size_t kMostRanges = 128;

  /// `next` is the first octet behind the peer's SYN. Windows are told in units of 2^shift octets.
  void open(std::uint32_t next, unsigned shift);
  std::uint32_t expected() const { return expected_; }  ///< RCV.NXT
  bool finished() const { return finished_; }           ///< the peer's FIN is in order
  /// RFC 9293 3.4, as Linux reads it: the segment touches the window or its right edge.
  bool acceptable(std::uint32_t sequence, std::size_t length) const;
  /// Whether there is anything in the segment that did not arrive before.
  bool brings_news(std::uint32_t sequence, std::size_t octets) const;

  enum class Answer {
    soon,  ///< an acknowledgement that may wait for an answer to carry it
    now    ///< one for this segment: the peer counts them (RFC 5681 4.2)
  };
  Answer take(std::uint32_t sequence, BytesView octets, bool finish);
  /// The next acknowledgement says that these octets came twice (RFC 2883).
  void came_twice(std::uint32_t sequence, std::size_t octets);

  std::size_t size() const { return ready_; }
  std::size_t read(std::uint8_t* data, std::size_t size, bool peek);
  /// After read(): whether the peer is to hear that there is room again.
  bool must_tell_window() const;
  /// What goes into the window field now; moves the edge.
  std::uint16_t window();
  /// For the next acknowledgement: the newest first.
  std::vector<TcpOptions::Range> ranges(std::size_t most);

 private:
  std::size_t promised() const { return edge_ - expected_; }
  std::size_t room() const { return ready_ >= buffer_ ? 0 : buffer_ - ready_; }
  bool keep_early(std::uint32_t sequence, BytesView octets);
  void take_in_order(BytesView octets);

  Fifo<std::uint8_t> octets_;  ///< ready_ of them in order, then what came early, with its gaps
  std::size_t ready_ = 0;
  std::uint32_t expected_ = 0;
  std::uint32_t edge_ = 0;
  unsigned shift_ = 0;
  std::size_t buffer_ = kUnscaled;
  std::vector<TcpOptions::Range> early_;  ///< disjoint; the one that changed last is first
  std::optional<TcpOptions::Range> twice_;
  std::optional<std::uint32_t> finish_at_;
  bool finished_ = false;
};

}  // namespace provlab::world
