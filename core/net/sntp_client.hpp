#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/net/device_clock.hpp"
#include "core/net/resolver.hpp"
#include "core/net/sntp_packet.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"

namespace provlab::net {

struct SntpOptions {
  Duration first_retry = std::chrono::seconds(1);  ///< doubled after each unanswered request …
  Duration last_retry = std::chrono::seconds(64);  ///< … up to this
  Duration poll_interval = std::chrono::seconds(1024);
};

/// SNTPv4 client (RFC 4330 5 and 8, SPEC 2.7).
///  1. Unsynchronised it asks at 0, 1, 3, 7, 15, 31, 63, 127 s and every 64 s from there, one
///  server
///     after another. Synchronised it polls.
///  2. A reply counts only as SPEC 2.7 says. Any other is traced with its reason.
///  3. The transmit timestamp of a request is a random number: it tells nothing of the clock and
///     cannot be guessed. The round trip is measured on the monotonic clock.
///  4. What a kiss-o'-death asks for holds for its sender's address as long as this lives, whatever
///     list or name leads to the address.
///  5. Of a name's addresses each try takes the next, in the order of the answer, those that have
///     denied left out; the one that set the clock is asked again until it fails.
///  6. Another list of servers starts the burst anew.
class SntpClient {
 public:
  SntpClient(Host& host, DeviceClock& clock, Resolver& resolver, SntpOptions options = {});

  /// The servers to ask: those of DHCP option 42, or where it gave none the one from the settings
  /// (a name or an address, may be empty).
  void set_servers(std::vector<Ipv4Address> from_dhcp, std::string from_settings);

  /// Until cancelled. Sets the clock with every accepted reply. Call it once.
  Task<> run();

  /// What is known to have gone wrong since the clock was set or the list changed, server by
  /// server: part of a sentence, empty where nothing is.
  std::string trouble() const;

 private:
  struct Server {
    std::string name;                    ///< as configured
    std::optional<Ipv4Address> address;  ///< absent: the name is to be resolved
    bool denied = false;                ///< not asked, a kiss-o'-death has forbidden it; no name is
    std::optional<Ipv4Address> good{};  ///< of a name: what set the clock, and has not failed since
    std::map<Ipv4Address, unsigned> tried{};  ///< of a name's addresses: the number of the last try
  };
  struct Trouble {
    std::string who;  ///< an address, or a name that has none
    std::string text;
  };
  /// What an address has asked for by kisses.
  struct Kissed {
    bool denied = false;
    unsigned slow_down = 1;
  };
  struct Request {
    std::size_t server = 0;  ///< index into servers_
    Endpoint address;
    NtpTimestamp transmit = 0;
    Instant sent_at{};
  };
  enum class Outcome { set, unanswered, servers_changed };

  Task<> synchronise();
  Task<Outcome> exchange(std::size_t server, Instant until);
  Task<Expected<Ipv4Address>> address_of(std::size_t server, Instant until);
  std::optional<Ipv4Address> next_address(Server& server,
                                          const std::vector<Ipv4Address>& addresses);
  Task<Outcome> await_reply(Request request, Instant until);
  std::optional<Outcome> judge(const Request& request, const Datagram& datagram);
  void obey_kiss(const Request& request, const SntpPacket& packet);
  void recall_kisses();
  void slow_down_for(Ipv4Address address);
  bool denied(Ipv4Address address) const;
  void set_clock(const Request& request, const SntpPacket& reply);
  void note_failure(const Server& server, const std::string& reason);
  void note_trouble(std::string who, std::string text);
  std::optional<std::size_t> pick_server();

  Host& host_;
  DeviceClock& clock_;
  Resolver& resolver_;
  SntpOptions options_;
  Notifier servers_changed_;
  std::unique_ptr<UdpSocket> socket_;  ///< open while an answer is awaited
  std::vector<Server> servers_;
  std::uint64_t generation_ = 0;  ///< of servers_
  std::map<Ipv4Address, Kissed> kissed_;
  std::size_t next_server_ = 0;
  unsigned tries_ = 0;             ///< of addresses that names have
  std::vector<Trouble> troubles_;  ///< one of each, the newest at the end
  unsigned slow_down_ = 1;         ///< factor on every interval; doubled by each RATE of the list
  bool synchronised_ = false;      ///< by a server of the present list
};

}  // namespace provlab::net
