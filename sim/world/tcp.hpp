#pragma once
#include <deque>
#include <map>
#include <memory>

#include "sim/world/network.hpp"
#include "sim/world/random.hpp"

namespace provlab::world {

class TcpLayer;

/// a is before b in sequence space (RFC 9293 3.4).
struct SequenceOrder {
  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return static_cast<std::int32_t>(a - b) < 0;
  }
};

/// One end of a TCP connection (RFC 9293). Modelled: handshake, in-order delivery, acknowledgement,
/// retransmission (RFC 6298, and fast after three duplicates), the receiver's window, FIN both
/// ways, RST. Not modelled: congestion control, options but MSS, TIME_WAIT, urgent data,
/// keep-alive.
///  1. Its host's TcpLayer owns it until it ends, and its user as long as there is something to
///  read.
///  2. The user hears of each change from the event loop, never from within a call that it makes;
///  reset() alone tells at once.
///  3. send() takes what has room in the buffer; what was taken arrives, or the connection ends
///  with an error().
///  4. After close() the user hears nothing more. What was sent still arrives; octets that come
///  later are answered by RST, and so is the peer at once where octets were left unread.
///  5. Where the power goes, the connection vanishes without a packet.
///  6. To a group, or where the host's table knows no way, it ends with network_unreachable before
///  a SYN leaves; where nobody on the link answers for three seconds, with host_unreachable, as
///  Linux gives up asking for a link address.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  /// Told, from the event loop, that the connection has changed: look at its state.
  class User {
   public:
    virtual void on_tcp_change() = 0;

   protected:
    ~User() = default;
  };
  enum class State { syn_sent, syn_received, established, closed };

  TcpConnection(TcpLayer& layer, Endpoint local, Endpoint remote, std::uint32_t first_sequence);

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
  bool has_data() const { return received_.size() > read_offset_; }
  /// The peer has ended its side and everything before that was read.
  bool at_end() const { return peer_finished_ && !has_data(); }
  bool readable() const { return has_data() || at_end() || error_; }
  void close();  ///< orderly; what arrives later is answered by RST
  void reset();
  /// Power is off: forgets everything without a packet.
  void vanish();

  void receive(Packet& packet);

 private:
  Packet segment(TcpFlags flags, std::uint32_t sequence);
  void transmit(Packet packet);
  void send_syn();
  void output();
  void send_data(std::size_t offset, std::size_t length);
  void send_fin();
  void retransmit();
  void send_ack();
  void want_ack();
  void arm_retransmission();
  void retransmission_due();
  void handshake(const Packet& packet);
  void take_acknowledgement(const Packet& packet);
  void take_payload(Packet& packet);
  void take_in_order(BytesView data);
  void end(error_code error);
  void tell_user();
  void finish_if_done();
  std::uint16_t window() const;
  std::size_t unsent() const { return outgoing_.size() - sent_; }

  TcpLayer& layer_;
  Loop& loop_;
  User* user_ = nullptr;
  State state_ = State::closed;
  error_code error_;
  Endpoint local_;
  Endpoint remote_;

  std::uint32_t first_sequence_;
  std::uint32_t unacknowledged_;  ///< sequence number of outgoing_[0]
  std::uint32_t recover_until_;   ///< what was on the way when a loss was noticed
  Bytes outgoing_;                ///< sent and not acknowledged, then unsent
  std::size_t sent_ = 0;          ///< how much of outgoing_ has been sent
  bool finish_wanted_ = false;
  bool finish_sent_ = false;
  bool finish_acknowledged_ = false;
  std::uint32_t peer_window_ = 65535;
  unsigned duplicates_ = 0;  ///< duplicate acknowledgements in a row

  std::uint32_t expected_ = 0;  ///< next sequence number to receive
  Bytes received_;
  std::size_t read_offset_ = 0;
  std::map<std::uint32_t, Bytes, SequenceOrder> early_;  ///< out of order, by sequence number
  std::optional<std::uint32_t> peer_finish_at_;
  bool peer_finished_ = false;
  bool discard_ = false;  ///< closed by the user
  std::uint16_t advertised_ = 65535;

  OperationId retransmission_;
  OperationId acknowledgement_;
  Duration timeout_;
  unsigned attempts_ = 0;
  Instant syn_at_{};
};

struct TcpListener {
  ListenOptions options;
  OperationId acceptor;
  std::shared_ptr<TcpConnection> arriving;
  std::deque<std::shared_ptr<TcpConnection>> waiting;
  OperationId ready;
};

/// The connections and listeners of one host.
class TcpLayer {
 public:
  TcpLayer(Station& station, Network& network, std::uint64_t seed)
      : station_(station), network_(network), random_(seed) {}

  Loop& loop() { return network_.loop(); }
  /// From this host; where it has lost its address or route, nothing.
  void send(Packet packet);
  /// Why no SYN can leave for `remote`; none where one can.
  error_code obstacle(Ipv4Address remote) const;
  /// Whether nobody on the link takes what is for `remote`.
  bool asks_in_vain(Ipv4Address remote) const { return network_.asks_in_vain(station_, remote); }

  std::shared_ptr<TcpConnection> open(Endpoint remote);  ///< connect() sends the SYN
  /// As Host::start_connect().
  OperationId start_connect(Endpoint remote, Instant deadline, ConnectHandler handler);
  Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions& options);
  /// Gives the packet to its connection or listener; answers RST where there is none. Returns why
  /// it is dropped unread, or empty: RFC 9293 3.9.2, RFC 1122 4.2.3.10.
  std::string_view receive(Packet& packet);
  void forget(const TcpConnection& connection);
  void offer(const std::shared_ptr<TcpConnection>& connection);
  void close_listener(Port port, const TcpListener* listener);
  std::size_t open_sockets() const { return connections_.size() + listeners_.size(); }
  void vanish();
  void close_all();

 private:
  void refuse(const Packet& packet);
  struct Key {
    Port port;
    Endpoint remote;
    auto operator<=>(const Key&) const = default;
  };
  Station& station_;
  Network& network_;
  SeededRandom random_;
  std::map<Key, std::shared_ptr<TcpConnection>> connections_;
  std::map<Port, std::shared_ptr<TcpListener>> listeners_;
};

}  // namespace provlab::world
