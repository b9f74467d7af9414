#include "sim/lab/language/scenario_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/settings/configuration.hpp"
#include "sim/lab/language/specification.hpp"
#include "sim/phone/events.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/virtual_host.hpp"

namespace provlab::lab {

namespace {

using discovery::SourceKind;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

void ScenarioReader::read(const Element& scenario) {
  plan_.name = scenario.text("name");
  if (const auto seed = scenario.get("seed")) {
    std::from_chars(seed->data(), seed->data() + seed->size(), plan_.seed);
  }
  plan_.epoch = *parse_wall_time("2026-03-01T08:00:00Z");
  if (const auto about = scenario.child("about")) read_about(*about);
  if (const auto world = scenario.child("world")) read_world(*world);
  if (const auto device = scenario.child("device")) read_device(*device);
  if (const auto responders = scenario.child("responders")) read_responders(*responders);
  place_hosts();
  if (const auto timeline = scenario.child("timeline")) {
    read_timeline(*timeline);
  } else {
    plan_.timeline.push_back(Action{});
  }
  // After the timeline, whose check-syncs can race as well.
  if (const auto race = scenario.child("race")) read_race(*race);
  plan_.variants = plan_.race ? variants_of(*plan_.race) : std::vector<Variant>{Variant{}};
  if (const auto expect = scenario.child("expect")) read_expectations(*expect);
}

void ScenarioReader::read_about(const Element& about) {
  std::string text = text_of(about.node());
  // One line, whatever the layout in the file.
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::string_view(" \t\r\n").find(text[i]) == std::string_view::npos) {
      plan_.about += text[i];
    } else if (!plan_.about.empty() && plan_.about.back() != ' ') {
      plan_.about += ' ';
    }
  }
  plan_.about = trimmed(plan_.about);
  plan_.rules = about.words("rules");
  for (const std::string& rule : plan_.rules) {
    if (is_rule(rule)) continue;
    about.complain("rules", fmt::format("rules: there is no rule '{}'{}; 'provlab list --rules' "
                                        "shows them all",
                                        rule, rules_near(rule)));
  }
}

void ScenarioReader::read_device(const Element& device) {
  phone::PhoneOptions& phone = plan_.phone;
  if (const auto type = device.get("type")) phone.identity.type = *parse_device_type(*type);
  if (const auto mac = device.mac("mac")) phone.identity.mac = *mac;
  if (const auto serial = device.get("serial")) phone.identity.serial = *serial;
  if (const auto release = device.get("release")) phone.identity.release = *parse_release(*release);
  if (phone.identity.mac.is_group()) {
    device.complain("mac",
                    "mac: the first octet is odd, which marks a group of machines; a phone "
                    "has for example 00:09:52:00:00:0E");
  }
  if (const auto address = device.interface_address("address")) {
    phone.static_address = InterfaceConfiguration{*address, {}};
    const auto routers = addresses(device, "router");
    if (routers && !routers->empty()) phone.static_address->router = routers->front();
    if (const auto dns = addresses(device, "dns")) phone.static_dns = *dns;
  } else if (device.has("router") || device.has("dns")) {
    device.complain(device.has("router") ? "router" : "dns",
                    "router and dns belong to a static address; add address=\"...\" or give them "
                    "in <dhcp>");
  }
  if (const auto file = device.child("configuration-file")) {
    phone.initial_configuration_xml = file->body();
    if (phone.initial_configuration_xml) {
      const auto parsed = settings::Configuration::parse(*phone.initial_configuration_xml);
      if (!parsed) file->complain("the phone cannot read this: " + parsed.error().to_string());
    }
  }
  for (const Element& set : device.children("set")) {
    phone.settings.emplace_back(set.text("path"), set.text("value"));
  }
  if (const auto knobs = device.child("knobs")) read_knobs(*knobs);
  if (context_.complaints.empty()) check_initial_settings(device);
}

/// What the phone refuses it starts without, and a scenario that only seems to say something passes
/// or fails for no reason that its author sees.
void ScenarioReader::check_initial_settings(const Element& device) {
  if (!plan_.phone.initial_configuration_xml && plan_.phone.settings.empty()) return;
  world::World world;
  const phone::Phone phone(world.add_host({.name = "device"}), plan_.phone);
  for (const TraceRecord record : world.trace()) {
    if (!record.is<phone::SettingRefused>()) continue;
    const std::string path = record.field("path").value_or("");
    const std::string refusal = "the phone refuses this: " + record.field("reason").value_or("");
    const std::vector<Element> sets = device.children("set");
    const auto set =
        std::ranges::find_if(sets, [&](const Element& each) { return each.text("path") == path; });
    if (set != sets.end()) {
      set->complain(refusal);
    } else if (const auto file = device.child("configuration-file")) {
      file->complain(refusal);
    }
  }
}

