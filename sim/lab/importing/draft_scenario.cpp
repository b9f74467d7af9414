#include "sim/lab/importing/draft_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/device_identity.hpp"
#include "sim/lab/importing/draft_device.hpp"
#include "sim/lab/importing/draft_losses.hpp"
#include "sim/lab/importing/draft_race.hpp"
#include "sim/lab/importing/draft_timeline.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kOfFactory = "192.168.0.200";

class ScenarioDraft {
 public:
  ScenarioDraft(const Conversation& heard, const DraftOptions& options)
      : heard_(heard),
        options_(options),
        world_(heard, options.exact, options.phone),
        device_(draft_device(heard)),
        triggers_(draft_triggers(heard)),
        inputs_{
            heard,        world_, options.exact, options.raw, options.octets_for, draft_.documents,
            options.phone} {}

  Draft draft() {
    MarkupNode scenario{.name = "scenario"};
    scenario.set("name", options_.name);
    scenario.add({.name = "about", .text = about()});
    add_device(scenario);
    add_world(scenario);
    add_responders(scenario);
    add_race(scenario, inputs_);
    add_timeline(scenario, inputs_, triggers_, options_.patient);
    add_expectations(scenario);
    draft_.text = markup_text(scenario);
    return std::move(draft_);
  }

 private:
  std::string about() const {
    std::string text = fmt::format("Imported from {}.", options_.source);
    if (options_.phone != nullptr)
      text += " The phone's settings and what was done to it are known.";
    for (const std::string& sentence : conclusions()) text += " " + sentence;
    return text;
  }

  /// What follows from the capture without standing in it, and what it cannot show; as sentences.
  std::vector<std::string> conclusions() const {
    std::vector<std::string> all;
    if (options_.phone != nullptr) return remarks();
    if (!device_.type_known) all.emplace_back("Which type the phone is does not show.");
    if (!device_.release_known) {
      all.emplace_back("Its release does not show; it is taken for 2.2A.");
    }
    if (device_.fixed_address) {
      all.emplace_back(
          "The phone does not ask for an address: it has a fixed one, or the capture begins "
          "later.");
    }
    if (options_.begun) {
      all.emplace_back(
          "The capture begins later than the phone; how that came by its address, the time and "
          "names "
          "that it does not ask for is supposed.");
    }
    if (!device_.url.empty()) {
      all.push_back(fmt::format("Nobody tells it {}; that URL must have stood in its settings.",
                                device_.url));
    }
    for (std::string& remark : remarks()) all.push_back(std::move(remark));
    return all;
  }

  std::vector<std::string> remarks() const {
    std::vector<std::string> all;
    const bool tls = std::ranges::any_of(heard_.said, [](const Said& said) {
      const auto* hidden = said.as<TlsSaid>();
      return hidden != nullptr && !hidden->opened && hidden->version != 0;
    });
    if (tls) all.emplace_back("What was said within TLS does not show.");
    for (const std::string& remark : heard_.remarks) {
      all.push_back("In the capture, " + remark + ".");
    }
    return all;
  }

