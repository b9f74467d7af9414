#pragma once
#include <memory>

#include "sim/world/network.hpp"
#include "sim/world/tcp_receiver.hpp"
#include "sim/world/tcp_sender.hpp"

namespace provlab::world {

/// What is left of a connection that ended its side first: enough to acknowledge a repeated FIN
/// (RFC 9293 3.6.1).
struct TimeWait {
  std::uint32_t next;                   ///< SND.NXT
  std::uint32_t expected;               ///< RCV.NXT
  std::optional<std::uint32_t> recent;  ///< TS.Recent, where both sides stamp
  std::uint32_t clock;                  ///< the first of our timestamps
  Instant until{};
};

/// What timestamps count (RFC 7323 5.4): 2^20 ns, a little more than a millisecond.
inline constexpr Duration kTimestampTick{1 << 20};
inline std::uint32_t timestamp_ticks(Instant now) {
  return static_cast<std::uint32_t>(now.time_since_epoch() / kTimestampTick);
}

/// One end of a TCP connection (RFC 9293), fit to meet other systems: windows with their probes,
/// window scaling and timestamps (RFC 7323), selective acknowledgement (RFC 2018, 2883), loss found
/// as RFC 8985 does, answers to blind resets and half-open connections (RFC 5961), keep-alive where
/// the keeper asks for it (RFC 1122 4.2.3.6). Not modelled: congestion control (see TcpSender),
/// urgent data, simultaneous open by two listeners, ECN.
///  1. Its keeper owns it until it ends, and its user as long as there is something to
///  read.
///  2. The user hears of each change from the event loop, never from within a call that it makes;
///  reset() alone tells at once.
///  3. send() takes what has room in the buffer; what was taken arrives, or the connection ends
///  with an error().
///  4. After close() the user hears nothing more. What was sent still arrives; octets that come
///  later are answered by RST, and so is the peer at once where octets were left unread. A peer
///  that then never ends its side is forgotten after a minute.
///  5. Where the power goes, the connection vanishes without a packet.
///  6. To a group, or where the host's table knows no way, it ends with network_unreachable before
///  a SYN leaves; where nobody on the link answers for three seconds, with host_unreachable, as
///  Linux gives up asking for a link address.
class TcpConnection final : public std::enable_shared_from_this<TcpConnection>,
                            private TcpSender::Wire {
 public:
  /// Told, from the event loop, that the connection has changed: look at its state.
  class User {
   public:
    virtual void on_tcp_change() = 0;

   protected:
    ~User() = default;
  };
  /// Its host, which owns it until forget().
  class Keeper {
   public:
    virtual Loop& loop() = 0;
    virtual void send(Packet&& packet) = 0;
    /// Answers RST (RFC 9293 3.5.2), but never to a RST.
    virtual void refuse(const Packet& packet) = 0;
    /// Why no SYN can leave for `remote`; none where one can.
    virtual error_code obstacle(Ipv4Address remote) const = 0;
    /// Whether nobody on the link takes what is for `remote`.
    virtual bool asks_in_vain(Ipv4Address remote) const = 0;
    /// A connection of a listener's stands.
    virtual void offer(const std::shared_ptr<TcpConnection>& connection) = 0;
    virtual void forget(const TcpConnection& connection, bool half_open) = 0;
    /// Keeps `wait` in place of the connection for the time of TIME-WAIT.
    virtual void wait_out(const TcpConnection& connection, TimeWait wait) = 0;

   protected:
    ~Keeper() = default;
  };
  static constexpr std::uint16_t kSegment = 1460;  ///< RFC 9293 3.7.1: 1500 − 20 − 20

  /// Of RFC 9293 3.3.2. What follows ESTABLISHED is told by which FINs were sent, acknowledged and
  /// received; TIME-WAIT is with the keeper.
  enum class State { syn_sent, syn_received, established, closed };

  TcpConnection(Keeper& keeper, Endpoint local, Endpoint remote, std::uint32_t first_sequence,
                std::uint32_t first_timestamp);

  void set_user(User* user) { user_ = user; }
  State state() const { return state_; }
  /// Why the connection ended: refused, reset, timed out; none after an orderly end.
  error_code error() const { return error_; }
  Endpoint local() const { return local_; }
  Endpoint remote() const { return remote_; }

  void connect();  ///< sends the SYN
  void accept_syn(const Packet& syn, Duration syn_ack_delay);
  std::size_t send(BytesView data);  ///< how much was taken, 0 when the buffer is full
  bool can_send() const;
  void shutdown_send();
  /// Copies out up to `size` octets; `peek` leaves them.
  std::size_t read(std::uint8_t* data, std::size_t size, bool peek = false);
  bool has_data() const { return receiver_.size() > 0; }
  /// The peer has ended its side and everything before that was read.
  bool at_end() const { return receiver_.finished() && !has_data(); }
  bool readable() const { return has_data() || at_end() || error_; }
  void close();  ///< orderly; what arrives later is answered by RST
  void reset();
  /// Power is off: forgets everything without a packet.
  void vanish();

  void receive(Packet& packet);
  /// To be called every kKeepAliveGap at most: asks a peer that was not heard for kIdle, and that
  /// owes nothing, whether it is still there; after kKeepAliveProbes in vain it is not (as Linux).
  void look_for_peer();
  static constexpr Duration kIdle = std::chrono::hours(2);
  static constexpr Duration kKeepAliveGap = std::chrono::seconds(75);
  static constexpr unsigned kKeepAliveProbes = 9;

 private:
  // Sending
  Packet segment(TcpFlags flags, std::uint32_t sequence);
  void transmit(Packet&& packet);
  void put_options(Packet& packet);
  void send_octets(std::uint32_t sequence, BytesView octets, bool last) override;
  void send_finish(std::uint32_t sequence) override;
  void send_probe(std::uint32_t sequence) override;
  void send_syn();
  void send_ack();
  void want_ack();
  /// An acknowledgement of what is not acceptable, not too often (RFC 5961 7).
  void challenge();
  // Receiving, in the order of RFC 9293 3.10.7
  void answer_to_syn(const Packet& packet);
  void take_syn(const Packet& packet);
  bool synchronized(Packet& packet);
  bool acceptable(const Packet& packet);
  bool repeats_syn(const Packet& packet) const;
  void on_reset(const Packet& packet);
  bool handshake_done(const Packet& packet);
  bool take_acknowledgement(const Packet& packet);
  void take_payload(const Packet& packet);
  void become_established(const Packet& packet);
  std::size_t window_of(const Packet& packet) const;  ///< scaled (RFC 7323 2.3)
  /// How long ago the timestamp that it echoes was sent.
  std::optional<Duration> echoed(const Packet& packet) const;
  // Timers
  std::uint32_t clock() const { return first_timestamp_ + timestamp_ticks(loop_.now()); }
  void arm();
  void arm_syn(Duration wait);
  void timer_due();
  void syn_due();
  // The end
  void end(error_code error);
  void tell_user();
  void finish_if_done();

  Keeper& keeper_;
  Loop& loop_;
  User* user_ = nullptr;
  State state_ = State::closed;
  error_code error_;
  Endpoint local_;
  Endpoint remote_;

  std::uint32_t first_sequence_;  ///< ISS
  TcpSender sender_;
  TcpReceiver receiver_;
  bool passive_ = false;      ///< came from a listener
  bool ended_first_ = false;  ///< our FIN was sent before the peer's arrived
  bool discard_ = false;      ///< closed by the user

  // What both SYNs agree on
  TcpOptions peer_options_;
  bool timestamps_ = false;
  std::uint32_t first_timestamp_;
  std::uint32_t recent_ = 0;  ///< TS.Recent (RFC 7323 4.3)
  Instant recent_at_{};
  std::uint32_t last_acknowledged_ = 0;  ///< Last.ACK.sent

  OperationId timer_;
  std::optional<Instant> armed_;
  OperationId acknowledgement_;
  OperationId linger_;
  unsigned syn_attempts_ = 0;
  Instant syn_at_{};
  std::optional<Instant> challenged_at_;
  Instant heard_at_{};
  unsigned keep_alives_ = 0;  ///< since then
};

}  // namespace provlab::world