void ScenarioReader::read_knobs(const Element& knobs) {
  service::ServiceOptions& service = plan_.phone.service;
  service.manual_sequence = knobs.text("manual") == "sequence";
  service.next_source_on_failure = knobs.text("on-download-failure") == "next-source";
  service.stop_on_reference_failure = knobs.text("on-reference-failure") == "stop";
  if (knobs.text("option-43-text") == "accept") {
    service.discovery.option_43_text = net::Option43Text::accept;
  }
  if (const auto base = knobs.get("redirect-base")) {
    service.discovery.redirect_base = *base;
    if (const auto url = net::Url::parse(*base); !url) {
      knobs.complain("redirect-base", "redirect-base: " + url.error().text);
    }
  }
  const auto take = [&](const char* name, Duration& target) {
    if (const auto value = knobs.duration(name)) target = *value;
  };
  take("redirect-timeout", service.discovery.redirect_timeout);
  take("multicast-timeout", service.discovery.multicast_timeout);
  take("network-wait", service.network_wait);
  take("time-wait", service.time_wait);
  take("run-limit", service.run_limit);
  take("connect-timeout", service.limits.connect);
  take("request-timeout", service.limits.total);
  read_sequence(knobs);
}

void ScenarioReader::read_sequence(const Element& knobs) {
  const auto sequence = knobs.get("sequence");
  if (!sequence) return;
  auto& stages = plan_.phone.service.discovery.sequence;
  stages.assign(1, {});
  std::string_view rest = *sequence;
  std::vector<SourceKind> seen;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(",+"), rest.size());
    const std::string_view word = trimmed(rest.substr(0, end));
    const SourceKind source = source_kind(word);
    if (std::ranges::find(seen, source) != seen.end()) {
      knobs.complain("sequence",
                     fmt::format("sequence: {} stands there twice; each source is asked "
                                 "once",
                                 word));
    }
    seen.push_back(source);
    stages.back().push_back(source);
    if (end == rest.size()) break;
    if (rest[end] == ',') stages.emplace_back();
    rest.remove_prefix(end + 1);
  }
}

void ScenarioReader::read_world(const Element& world) {
  if (const auto link = world.child("link")) {
    if (const auto latency = link->duration("latency")) plan_.link.latency = *latency;
    if (const auto jitter = link->duration("jitter")) plan_.link.jitter = *jitter;
    if (const auto loss = link->percent("loss")) plan_.link.loss = *loss;
  }
  for (const Element& host : world.children("host")) read_host(host);
  for (const Element& lose : world.children("lose")) read_lose(lose);
}

void ScenarioReader::read_host(const Element& element) {
  HostPlan host;
  host.line = element.line();
  host.options.name = element.text("id");
  if (const auto address = element.interface_address("address")) {
    host.options.configuration = InterfaceConfiguration{*address, {}};
  }
  host.options.latency = element.duration("latency").value_or(Duration::zero());
  host.options.loss = element.percent("loss").value_or(0);
  host.options.mac = element.mac("mac");
  host.dns_names = element.words("name");
  if (host.options.name == "device") {
    element.complain("id", "id=\"device\" is the phone's own name; choose another");
  }
  for (const HostPlan& other : plan_.hosts) {
    if (!host.options.name.empty() && other.options.name == host.options.name) {
      element.complain("id",
                       fmt::format("there is already a host '{}' in line {}; choose another id",
                                   host.options.name, other.line));
    }
    if (host.options.configuration && other.options.configuration &&
        other.options.configuration->address.address ==
            host.options.configuration->address.address) {
      element.complain("address", fmt::format("the address {} belongs to host '{}' already; choose "
                                              "another",
                                              element.text("address"), other.options.name));
    }
    for (const std::string& name : host.dns_names) {
      if (std::ranges::find(other.dns_names, name) != other.dns_names.end()) {
        element.complain("name", fmt::format("the name {} belongs to host '{}' already", name,
                                             other.options.name));
      }
    }
  }
  plan_.hosts.push_back(std::move(host));
}

