#pragma once
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/address.hpp"
#include "core/platform/error.hpp"
#include "core/platform/event_recorder.hpp"
#include "core/platform/task.hpp"
#include "core/platform/time.hpp"
#include "core/platform/unique_function.hpp"

/// What a phone, or a responder, needs of the world it stands in. The virtual world (sim/world)
/// implements it; the real network is to be reached through a port of that same world.
///
/// Rules that hold for every asynchronous operation here:
///  1. A start_… call never calls its handler before it returns; the handler runs on context().
///  2. Each handler is called exactly once, or destroyed uncalled when its world ends.
///  3. cancel() makes the handler run soon with operation_aborted; on a finished operation it does
///     nothing. Destroying a socket cancels what is pending on it.
///  4. Coroutines use the awaitable forms of core/platform/async.hpp instead of start_….
namespace provlab {

/// A pending operation of a Host; a default-constructed one names none.
struct OperationId {
  std::uint32_t slot = 0xffffffffU;
  std::uint32_t generation = 0;
};

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

inline BytesView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Datagram {
  Endpoint from;
  Endpoint to;  ///< the destination address on the wire: own, broadcast or group
  Bytes payload;
};

using WaitHandler = UniqueFunction<void(error_code)>;
using ReceiveHandler = UniqueFunction<void(error_code, Datagram)>;

struct UdpOptions {
  Port port = 0;                      ///< 0: an ephemeral port of the host's choice
  bool broadcast = false;             ///< may send to broadcast addresses
  std::vector<Ipv4Address> groups{};  ///< multicast groups to join
  unsigned multicast_ttl = 1;
};

/// A UDP socket, closed by its destructor. Receives what arrives for its port by unicast, by
/// broadcast and for the groups it joined; up to 64 datagrams wait, later ones are dropped.
class UdpSocket {
 public:
  virtual ~UdpSocket() = default;
  virtual Endpoint local() const = 0;
  /// Never blocks. Fails where the host has no address, no route, or the payload is over 65,507
  /// octets; a datagram that gets lost later is no failure.
  virtual Expected<void> send(Endpoint to, BytesView payload) = 0;
  /// Like send(), but as if it came from another machine: for what a laboratory does on purpose.
  virtual Expected<void> send_as(Endpoint from, Endpoint to, BytesView payload);
  /// Handler gets timed_out at `deadline` if nothing came; one receive may be pending at a time.
  virtual OperationId start_receive(std::optional<Instant> deadline, ReceiveHandler handler) = 0;
};

inline Expected<void> UdpSocket::send_as(Endpoint, Endpoint, BytesView) {
  return fail("this world cannot send under another address; use the virtual one");
}

/// A UDP datagram with the link addresses around it, for an interface that has no address yet.
struct LinkDatagram {
  MacAddress source;
  MacAddress destination;
  Endpoint from;
  Endpoint to;
  Bytes payload;
};
using LinkReceiveHandler = UniqueFunction<void(error_code, LinkDatagram)>;

/// What a link socket is woken for. All else is dropped unseen, as a filter in the kernel drops it.
/// What is too short to have the octets passes: its reader says what is wrong with it.
struct LinkFilter {
  struct Octets {
    std::size_t at;  ///< in the UDP payload
    Bytes are;
  };
  Port port = 0;  ///< UDP destination port
  std::vector<Octets> octets{};
  bool passes(BytesView payload) const;
};

/// Sends and receives UDP in frames of its own making, below the host's address configuration: what
/// DHCP needs (RFC 2131 4.1). Receives every frame to the interface's MAC address or to a group
/// that its filter lets pass, whatever the IP destination.
class LinkSocket {
 public:
  virtual ~LinkSocket() = default;
  virtual Expected<void> send(const LinkDatagram& datagram) = 0;  ///< source MAC is filled in
  virtual OperationId start_receive(std::optional<Instant> deadline,
                                    LinkReceiveHandler handler) = 0;
};

/// One end of a TCP connection, on the side that accepted it or on the one that opened it. See
/// core/platform/stream.hpp for the Asio stream over it.
class StreamSocket {
 public:
  using TransferHandler = UniqueFunction<void(error_code, std::size_t)>;
  virtual ~StreamSocket() = default;  ///< closes, as close()
  virtual Endpoint local() const = 0;
  virtual Endpoint remote() const = 0;
  /// Like async_read_some: eof after the peer's FIN, connection_reset after its RST; a zero-length
  /// buffer succeeds at once. One read and one write may be pending at a time.
  virtual OperationId start_read(asio::mutable_buffer buffer, TransferHandler handler) = 0;
  virtual OperationId start_write(asio::const_buffer buffer, TransferHandler handler) = 0;
  virtual void shutdown_send() = 0;  ///< FIN after what was written
  virtual void close() = 0;          ///< FIN after what was written; nothing more is read
  virtual void reset() = 0;          ///< RST at once; what was not yet sent is lost
};

using ConnectHandler = UniqueFunction<void(error_code, std::unique_ptr<StreamSocket>)>;

class StreamAcceptor {
 public:
  using AcceptHandler = UniqueFunction<void(error_code, std::unique_ptr<StreamSocket>)>;
  virtual ~StreamAcceptor() = default;
  virtual OperationId start_accept(AcceptHandler handler) = 0;
};

struct ListenOptions {
  Port port = 0;
  Duration syn_ack_delay{};  ///< how long the host waits before it answers a SYN
  bool silent = false;       ///< SYNs are not answered at all
};

/// The sockets libcurl's multi-socket interface works on. The numbers are descriptors to libcurl
/// only; the world decides what they are. Every call into libcurl stands inside a Scope.
class TransferSockets {
 public:
  class Observer {
   public:
    virtual void on_ready(int socket, bool readable, bool writable) = 0;

