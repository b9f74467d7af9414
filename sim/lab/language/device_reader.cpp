#include "sim/lab/language/device_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/net/url.hpp"
#include "core/platform/text.hpp"
#include "core/settings/configuration.hpp"
#include "sim/lab/language/failure_reader.hpp"
#include "sim/lab/language/profiles.hpp"

namespace provlab::lab {

namespace {

using discovery::SourceKind;

constexpr std::string_view kNoDifference = "it makes no difference to anything that happens";

/// The source of a name that the schema has let pass.
SourceKind source_named(std::string_view name) {
  for (const SourceKind source :
       {SourceKind::redirect, SourceKind::multicast, SourceKind::configured}) {
    if (to_string(source) == name) return source;
  }
  return SourceKind::dhcp;
}

/// `address`, `router` and `dns` of the device.
void read_static_address(const Element& device, const Names& names, phone::PhoneOptions& phone) {
  if (const auto address = device.interface_address("address")) {
    phone.static_address = InterfaceConfiguration{*address, {}};
    const auto routers = names.addresses(device, "router");
    if (routers && !routers->empty()) phone.static_address->router = routers->front();
    if (const auto dns = names.addresses(device, "dns")) phone.static_dns = *dns;
  } else if (device.has("router") || device.has("dns")) {
    device.complain(device.has("router") ? "router" : "dns",
                    "router and dns belong to a static address; add address=\"...\" or give them "
                    "in <dhcp>");
  }
}

void read_store(const Element& file, phone::PhoneOptions& phone) {
  phone.initial_configuration_xml = file.body();
  if (!phone.initial_configuration_xml) return;
  const auto parsed = settings::Configuration::parse(*phone.initial_configuration_xml);
  if (!parsed) file.complain("the phone cannot read this: " + parsed.error().to_string());
}

void read_sequence(const Element& knobs, std::vector<std::vector<SourceKind>>& stages) {
  const auto sequence = knobs.get("sequence");
  if (!sequence) return;
  stages.assign(1, {});
  std::string_view rest = *sequence;
  std::vector<SourceKind> seen;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(",+"), rest.size());
    const std::string_view word = trimmed(rest.substr(0, end));
    const SourceKind source = source_named(word);
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

void read_service_knobs(const Element& knobs, phone::PhoneOptions& phone) {
  service::ServiceOptions& service = phone.service;
  phone.run_at_boot = knobs.text("on-boot") != "never";
  phone.dhcp.arp_probe = knobs.text("arp-probe") == "true";
  service.manual_sequence = knobs.text("manual") == "sequence";
  service.next_source_on_failure = knobs.text("on-download-failure") == "next-source";
  service.refuse_downgrade = knobs.text("downgrade") == "refuse";
  service.stop_on_reference_failure = knobs.text("on-reference-failure") == "stop";
  if (knobs.text("option-43-text") == "accept") {
    service.discovery.dhcp_url.text = net::Option43Text::accept;
  }
  if (knobs.text("option-43") == "last") {
    service.discovery.dhcp_url.turn = net::Option43Turn::last;
  }
  if (knobs.text("option-66-scheme") == "https-then-http") {
    service.discovery.dhcp_url.bare_server = net::BareServer::https_then_http;
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
  read_sequence(knobs, service.discovery.sequence);
}

void read_sip_knobs(const Element& knobs, net::SipOptions& sip) {
  if (knobs.text("notify-match") == "event") {
    sip.notify_match = net::SipOptions::NotifyMatch::event;
  }
  if (knobs.text("content-length") == "lenient") {
    sip.content_length = net::SipContentLength::lenient;
  }
}

}  // namespace

void read_knobs(const Element& knobs, phone::PhoneOptions& phone) {
  read_service_knobs(knobs, phone);
  read_sip_knobs(knobs, phone.sip);
}

namespace {

/// Several are variants; the plan's own phone has the first of them.
void read_releases(const Element& device, ScenarioPlan& plan) {
  for (const std::string& word : device.words("release")) {
    const Release release = *parse_release(word);
    if (std::ranges::find(plan.releases, release) != plan.releases.end()) {
      device.complain("release", fmt::format("release=\"{}\": {} stands there twice; each is a "
                                             "variant once",
                                             device.text("release"), word));
      continue;
    }
    plan.releases.push_back(release);
  }
  if (!plan.releases.empty()) plan.phone.identity.release = plan.releases.front();
  if (plan.releases.size() == 1) plan.releases.clear();
}

void put_knob(const Element& knobs, const char* name, const std::string& value) {
  xmlSetProp(knobs.node(), reinterpret_cast<const xmlChar*>(name),
             reinterpret_cast<const xmlChar*>(value.c_str()));
}

/// The phone with the knobs as they stand there, but for one of them or those that are the
/// profile's. Where the one `beats` a knob of the profile, that one counts.
phone::PhoneOptions without(const Element& knobs, const std::vector<const xmlAttr*>& hidden,
                            const ProfileKnob* beats, const phone::PhoneOptions& phone) {
  phone::PhoneOptions other = phone;
  const phone::PhoneOptions usual;
  other.service = usual.service;
  other.sip = usual.sip;
  other.dhcp = usual.dhcp;
  other.run_at_boot = usual.run_at_boot;
  if (beats != nullptr) {
    const std::string own = knobs.text(beats->knob);
    put_knob(knobs, beats->knob, beats->value);
    read_knobs(knobs, other);
    put_knob(knobs, beats->knob, own);
    return other;
  }
  std::set<const void*>& unread = knobs.context().bad;
  for (const xmlAttr* each : hidden) unread.insert(each);
  read_knobs(knobs, other);
  for (const xmlAttr* each : hidden) unread.erase(each);
  return other;
}

}  // namespace

void watch_knobs(const Element& device, const Names& names, ScenarioPlan& plan) {
  const auto knobs = device.child("knobs");
  if (!knobs || !device.context().complaints.empty()) return;
  const std::string profile = device.text("profile");
  std::vector<const xmlAttr*> of_profile;
  const auto watch = [&](const std::vector<const xmlAttr*>& hidden, const ProfileKnob* beats,
                         UseMark use) {
    plan.knobs.push_back({use, std::make_shared<const phone::PhoneOptions>(
                                   without(*knobs, hidden, beats, plan.phone))});
  };
  for (const xmlAttr* each = knobs->node()->properties; each != nullptr; each = each->next) {
    const auto* name = reinterpret_cast<const char*>(each->name);
    const std::string value = knobs->text(name);
    const ProfileKnob* bundled = nullptr;
    for (const ProfileKnob& knob : knobs_of_profile(profile)) {
      if (knob.knob == std::string_view(name)) bundled = &knob;
    }
    if (bundled != nullptr && bundled->value == value) {
      of_profile.push_back(each);
      continue;
    }
    const UseMark use = names.watch_part(
        *knobs, knobs->line(name), fmt::format("<knobs {}=\"{}\">", name, value), kNoDifference);
    if (use != 0) watch({each}, bundled, use);
  }
  if (of_profile.empty()) return;
  const UseMark use = names.watch_part(*knobs, device.line("profile"),
                                       fmt::format("profile=\"{}\"", profile), kNoDifference);
  if (use != 0) watch(of_profile, nullptr, use);
}

void read_device(const Element& device, const Names& names, ScenarioPlan& plan) {
  phone::PhoneOptions& phone = plan.phone;
  if (const auto type = device.get("type")) phone.identity.type = *parse_device_type(*type);
  if (const auto mac = device.mac("mac")) phone.identity.mac = *mac;
  if (const auto serial = device.get("serial")) phone.identity.serial = *serial;
  read_releases(device, plan);
  if (phone.identity.mac.is_group()) {
    device.complain("mac",
                    "mac: the first octet is odd, which marks a group of machines; a phone "
                    "has for example 00:09:52:00:00:0E");
  }
  read_static_address(device, names, phone);
  if (const auto file = device.child("configuration-file")) read_store(*file, phone);
  for (const Element& set : device.children("set")) {
    phone.settings.emplace_back(set.text("path"), set.text("value"));
  }
  if (const auto knobs = device.child("knobs")) read_knobs(*knobs, phone);
  for (const Element& fail : device.children("fail")) {
    plan.failures.push_back(read_failure(fail, names));
  }
}

}  // namespace provlab::lab
