#pragma once
#include "sim/world/tcp_flight.hpp"
#include "sim/world/tcp_round_trip.hpp"

namespace provlab::world {

/// The sending half of a connection (RFC 9293 3.8, 3.10.4): what the user wrote and the peer has
/// not acknowledged, how much of it may be on the way, and what is sent again when.
///  1. What is lost is found by later segments that arrive (RFC 8985), by three duplicates where
///  the peer takes no ranges (RFC 5681 3.2), by a probe of the tail, and at last by a timeout.
///  2. A closed window is probed, each time after twice as long, for as long as the peer answers
///  (RFC 9293 3.8.6.1). A probe carries no octet, so that none goes beyond the window.
///  3. Nothing but the window limits what is sent (no congestion control), but for a flight that
///  was lost whole: after it the sender starts slowly again (RFC 5681 3.1).
///  4. It gives up after as many expirations without progress as Linux does.
///  5. Whoever owns it calls on_timer() at due(), and output() after each change.
class TcpSender {
 public:
  /// Where segments leave. The owner fills in acknowledgement, window and options.
  class Wire {
   public:
    virtual void send_octets(std::uint32_t sequence, BytesView octets, bool last) = 0;
    virtual void send_finish(std::uint32_t sequence) = 0;
    /// A segment without octets before those that are expected: the peer must acknowledge.
    virtual void send_probe(std::uint32_t sequence) = 0;

   protected:
    ~Wire() = default;
  };
  /// What the peer said in its SYN.
  struct Peer {
    std::size_t segment;  ///< octets that go into one (RFC 9293 3.7.1)
    bool ranges;          ///< takes and tells ranges (RFC 2018)
    std::uint32_t sequence;
    std::size_t window;
  };
  struct Acknowledgement {
    std::uint32_t sequence;  ///< of the segment that carries it
    std::uint32_t number;
    std::size_t window;
    bool bare;
    const std::vector<TcpOptions::Range>& ranges;
    std::optional<Duration> echoed;  ///< since the echoed timestamp (RFC 7323 4)
  };
  enum class Verdict {
    taken,
    too_new,  ///< of what was never sent
    too_old,  ///< older than any window (RFC 5961 5)
  };

  static constexpr std::size_t kBuffer = 256 * 1024;

  TcpSender(Wire& wire, std::uint32_t first) : wire_(wire), oldest_(first), next_(first) {}

  void open(const Peer& peer);
  void measured(Duration round_trip) { round_trip_.sample(round_trip); }
  std::size_t append(BytesView octets);
  bool has_room() const { return !finish_wanted_ && octets_.size() < kBuffer; }
  void finish() { finish_wanted_ = true; }
  bool finish_wanted() const { return finish_wanted_; }
  bool finish_sent() const { return finish_acknowledged_ || next_ == stream_end() + 1; }
  bool finish_acknowledged() const { return finish_acknowledged_; }
  std::uint32_t next() const { return next_; }  ///< SND.NXT

  void output(Instant now);
  Verdict acknowledge(const Acknowledgement& heard, Instant now);
  std::optional<Instant> due() const;
  /// False where the sender gives up.
  bool on_timer(Instant now);

 private:
  std::uint32_t stream_end() const { return oldest_ + static_cast<std::uint32_t>(octets_.size()); }
  std::size_t outstanding() const { return next_ - oldest_; }
  std::size_t unsent() const {
    return octets_.size() - std::min<std::size_t>(outstanding(), octets_.size());
  }
  bool finish_waits() const { return finish_wanted_ && !finish_sent(); }
  bool blocked() const { return flight_.empty() && (unsent() > 0 || finish_waits()); }
  void repeat_lost(Instant now);
  void send_new(Instant now);
  /// How much the next segment takes, 0 where it must wait.
  std::size_t next_length() const;
  void send_next(std::size_t length, Instant now);
  void left(std::uint32_t octets, Instant now);
  void repeat(TcpFlight::Segment& segment, Instant now);
  void take_number(std::uint32_t number, Instant now);
  void take_window(const Acknowledgement& heard);
  void count_duplicate(const Acknowledgement& heard, bool same_window);
  void arm_tail_probe(Instant now);
  void probe_tail(Instant now);
  bool timed_out(Instant now);

  Wire& wire_;
  Fifo<std::uint8_t> octets_;  ///< from oldest_ on: on the way, then unsent
  std::uint32_t oldest_;       ///< SND.UNA
  std::uint32_t next_;         ///< SND.NXT
  bool finish_wanted_ = false;
  bool finish_acknowledged_ = false;
  TcpFlight flight_;
  TcpRoundTrip round_trip_;

  std::size_t segment_ = 536;
  bool ranges_ = false;
  std::size_t window_ = 0;             ///< SND.WND
  std::size_t largest_window_ = 0;     ///< RFC 5961 5, and 9293 3.8.6.2.1
  std::uint32_t window_sequence_ = 0;  ///< SND.WL1
  std::uint32_t window_number_ = 0;    ///< SND.WL2
  std::size_t allowance_ = SIZE_MAX;   ///< limits what is under way after a timeout
  unsigned duplicates_ = 0;
  std::uint32_t recover_until_ = 0;  ///< RFC 6582, without ranges

  Instant waits_from_{};   ///< when the retransmission timer, or that of a probe, was started
  unsigned attempts_ = 0;  ///< expirations since the last progress
  unsigned unheard_ = 0;   ///< expirations since the peer was last heard
  bool probing_ = false;
  std::optional<Instant> look_again_{};
  std::optional<Instant> tail_probe_{};
};

}  // namespace provlab::world
