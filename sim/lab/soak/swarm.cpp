// One Draw makes all choices, in the order in which this file asks for them: another question in
// between changes what every seed makes. choose() decides which features the scenario has at all;
// then device, world, responders, timeline and expectation are written in the order of the
// language. Faults of responders and losses have `until` the moment of healing, and the timeline
// has all accidents before it, so that the second phase is in order without further ado.
#include "sim/lab/soak/swarm.hpp"

#include <fmt/format.h>

#include <optional>
#include <pugixml.hpp>

#include "sim/lab/markup/scenario_text.hpp"
#include "sim/lab/soak/draw.hpp"
#include "sim/lab/soak/swarm_documents.hpp"
#include "sim/lab/soak/swarm_faults.hpp"
#include "sim/lab/soak/swarm_timeline.hpp"

namespace provlab::lab {

namespace {

using pugi::xml_node;
using namespace std::chrono_literals;

/// The time that all time servers have at the start.
constexpr const char* kClock = "2026-03-01T08:00:00Z";

/// How long the first phase may last.
constexpr Duration kHealed[] = {40s, 75s, 100s, 150s, 200s, 330s};

constexpr const char* kSequences[] = {
    "dhcp, multicast+redirect, configured",  "dhcp+redirect+multicast, configured",
    "redirect, multicast, dhcp, configured", "redirect+multicast, dhcp, configured",
    "configured, dhcp, redirect+multicast",
};

/// Writes one scenario; a part of it draws only from the one `Draw`, in a fixed order.
class Swarm {
 public:
  Swarm(std::uint64_t seed, const std::string& name) : draw_(seed) {
    scenario_ = document_.append_child("scenario");
    put_attribute(scenario_, "name", name);
    put_attribute(scenario_, "seed", std::to_string(seed % 1'000'000));
    scenario_.append_child("about").text().set(
        fmt::format("Made by chance from the seed {}: faults, then all in order.", seed).c_str());
  }

  std::string write() {
    choose();
    device();
    world();
    responders();
    write_timeline(draw_, scenario_.append_child("timeline"), *documents_,
                   {healed_, own_url_, server(), redirect_, notified_});
    xml_node result = scenario_.append_child("expect").append_child("result");
    put_attribute(result, "run", "last");
    put_attribute(result, "is", "provisioned unchanged");
    put_attribute(result, "why", "all is in order again, so the phone must get its settings");
    return scenario_text(document_);
  }

 private:
  void choose() {
    healed_ = draw_.of(kHealed);
    type_ = draw_.one_in(4) ? DeviceType::d100 : DeviceType::d200;
    constexpr Release kReleases[] = {Release::r2_2A, Release::r2_2A, Release::r2_0C,
                                     Release::r1_10A};
    release_ = draw_.of(kReleases);
    do {
      dhcp_ = draw_.one_in(2);
      redirect_ = draw_.one_in(2);
      multicast_ = draw_.one_in(2);
      configured_ = draw_.one_in(4);
    } while (!dhcp_ && !redirect_ && !multicast_ && !configured_);
    several_ = multicast_ && draw_.one_in(4);
    tls_ = draw_.one_in(50);
    static_ = draw_.one_in(10);
    notified_ = draw_.one_in(3);
    // Some runs have hardly any fault: a phone gets deep only where things work.
    rarely_ = draw_.of({1U, 2U, 2U, 4U});
  }

  // The phone

  void device() {
    xml_node device = scenario_.append_child("device");
    put_attribute(device, "type", provlab::to_string(type_));
    put_attribute(device, "release", provlab::to_string(release_));
    if (static_) {
      put_attribute(device, "address", "192.0.2.50");
      put_attribute(device, "router", "router");
      put_attribute(device, "dns", "router");
      put(device, "/time/ntpServer", "192.0.2.1");
    }
    switched_off(device, "/provisioning/dhcp", dhcp_);
    switched_off(device, "/provisioning/redirect", redirect_);
    switched_off(device, "/provisioning/pbx", multicast_);
    if (notified_) {
      put(device, "/provisioning/sip/active", "true");
      const std::string list = release_ == Release::r2_2A ? "allowlist" : "whitelist";
      put(device, "/provisioning/sip/" + list + "/" + list + "Entry",
          draw_.one_in(8) ? "192.0.2.77" : "192.0.2.10");
    }
    // Never both: the run at that time could be the last one, and it would rightly do nothing.
    if (draw_.one_in(12)) {
      put(device, "/provisioning/active", "false");
    } else if (draw_.one_in(6)) {
      // The phone's clock is an hour ahead of UTC.
      put(device, "/provisioning/execution/time", fmt::format("09:0{}", draw_.between(1, 5)));
    }
    knobs(device);
  }