  void add_device(MarkupNode& scenario) {
    if (options_.phone != nullptr) {
      draft_.documents.insert(options_.phone->documents.begin(), options_.phone->documents.end());
      if (!options_.phone->device.bare()) scenario.add(options_.phone->device);
      return;
    }
    MarkupNode device{.name = "device"};
    if (device_.type != "D200") device.set("type", device_.type);
    const DeviceIdentity usual;
    if (heard_.phone.mac != usual.mac) {
      device.set("mac", heard_.phone.mac.to_string());
    }
    if (!device_.serial.empty() && device_.serial != usual.serial) {
      device.set("serial", device_.serial);
    }
    if (device_.release != "2.2A") device.set("release", device_.release);
    if (device_.fixed_address) {
      device.set("address", device_.fixed_address->to_string());
      if (const DraftHost* const router = router_of(*device_.fixed_address)) {
        device.set("router", router->id);
      }
      if (const DraftHost* const dns = world_.of_kind("dns")) device.set("dns", dns->id);
    }
    add_settings(device);
    const bool has_time = std::ranges::any_of(heard_.said, [](const Said& said) {
      const auto* ntp = said.by_phone || !said.answers ? nullptr : said.as<NtpSaid>();
      return ntp != nullptr && ntp->tells_time();
    });
    MarkupNode knobs{.name = "knobs"};
    if (triggers_.front().idle && has_time) knobs.set("on-boot", "never");
    const bool declines = std::ranges::any_of(
        heard_.said, [](const Said& said) { return said.by_phone && said.words == "decline"; });
    if (declines) knobs.set("arp-probe", "true");
    if (!knobs.bare()) device.add(std::move(knobs));
    if (!device.bare()) scenario.add(std::move(device));
  }

  const DraftHost* router_of(Ipv4Address address) const {
    for (const DraftHost& host : world_.hosts()) {
      if ((host.address.value ^ address.value) >> 8 == 0) return &host;
    }
    return nullptr;
  }

  void add_settings(MarkupNode& device) const {
    const auto set = [&](std::string_view path, std::string value) {
      device.add({.name = "set"}).set("path", std::string(path)).set("value", std::move(value));
    };
    if (!device_.asks_dhcp) set("/provisioning/dhcp", "false");
    if (!device_.url.empty()) set("/provisioning/url", device_.url);
    if (!device_.asks_redirect) set("/provisioning/redirect", "false");
    if (!device_.asks_multicast) set("/provisioning/pbx", "false");
    if (device_.fixed_address) {
      if (const DraftHost* const ntp = world_.of_kind("ntp")) {
        set("/time/ntpServer", ntp->names.empty() ? ntp->address.to_string() : ntp->names.front());
      }
    }
    if (device_.allowed.empty()) return;
    set("/provisioning/sip/active", "true");
    const bool old = device_.release != "2.2A";
    const std::string entry = old ? "/provisioning/sip/whitelist/whitelistEntry"
                                  : "/provisioning/sip/allowlist/allowlistEntry";
    if (device_.allowed.front() != kOfFactory) set(entry, device_.allowed.front());
  }

  void add_world(MarkupNode& scenario) const {
    MarkupNode world{.name = "world"};
    world.add({.name = "link"}).set("latency", to_string(world_.link()));
    for (const DraftHost& each : world_.hosts()) {
      MarkupNode& host = world.add({.name = "host"}).set("id", each.id);
      host.set("address", each.prefix == 24
                              ? each.address.to_string()
                              : fmt::format("{}/{}", each.address.to_string(), each.prefix));
      std::string names;
      for (const std::string& name : each.names) {
        names.append(names.empty() ? "" : " ").append(name);
      }
      if (!names.empty()) host.set("name", names);
      const Duration latency = world_.latency_of(each);
      if (latency > Duration::zero()) host.set("latency", to_string(latency));
      if (routes(each)) host.set("routes", "true");
      if (!each.lan.empty()) host.set("lan", each.lan);
    }
    add_losses(world, inputs_);
    scenario.add(std::move(world));
  }