void ScenarioReader::read_lose(const Element& element) {
  LosePlan lose;
  const auto end = [&](const char* attribute) {
    const std::string id = element.text(attribute);
    if (!id.empty() && id != "device") host_named(element, attribute);
    return id;
  };
  lose.from = end("from");
  lose.to = end("to");
  if (const auto protocol = element.get("protocol")) {
    lose.protocol = *protocol == "udp" ? world::Protocol::udp : world::Protocol::tcp;
  }
  lose.port = static_cast<Port>(element.number("port").value_or(0));
  lose.nth = element.nth("nth");
  lose.every = element.number("every");
  if (const auto until = element.duration("until")) lose.until = Instant{} + *until;
  if (lose.nth && lose.every) {
    element.complain("every", "nth and every exclude each other; keep one of them");
  }
  plan_.losses.push_back(std::move(lose));
}

/// Hosts of the phone's own network hear its broadcasts; the others are the rest of the world.
void ScenarioReader::place_hosts() {
  if (plan_.hosts.empty()) return;
  std::optional<InterfaceAddress> lan;
  if (plan_.phone.static_address) lan = plan_.phone.static_address->address;
  const auto dhcp = kinds_.find("dhcp");
  const std::size_t first = dhcp == kinds_.end() ? 0 : dhcp->second.front();
  if (!lan && plan_.hosts[first].options.configuration) {
    lan = plan_.hosts[first].options.configuration->address;
  }
  if (!lan) return;  // was complained about
  std::map<std::uint32_t, world::Segment> segments;
  for (HostPlan& host : plan_.hosts) {
    if (!host.options.configuration) continue;
    const InterfaceAddress& address = host.options.configuration->address;
    if (lan->on_link(address.address)) {
      host.options.segment = 0;
      continue;
    }
    const std::uint32_t network = address.address.value & address.mask();
    host.options.segment =
        segments.emplace(network, static_cast<world::Segment>(segments.size() + 1)).first->second;
  }
  for (const std::string kind : {"dhcp", "multicast"}) {
    for (const std::size_t index : kinds_[kind]) {
      const HostPlan& host = plan_.hosts[index];
      if (host.options.segment == 0) continue;
      context_.complaints.add(
          host.line,
          fmt::format("host '{}' has a <{}>, which reaches only the phone's own network "
                      "{}/{}; give the host an address there",
                      host.options.name, kind, lan->address.to_string(), lan->prefix_length));
    }
  }
}

void ScenarioReader::read_timeline(const Element& timeline) {
  for (const Element& element : timeline.children()) read_action(element);
  plan_.until = timeline.moment("until");
  if (plan_.until) check_anchor(timeline, "until", *plan_.until);
  // One that waits for an event waits for ever: until a phone is on there is nothing to wait for.
  const bool powered = std::ranges::any_of(plan_.timeline, [](const Action& action) {
    return action.is<PowerOn>() && action.at.anchor.empty();
  });
  if (!powered) {
    timeline.complain("the phone is never switched on; begin with <boot at=\"0s\"/>");
  }
}

std::string ScenarioReader::acting_host(const Element& element) {
  const std::string host = element.text("host");
  if (!host.empty() && host != "device") host_named(element, "host");
  return host;
}

template <class What>
What ScenarioReader::read_what(const Element&) {
  return {};
}
template <>
MoveCable ScenarioReader::read_what(const Element& element) {
  return {acting_host(element), element.name() == "plug"};
}
template <>
EnterUrl ScenarioReader::read_what(const Element& element) {
  return {element.text("url")};
}
template <>
ChangeSetting ScenarioReader::read_what(const Element& element) {
  return {element.text("path"), element.text("value")};
}
template <>
SwitchResponders ScenarioReader::read_what(const Element& element) {
  SwitchResponders wanted{acting_host(element), element.text("responder"),
                          element.name() == "start"};
  check_stopped(element, wanted);
  return wanted;
}
template <>
SendCheckSync ScenarioReader::read_what(const Element& element) {
  return {acting_host(element), read_check_sync(element)};
}
template <>
Upload ScenarioReader::read_what(const Element& element) {
  const auto document = element.body();
  if (!document && !element.has("src")) {
    element.complain("<upload> holds no document; write it inside, or name its file with src");
  }
  return {document.value_or("")};
}