  static void put(xml_node device, std::string_view path, std::string_view value) {
    xml_node set = device.append_child("set");
    put_attribute(set, "path", path);
    put_attribute(set, "value", value);
  }
  void switched_off(xml_node device, std::string_view path, bool used) {
    if (!used && draw_.one_in(2)) put(device, path, "false");
  }

  void knobs(xml_node device) {
    const bool boot_is_trigger = !draw_.one_in(6);
    if (boot_is_trigger && !draw_.one_in(3) && !tls_) return;
    xml_node knobs = device.append_child("knobs");
    if (!boot_is_trigger) put_attribute(knobs, "on-boot", "never");
    if (draw_.one_in(6)) put_attribute(knobs, "arp-probe", "true");
    if (draw_.one_in(2)) put_attribute(knobs, "sequence", draw_.of(kSequences));
    if (draw_.one_in(3)) put_attribute(knobs, "manual", "sequence");
    if (draw_.one_in(3)) put_attribute(knobs, "on-download-failure", "next-source");
    if (draw_.one_in(3)) put_attribute(knobs, "on-reference-failure", "stop");
    if (draw_.one_in(4)) put_attribute(knobs, "option-43-text", "accept");
    if (draw_.one_in(4)) put_attribute(knobs, "notify-match", "event");
    if (draw_.one_in(4)) put_attribute(knobs, "content-length", "lenient");
    if (draw_.one_in(4)) put_attribute(knobs, "option-43", "last");
    if (draw_.one_in(4)) put_attribute(knobs, "option-66-scheme", "https-then-http");
    if (draw_.one_in(4)) put_attribute(knobs, "redirect-timeout", draw_.of({2s, 5s, 15s}));
    if (draw_.one_in(4)) put_attribute(knobs, "multicast-timeout", draw_.of({2s, 5s, 12s}));
    if (draw_.one_in(6)) put_attribute(knobs, "network-wait", draw_.of({15s, 40s, 100s}));
    if (draw_.one_in(6)) put_attribute(knobs, "time-wait", draw_.of({15s, 40s, 100s}));
    if (draw_.one_in(6)) put_attribute(knobs, "run-limit", draw_.of({20s, 60s, 120s}));
    if (draw_.one_in(6)) put_attribute(knobs, "connect-timeout", draw_.of({2s, 4s, 10s}));
    if (draw_.one_in(6)) put_attribute(knobs, "request-timeout", draw_.of({5s, 15s, 60s}));
  }

  // The network

  xml_node host(const char* id, const char* address, const char* name = nullptr) {
    xml_node host = world_.append_child("host");
    put_attribute(host, "id", id);
    put_attribute(host, "address", address);
    if (name != nullptr) put_attribute(host, "name", name);
    return host;
  }

  void world() {
    world_ = scenario_.append_child("world");
    xml_node link = world_.append_child("link");
    put_attribute(link, "latency", draw_.of({1ms, 1ms, 3ms, 20ms}));
    if (draw_.one_in(4)) put_attribute(link, "jitter", draw_.of({1ms, 5ms, 30ms}));
    host("router", "192.0.2.1");
    host("pbx", "192.0.2.10");
    if (several_) host("pbx2", "192.0.2.11");
    put_attribute(host("cloud", "198.51.100.7", "connect.redirect.auerswald.de"), "latency",
                  draw_.of({1ms, 20ms, 90ms}));
    put_attribute(host("prov", "198.51.100.10", "prov.server.com"), "latency",
                  draw_.of({1ms, 10ms, 60ms}));
    for (std::size_t left = draw_.below(3); left > 0; --left) {
      if (draw_.one_in(rarely_)) lose();
    }
  }

  void lose() {
    xml_node lose = world_.append_child("lose");
    const bool outward = draw_.one_in(2);
    put_attribute(lose, outward ? "from" : "to", "device");
    put_attribute(lose, outward ? "to" : "from", draw_.of({"router", "pbx", "cloud", "prov"}));
    if (draw_.one_in(2)) {
      put_attribute(lose, "nth", window(1));
    } else {
      put_attribute(lose, "every", std::to_string(draw_.between(2, 5)));
    }
    put_attribute(lose, "until", healed_);
  }

  std::string window(std::size_t first) {
    const std::size_t begin = first + draw_.below(3);
    const std::size_t end = begin + draw_.of({0, 0, 1, 4});
    return begin == end ? std::to_string(begin) : fmt::format("{}..{}", begin, end);
  }

  // The servers

  xml_node responder(const char* kind, const char* at) {
    xml_node responder = responders_.append_child(kind);
    put_attribute(responder, "host", at);
    return responder;
  }