   protected:
    ~Observer() = default;
  };
  class Scope {
   public:
    explicit Scope(TransferSockets& sockets) : sockets_(sockets) { sockets_.enter(); }
    ~Scope() { sockets_.leave(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    TransferSockets& sockets_;
  };

  virtual ~TransferSockets() = default;
  /// A TCP socket that libcurl will connect to `remote`, or -1 when there is none to be had.
  virtual int open(Endpoint remote) = 0;
  virtual void close(int socket) = 0;
  /// From now on tell `observer` when the socket can be read or written; both false ends it. The
  /// observer is never called inside a Scope and must outlive the watch.
  virtual void watch(int socket, bool read, bool write, Observer& observer) = 0;

 private:
  friend class Scope;
  virtual void enter() = 0;
  virtual void leave() = 0;
};

/// Named pieces of state that survive power loss (SPEC 1.3).
class Storage {
 public:
  virtual ~Storage() = default;
  /// The content, or nothing where no piece of that name exists.
  virtual Expected<std::optional<std::string>> read(std::string_view name) = 0;
  /// Atomic and durable: after a power cut at any instant the old or the new content is there
  /// whole.
  virtual Expected<void> replace(std::string_view name, std::string_view content) = 0;
  virtual Expected<void> remove(std::string_view name) = 0;
  /// Gives a piece another name, whatever it holds, in place of the piece that has it; as atomic
  /// and durable as replace().
  virtual Expected<void> rename(std::string_view name, std::string_view to) = 0;
};

/// Random numbers that are the same on every machine for the same seed (no std distributions).
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  /// Uniform in [0, bound); bound must not be 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high].
  Duration between(Duration low, Duration high);
};

/// Gets who has the address, or the error.
using ProbeHandler = UniqueFunction<void(error_code, MacAddress)>;

/// How an interface is set up; name servers are the resolver's business.
struct InterfaceConfiguration {
  InterfaceAddress address;
  std::optional<Ipv4Address> router;
  friend bool operator==(const InterfaceConfiguration&, const InterfaceConfiguration&) = default;
};

/// A machine with one Ethernet interface. Owned by its world; outlives everything opened on it.
class Host {
 public:
  virtual ~Host() = default;

  virtual asio::io_context& context() = 0;
  Executor executor() { return context().get_executor(); }
  virtual MacAddress mac() const = 0;

  virtual Instant now() const = 0;
  virtual OperationId start_timer(Instant deadline, WaitHandler handler) = 0;
  virtual void cancel(OperationId operation) noexcept = 0;

  /// Sets the interface's address and default router, in place of what was set before.
  virtual void configure(const InterfaceConfiguration& configuration) = 0;
  /// Takes the address away; open sockets stay open but cannot send.
  virtual void deconfigure() = 0;
  virtual std::optional<InterfaceConfiguration> configuration() const = 0;
  /// Whether the cable is in.
  virtual bool link_up() const = 0;
  /// Handler runs when the cable has next gone out or in; it gets timed_out at `deadline`, if there
  /// is one, where nothing has happened.
  virtual OperationId start_link_wait(std::optional<Instant> deadline, WaitHandler handler) = 0;

  /// Asks the link by one ARP probe, sent from no address, whether another host has `address`
  /// (RFC 5227 2.1.1), and listens until `deadline`: then the handler gets timed_out. The own
  /// interface does not answer.
  virtual OperationId start_address_probe(Ipv4Address address, Instant deadline,
                                          ProbeHandler handler) = 0;

  virtual Expected<std::unique_ptr<UdpSocket>> open_udp(const UdpOptions& options) = 0;
  virtual Expected<std::unique_ptr<LinkSocket>> open_link(LinkFilter filter) = 0;
  virtual Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions& options) = 0;
  /// Opens a TCP connection. The handler gets it once it stands; else connection_refused, another
  /// error, or timed_out at `deadline`, and nothing of the attempt stays.
  virtual OperationId start_connect(Endpoint remote, Instant deadline, ConnectHandler handler) = 0;
  virtual TransferSockets& transfer_sockets() = 0;
  virtual Storage& storage() = 0;
  virtual Random& random() = 0;

  /// Where what happens is taken down.
  virtual EventRecorder& trace() = 0;
  virtual HostId id() const = 0;
  template <TraceEvent E>
  EventNumber record(const E& event) {
    return trace().record(id(), now(), event);
  }
};

}  // namespace provlab