void ScenarioReader::read_action(const Element& element) {
  using What = decltype(Action::what);
  using Read = What (*)(ScenarioReader&, const Element&);
  const auto as = []<class Kind>(std::type_identity<Kind>) -> Read {
    return [](ScenarioReader& self, const Element& each) -> What {
      return self.read_what<Kind>(each);
    };
  };
  static const std::map<std::string_view, Read> kActions{
      {"boot", as(std::type_identity<PowerOn>())},
      {"power-on", as(std::type_identity<PowerOn>())},
      {"power-off", as(std::type_identity<PowerOff>())},
      {"unplug", as(std::type_identity<MoveCable>())},
      {"plug", as(std::type_identity<MoveCable>())},
      {"press", as(std::type_identity<PressStart>())},
      {"enter-url", as(std::type_identity<EnterUrl>())},
      {"set", as(std::type_identity<ChangeSetting>())},
      {"stop", as(std::type_identity<SwitchResponders>())},
      {"start", as(std::type_identity<SwitchResponders>())},
      {"check-sync", as(std::type_identity<SendCheckSync>())},
      {"backup", as(std::type_identity<MakeBackup>())},
      {"upload", as(std::type_identity<Upload>())},
      {"restore", as(std::type_identity<RestoreBackup>())}};
  Action action;
  action.line = element.line();
  action.at = element.moment("at").value_or(Moment{});
  check_anchor(element, "at", action.at);
  action.what = kActions.at(element.name())(*this, element);
  plan_.timeline.push_back(std::move(action));
}

std::optional<std::size_t> ScenarioReader::host_named(const Element& element,
                                                      const char* attribute) {
  const auto id = element.get(attribute);
  if (!id) return std::nullopt;
  for (std::size_t i = 0; i < plan_.hosts.size(); ++i) {
    if (plan_.hosts[i].options.name == *id) return i;
  }
  element.complain(attribute, fmt::format("there is no host '{}'{}; the world has {}", *id,
                                          did_you_mean(*id, host_ids()), any_of(host_ids())));
  return std::nullopt;
}

std::optional<std::vector<Ipv4Address>> ScenarioReader::addresses(const Element& element,
                                                                  const char* attribute) {
  if (!element.has(attribute)) return std::nullopt;
  std::vector<Ipv4Address> result;
  for (const std::string& word : element.words(attribute)) {
    if (word == "none") continue;
    if (const auto address = address_of(element, attribute, word)) result.push_back(*address);
  }
  return result;
}

std::optional<Ipv4Address> ScenarioReader::address_of(const Element& element, const char* attribute,
                                                      const std::string& word) {
  const auto host = std::ranges::find_if(
      plan_.hosts, [&](const HostPlan& each) { return each.options.name == word; });
  if (host != plan_.hosts.end()) {
    if (!host->options.configuration) return std::nullopt;  // was complained about
    return host->options.configuration->address.address;
  }
  if (const auto address = Ipv4Address::read(word)) return *address;
  element.complain(
      attribute, fmt::format("{}: '{}' is neither an address nor a host of this scenario{}; "
                             "the world has {}",
                             attribute, word, did_you_mean(word, host_ids()), any_of(host_ids())));
  return std::nullopt;
}

std::vector<std::string> ScenarioReader::host_ids() const {
  std::vector<std::string> ids;
  for (const HostPlan& host : plan_.hosts) ids.push_back(host.options.name);
  return ids;
}

std::vector<std::string> ScenarioReader::answer_ids() const {
  std::vector<std::string> ids;
  for (const NamedAnswer& answer : plan_.answers) ids.push_back(answer.id);
  return ids;
}

bool ScenarioReader::is_lost(const std::string& id) const {
  if (context_.complaints.empty()) return false;
  const auto holds = [&id](const auto& self, const xmlNode* element) -> bool {
    if (attribute(element, "id") == id) return true;
    for (const xmlNode* child = first_element(element); child != nullptr;
         child = next_element(child)) {
      if (self(self, child)) return true;
    }
    return false;
  };
  for (const xmlNode* part = first_element(context_.document.root()); part != nullptr;
       part = next_element(part)) {
    if (name_of(part) != "world" && holds(holds, part)) return true;
  }
  return false;
}

}  // namespace provlab::lab