  /// Rules for the first phase, each for other requests than the ones before.
  void spoil(xml_node responder) {
    std::size_t next = 1;
    for (std::size_t left = draw_.below(3); left > 0; --left) {
      if (!draw_.one_in(rarely_)) continue;
      const SwarmFault& fault = draw_fault(draw_, responder.name());
      xml_node on = responder.append_child("on");
      if (!fault.request.empty()) put_attribute(on, "request", fault.request);
      const bool last = left == 1;
      if (last && draw_.one_in(3)) {
        if (draw_.one_in(2)) put_attribute(on, "every", std::to_string(draw_.between(2, 3)));
      } else {
        put_attribute(on, "nth", window(next));
        next += 8;
      }
      put_attribute(on, "until", healed_);
      on.append_buffer(fault.does.data(), fault.does.size(),
                       pugi::parse_default | pugi::parse_ws_pcdata_single);
    }
  }

  std::string server() const { return tls_ ? "https://prov.server.com" : "http://prov.server.com"; }

  std::string draw_url() {
    return server() + documents_->add() +
           std::string(draw_.of({"", "", "?mac=<MACADR>", "?type={type}"}));
  }

  void responders() {
    responders_ = scenario_.append_child("responders");
    xml_node dhcp = responder("dhcp", "router");
    xml_node dns = responder("dns", "router");
    xml_node ntp = responder("ntp", "router");
    put_attribute(ntp, "clock", kClock);
    // The files first: others refer to them. Order among responders means nothing.
    xml_node http = responder("http", "prov");
    if (tls_) {
      put_attribute(http, "tls", "valid");
    } else if (draw_.one_in(8)) {
      put_attribute(http, "keep-alive", "false");
    }
    documents_.emplace(draw_, http, server(), type_, release_);
    if (dhcp_) assign(dhcp);
    if (draw_.one_in(8)) put_attribute(dhcp, "lease", draw_.of({90s, 140s, 600s}));
    if (redirect_) {
      xml_node redirect = responder("redirect", "cloud");
      xml_node assign = redirect.append_child("assign");
      put_attribute(assign, "url", draw_url());
      if (draw_.one_in(3)) put_attribute(assign, "status", draw_.of({"301", "302", "307"}));
      spoil(redirect);
    }
    if (multicast_) notify("pbx");
    if (several_) notify("pbx2");
    if (configured_) {
      own_url_ = draw_url();
      put_before_knobs("/provisioning/url", own_url_);
    }
    for (xml_node each : {dhcp, dns, ntp, http}) spoil(each);
  }

  void put_before_knobs(std::string_view path, std::string_view value) {
    xml_node device = scenario_.child("device");
    xml_node knobs = device.child("knobs");
    xml_node set = knobs ? device.insert_child_before("set", knobs) : device.append_child("set");
    put_attribute(set, "path", path);
    put_attribute(set, "value", value);
  }

  /// A URL in the options of a DHCP server, in one of the ways of SPEC 3.
  void assign(xml_node dhcp) {
    const auto option = [&](unsigned code, const char* form, std::string_view value) {
      xml_node made = dhcp.append_child("option");
      put_attribute(made, "code", std::to_string(code));
      put_attribute(made, form, value);
    };
    const std::string url = draw_url();
    const std::size_t path = url.find('/', 8);
    switch (draw_.below(5)) {
      case 0:
        return option(66, "text", url);
      case 1:
        option(66, "text", url.substr(0, path));
        return option(67, "text", url.substr(path));
      case 2:
        return option(67, "text", url);
      case 3: {
        std::string hex = fmt::format("42:{:02x}", url.size());
        for (const char c : url) hex += fmt::format(":{:02x}", static_cast<unsigned char>(c));
        return option(43, "hex", hex);
      }
      default:
        option(66, "text", url.substr(0, path));
        put_attribute(dhcp, "file", url.substr(path + 1));
    }
  }

  void notify(const char* at) {
    xml_node multicast = responder("multicast", at);
    if (draw_.one_in(4)) put_attribute(multicast, "ok", draw_.of({"last", "never"}));
    if (draw_.one_in(3)) put_attribute(multicast, "unswapped", "true");
    put_attribute(multicast.append_child("notify"), "url", draw_url());
    spoil(multicast);
  }

  Draw draw_;
  pugi::xml_document document_;
  xml_node scenario_;
  xml_node world_;
  xml_node responders_;
  std::optional<SwarmDocuments> documents_;
  Duration healed_{};
  DeviceType type_ = DeviceType::d200;
  Release release_ = Release::r2_2A;
  bool dhcp_ = false;
  bool redirect_ = false;
  bool multicast_ = false;
  bool configured_ = false;
  bool several_ = false;  ///< multicast responders
  bool tls_ = false;
  bool static_ = false;    ///< the phone's address
  bool notified_ = false;  ///< check-syncs are taken
  std::size_t rarely_ = 1;
  std::string own_url_;
};

}  // namespace

std::string swarm_scenario(std::uint64_t seed, const std::string& name) {
  return Swarm(seed, name).write();
}

}  // namespace provlab::lab