  /// Named by DHCP as the router, or next to a phone without DHCP; the first `dhcp` is one anyway.
  bool routes(const DraftHost& host) const {
    if (world_.of_kind("dhcp") == &host) return false;
    if (device_.fixed_address) return router_of(*device_.fixed_address) == &host;
    return std::ranges::any_of(heard_.said, [&](const Said& said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr) return false;
      const auto routers = dhcp->addresses(3);
      return std::ranges::find(routers, host.address) != routers.end();
    });
  }

  void add_responders(MarkupNode& scenario) const {
    MarkupNode responders{.name = "responders"};
    if (world_.hosts().empty()) {
      // Else the servers of the standard world would answer.
      for (const char* kind : {"dhcp", "dns", "ntp"}) {
        responders.add({.name = kind}).set("host", "none");
      }
    }
    const auto add = [&](const char* kind, auto draft) {
      for (const DraftHost& host : world_.hosts()) {
        if (host.kinds.contains(kind)) responders.add(draft(inputs_, host));
      }
    };
    add("dhcp", draft_dhcp);
    add("dns", draft_dns);
    add("ntp", draft_ntp);
    for (const DraftHost& host : world_.hosts()) {
      if (host.kinds.contains("redirect") && !host.kinds.contains("http")) {
        responders.add(draft_redirect(inputs_, host));
      }
    }
    for (const DraftHost& host : world_.hosts()) {
      // A host that answers nothing is not there for all that the phone can tell.
      const bool answers = std::ranges::any_of(heard_.said, [&](const Said& said) {
        return !said.by_phone && said.from.address == host.address && said.answers &&
               kind_of_question(heard_.said[*said.answers]) == "multicast";
      });
      if (host.kinds.contains("multicast") && answers) {
        responders.add(draft_multicast(inputs_, host));
      }
    }
    for (const DraftHost& host : world_.hosts()) {
      for (MarkupNode& http : draft_http(inputs_, host)) responders.add(std::move(http));
    }
    scenario.add(std::move(responders));
  }

  void add_expectations(MarkupNode& scenario) const {
    MarkupNode expect{.name = "expect"};
    if (options_.outcome != nullptr) {
      const DraftOutcome& outcome = *options_.outcome;
      const bool several = outcome.results.size() > 1;
      if (!outcome.winner.empty()) {
        MarkupNode& winner = expect.add({.name = "winner"});
        if (several) winner.set("run", "1");
        winner.set("is", outcome.winner).set("url", outcome.url);
      }
      for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        MarkupNode& result = expect.add({.name = "result"});
        if (several) result.set("run", std::to_string(i + 1));
        result.set("is", outcome.results[i]);
      }
    }
    MarkupNode requests{.name = "requests"};
    std::vector<std::string> said;
    for (const Said& each : heard_.said) {
      if (!is_document_request(each) || world_.at(each.to.address) == nullptr) continue;
      const auto& http = *each.as<HttpSaid>();
      requests.add({.name = "request"})
          .set("to", world_.name_of(each.to.address))
          .set("path", http.target);
    }
    if (!requests.children.empty()) expect.add(std::move(requests));
    add_lease(expect);
    if (expect.children.empty()) add_any(expect);
    scenario.add(std::move(expect));
  }

  /// What the phone was given.
  void add_lease(MarkupNode& expect) const {
    for (const Said& said : heard_.said) {
      const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
      if (dhcp == nullptr || dhcp->type != dhcp_type::kAck || dhcp->your_address.is_any()) continue;
      MarkupNode& event = expect.add({.name = "event"}).set("name", "lease_bound");
      event.add({.name = "with"}).set("field", "address").set("is", dhcp->your_address.to_string());
      return;
    }
  }

  void add_any(MarkupNode& expect) const {
    for (const Said& said : heard_.said) {
      const std::string_view kind = said.by_phone ? kind_of_question(said) : "";
      if (kind.empty() || world_.hosts().empty()) continue;
      expect.add({.name = "request"}).set("kind", std::string(kind)).set("is", said.words);
      return;
    }
    expect.add({.name = "event"}).set("name", "powered_on");
  }

  const Conversation& heard_;
  const DraftOptions& options_;
  Draft draft_;
  DraftWorld world_;
  DraftDevice device_;
  std::vector<DraftTrigger> triggers_;
  DraftInputs inputs_;
};

}  // namespace

Draft draft_scenario(const Conversation& heard, const DraftOptions& options) {
  return ScenarioDraft(heard, options).draft();
}

}  // namespace provlab::lab
