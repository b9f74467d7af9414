#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/discovery/staged_search.hpp"
#include "core/net/dhcp_client.hpp"
#include "core/net/http_client.hpp"
#include "core/net/sip_endpoint.hpp"
#include "core/platform/task_group.hpp"
#include "sim/world/world.hpp"

/// A device with an address, its SIP port and its HTTP client, and peers that say exactly what a
/// test has written down. Every packet takes one millisecond.
namespace provlab::test {

using namespace std::chrono_literals;

inline constexpr Ipv4Address kDeviceAddress = Ipv4Address::of(192, 0, 2, 100);
inline constexpr Endpoint kDeviceSip{kDeviceAddress, 5060};

inline constexpr Instant at(Duration since_start) {
  return Instant(since_start);
}

/// The value of the first header of that name, or empty; the name as it is written there.
std::string header(std::string_view message, std::string_view name);

/// What a NOTIFY in answer to a SUBSCRIBE says, in the words of a published sipp scenario: From and
/// To unswapped, tags of its own, no line end after the URL.
struct NotifyText {
  std::string body = "http://prov.server.com/b.xml";
  std::string branch = "z9hG4bK-11707-1-2";
  std::string content_type = "application/url";
  std::string event = "ua-profile";
  std::string call_id{};  ///< empty: the SUBSCRIBE's
  std::string address = "192.0.2.10";
  std::string build(std::string_view subscribe) const;
};

std::string ok_text(std::string_view subscribe, std::string_view status = "200 OK");

/// A SIP peer on port 5060 and in the group 224.0.1.75: keeps what arrives and sends what it is
/// told.
class SipPeer {
 public:
  struct Arrival {
    Instant at;
    std::string text;
  };
  explicit SipPeer(world::VirtualHost& host);
  void send(std::string_view text, Endpoint to = kDeviceSip);
  /// `delay` after the first SUBSCRIBE sends what `make` makes of it.
  void after_subscribe(Duration delay, std::function<std::string(std::string_view)> make);
  void notify_after(Duration delay, NotifyText notify);

  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  /// When messages with this start line beginning arrived, or left where `latency` is their age.
  std::vector<Duration> times_of(std::string_view beginning) const;
  /// The first line of each arrival.
  std::vector<std::string> start_lines() const;

 private:
  void listen();
  struct Step {
    Duration delay;
    std::function<std::string(std::string_view)> make;
  };
  world::VirtualHost& host_;
  std::unique_ptr<UdpSocket> socket_;
  std::vector<Arrival> arrivals_;
  std::vector<Step> steps_;
};

/// An HTTP server of one raw answer.
class HttpPeer {
 public:
  explicit HttpPeer(world::VirtualHost& host);
  /// Without an answer it stays silent.
  void answer(Duration after, std::string raw);
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  struct Connection;
  void accept();
  void read(std::shared_ptr<Connection> connection);
  world::VirtualHost& host_;
  std::unique_ptr<StreamAcceptor> acceptor_;
  std::optional<std::pair<Duration, std::string>> answer_;
  std::vector<std::string> requests_;
};

std::string redirect_text(std::string_view location, std::string_view status = "302 Found");
std::string plain_text(std::string_view body, std::string_view type = "text/plain");

class DiscoveryLab {
 public:
  explicit DiscoveryLab(std::uint64_t seed = 7);

  /// Starts a search with the sources that `settings` allow; its end is in outcome.
  void search(discovery::SourceSettings settings = {});
  /// Starts the search and runs until it has ended, at most `limit`.
  std::optional<discovery::FoundUrl> find(discovery::SourceSettings settings = {},
                                          Duration limit = 60s);
  void run_until(Duration since_start) { world.run_until(at(since_start)); }

  /// The discovery events, each as its name and its fields' values.
  std::vector<std::string> story();
  std::vector<TraceRecord> events(std::string_view name);
  /// The packets that the device sent after `since`, but for those that only refuse or close.
  std::vector<std::string> packets_after(Duration since);

  world::World world;
  world::VirtualHost& device;
  world::VirtualHost& pbx;
  world::VirtualHost& cloud;
  DeviceIdentity identity;
  discovery::DiscoveryOptions options;  ///< redirect and multicast, as one stage
  Instant deadline = kNever;            ///< of the search
  net::Resolver resolver;
  net::DeviceClock clock;
  net::HttpClient http;
  net::DhcpClient dhcp;
  net::SipEndpoint sip;
  SipPeer responder;
  HttpPeer redirect;
  TaskGroup tasks;
  std::unique_ptr<discovery::StagedSearch> staged;
  struct Outcome {
    bool ended = false;
    std::optional<discovery::FoundUrl> found;
    Instant at;
  } outcome;

 private:
  static Task<> drive(DiscoveryLab& lab, discovery::SourceSettings settings);
};

}  // namespace provlab::test
