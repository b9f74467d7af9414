#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/responder_kinds.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

/// A whole phone on a network of well-behaved responders: router (DHCP, DNS, NTP), pbx (multicast),
/// cloud (redirect) and prov (HTTP), as in the reference scenario. A test changes the
/// configurations, calls start() and reads the trace.
namespace provlab::test {

using namespace std::chrono_literals;

inline const std::string kPatch =
    "<configuration><telephony><callWaiting><active>true</active></callWaiting></telephony>"
    "</configuration>";

inline std::string patch_brightness(unsigned value) {
  return "<configuration><userInterface><display><brightness>" + std::to_string(value) +
         "</brightness></display></userInterface></configuration>";
}

inline std::string reference(const std::vector<std::string>& urls) {
  std::string text = "<referencedSettings>";
  for (const std::string& url : urls) text += "<url>" + url + "</url>";
  return text + "</referencedSettings>";
}

class PhoneLab {
 public:
  explicit PhoneLab(std::uint64_t seed = 7);

  /// Starts the responders that are wanted and creates the phone; the power is still off.
  void start();
  void boot() {
    start();
    phone->power_on();
  }
  void cut_power() {
    phone->power_off();
    device.set_power(false);
  }
  void run_until(Duration since_start) { world.run_until(Instant(since_start)); }
  /// Runs until `runs` runs have ended, or `limit`; returns whether they have.
  bool run_until_ended(unsigned runs = 1, Duration limit = 20min);

  void file(std::string path, std::string body);
  void file(std::string path, unsigned status);

  std::vector<TraceRecord> events(std::string_view name);
  unsigned count(std::string_view name) { return static_cast<unsigned>(events(name).size()); }
  /// Field of the nth event of that name, from 0; empty where there is none.
  std::string field(std::string_view name, std::string_view key, std::size_t nth = 0);
  std::string result(std::size_t run = 0) { return field("run_ended", "result", run); }
  std::string sentence(std::size_t run = 0) { return field("run_ended", "sentence", run); }
  /// Targets asked of the web server, in order.
  std::vector<std::string> requested();
  std::string setting(std::string_view path) { return phone->configuration().text(path); }
  /// Packets that the device has sent from `since` on.
  unsigned packets_sent(Instant since);

  world::World world;
  world::VirtualHost& device;
  world::VirtualHost& router;
  world::VirtualHost& pbx;
  world::VirtualHost& cloud;
  world::VirtualHost& prov;

  phone::PhoneOptions options;
  netfakes::DhcpConfig dhcp;
  netfakes::DnsConfig dns;
  netfakes::NtpConfig ntp;
  netfakes::RedirectConfig redirect;
  netfakes::MulticastConfig multicast;
  netfakes::HttpConfig http;
  bool with_dhcp = true;
  bool with_ntp = true;
  bool with_redirect = true;
  bool with_multicast = true;

  std::unique_ptr<phone::Phone> phone;

 private:
  template <class Config>
  void serve(Host& host, const Config& config) {
    serve(netfakes::make_responder(host, std::make_shared<const Config>(config)));
  }
  void serve(std::unique_ptr<netfakes::Responder> responder);

  std::vector<std::unique_ptr<netfakes::Responder>> responders_;
};

}  // namespace provlab::test
