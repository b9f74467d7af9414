#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/net/dhcp_message.hpp"
#include "core/platform/task_group.hpp"
#include "core/platform/tether.hpp"

namespace provlab::net {

/// A DHCP message from a server, and where it came from.
struct DhcpReply {
  DhcpMessage message;
  Ipv4Address server;  ///< option 54, once it is admitted
  Endpoint from;
  std::vector<OptionLeftOut> left_out;
};

/// Records that a message is ignored (SPEC 2.6); gives the reason back as an error.
std::unexpected<Error> ignore_dhcp(Host& host, std::string reason, std::optional<DhcpType> message,
                                   Endpoint from);

/// Records the options that are left out of a message; one that is malformed has no type.
void record_left_out(Host& host, const std::vector<OptionLeftOut>& left_out,
                     std::optional<DhcpType> message, Endpoint from);

/// Reads a datagram that arrived on the client's port. Ignored is what is malformed, from another
/// client or for another client.
Expected<DhcpReply> read_dhcp_reply(Host& host, MacAddress own, Endpoint from, BytesView payload);

/// Records a reply to the transaction `xid` as received, with what is left out of it, and sets its
/// server. Ignored is one of another transaction, or one that does not say from which server it is.
Expected<void> admit_dhcp_reply(Host& host, std::uint32_t xid, DhcpReply& reply);

/// The DHCP client's UDP port on a host that has an address. It is open as long as there are
/// exchanges; renewing a lease and DHCPINFORM may share it, told apart by transaction id.
class DhcpPort {
  struct State;

 public:
  /// One transaction. Keeps the port open; ends with its destructor.
  class Exchange {
   public:
    Exchange(std::shared_ptr<State> port, std::uint32_t xid);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    std::uint32_t xid() const { return xid_; }
    Expected<void> send(Endpoint to, const DhcpMessage& message);
    /// The next reply to this transaction, or nothing once `deadline` has passed or interrupt() was
    /// called meanwhile.
    Task<std::optional<DhcpReply>> next(Instant deadline);
    void interrupt();

   private:
    friend class DhcpPort;
    std::shared_ptr<State> port_;
    std::uint32_t xid_;
    std::deque<DhcpReply> replies_;
    bool interrupted_ = false;
    Notifier arrived_;
  };

  DhcpPort(Host& host, MacAddress own);
  DhcpPort(const DhcpPort&) = delete;
  DhcpPort& operator=(const DhcpPort&) = delete;

  /// Opens the port if need be and starts an exchange with a transaction id of its own.
  Expected<std::unique_ptr<Exchange>> start();

 private:
  /// Shared with the exchanges: a task may unwind after its client is gone.
  struct State {
    Host& host;
    MacAddress own;
    std::unique_ptr<UdpSocket> socket{};
    Tether arrival{};  // what is on its way when the socket closes arrives nowhere
    std::vector<Exchange*> exchanges{};

    void receive();
    void close();
    void deliver(const Datagram& datagram);
  };
  std::shared_ptr<State> state_;
};

}  // namespace provlab::net
