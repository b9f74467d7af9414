#include "sim/lab/language/timeline_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/language/check_sync_reader.hpp"
#include "sim/lab/language/failure_reader.hpp"
#include "sim/lab/language/moments.hpp"
#include "sim/lab/language/setting_paths.hpp"
#include "sim/lab/language/unprompted_reader.hpp"

namespace provlab::lab {

namespace {

using What = decltype(Action::what);

/// A kind of action that says nothing but when.
template <class Kind>
What plain(const Element&, Names&) {
  return Kind();
}

What read_cable(const Element& element, Names& names) {
  MoveCable cable{names.host_or_phone(element, "host"), element.name() == "plug",
                  element.text("lan")};
  if (cable.lan.empty()) return cable;
  if (!cable.host.empty() && cable.host != "device") {
    element.complain("lan", "only the phone moves from one LAN to another; remove host or lan");
  }
  const std::vector<std::string> lans = names.lans();
  if (std::ranges::find(lans, cable.lan) == lans.end()) {
    element.complain(
        "lan",
        fmt::format("no host is in a LAN '{}'{}{}", cable.lan, did_you_mean(cable.lan, lans),
                    lans.empty() ? "; give hosts lan=\"...\"" : "; there are " + any_of(lans)));
  }
  return cable;
}

bool is_of_phone(const Element& cable) {
  return !cable.has("host") || cable.text("host") == "device";
}

/// Who is in one LAN has to leave it before it is in another.
void check_moves(const Element& timeline) {
  bool out = false;
  for (const Element& element : timeline.children()) {
    if (element.name() == "unplug" && is_of_phone(element)) out = true;
    if (element.name() != "plug" || !is_of_phone(element)) continue;
    if (element.has("lan") && !out) {
      element.complain("lan",
                       "the phone is still plugged in; pull its cable out before by "
                       "<unplug at=\"...\"/>");
    }
    out = false;
  }
}

What read_entered_url(const Element& element, Names&) {
  return EnterUrl{element.text("url")};
}

What read_change(const Element& element, Names&) {
  if (const auto problem = impossible_step(element.text("path"))) {
    element.complain("path", fmt::format("path=\"{}\": {}", element.text("path"), *problem));
  }
  return ChangeSetting{element.text("path"), element.text("value")};
}

What read_switch(const Element& element, Names& names) {
  SwitchResponders wanted{element.text("host"), element.text("responder"),
                          element.name() == "start"};
  const auto host = names.host(element, "host");
  if (!host) return wanted;
  const std::vector<std::string> kinds = names.kinds_on(*host);
  const bool there =
      wanted.kind.empty() ? !kinds.empty() : std::ranges::find(kinds, wanted.kind) != kinds.end();
  if (!there) {
    element.complain(fmt::format("host '{}' has no {} to {}", wanted.host,
                                 wanted.kind.empty() ? "responder" : "<" + wanted.kind + ">",
                                 element.name()));
  }
  return wanted;
}

What read_sent(const Element& element, Names& names) {
  names.host(element, "host");
  return SendCheckSync{element.text("host"), read_check_sync(element, names)};
}

What read_upload(const Element& element, Names&) {
  const auto document = element.sized_body();
  if (!document && !element.has("src")) {
    element.complain("<upload> holds no document; write it inside, or name its file with src");
  }
  return Upload{document.value_or("")};
}

What read_damage(const Element& element, Names& names) {
  return read_file_damage(element, names);
}

constexpr std::string_view kNeverCame = "its moment never came";

/// What is said of an action after which all is as before.
std::string_view why_in_vain(std::string_view action) {
  static const std::map<std::string_view, std::string_view> kReasons{
      {"boot", "the phone was on already"},
      {"power-on", "the phone was on already"},
      {"power-off", "the phone was off already"},
      {"plug", "the cable was in already"},
      {"unplug", "the cable was out already"},
      {"start", "they were running already"},
      {"stop", "they had stopped already"},
      {"check-sync", "it was not sent, since the phone had no address"},
      {"damage", "the file was so already, or there was none"},
      {"restore", "there was no backup, or the phone was off"}};
  // What is sent unasked is not, for the same reason.
  const auto reason = kReasons.find(action.starts_with("send-") ? "check-sync" : action);
  return reason == kReasons.end() ? "the phone was off" : reason->second;
}

}  // namespace

void read_timeline(const Element& timeline, Names& names, ScenarioPlan& plan) {
  using ReadWhat = What (*)(const Element&, Names&);
  static const std::map<std::string_view, ReadWhat> kActions{{"boot", &plain<PowerOn>},
                                                             {"power-on", &plain<PowerOn>},
                                                             {"power-off", &plain<PowerOff>},
                                                             {"unplug", &read_cable},
                                                             {"plug", &read_cable},
                                                             {"press", &plain<PressStart>},
                                                             {"enter-url", &read_entered_url},
                                                             {"set", &read_change},
                                                             {"stop", &read_switch},
                                                             {"start", &read_switch},
                                                             {"check-sync", &read_sent},
                                                             {"damage", &read_damage},
                                                             {"backup", &plain<MakeBackup>},
                                                             {"upload", &read_upload},
                                                             {"restore", &plain<RestoreBackup>}};
  for (const Element& element : timeline.children()) {
    Action action;
    action.line = element.line();
    action.use = names.watch(element, kNeverCame, why_in_vain(element.name()));
    action.at = read_moment(element, "at").value_or(Moment{});
    if (element.name().starts_with("send-")) {
      action.what = read_unprompted(element, names, plan);
    } else {
      action.what = kActions.at(element.name())(element, names);
    }
    if (const std::string host = element.text("host"); names.has_daemon(host)) {
      element.complain("host", fmt::format("host '{}' has a daemon, which runs from start to end "
                                           "and does nothing of the timeline; choose another host",
                                           host));
    }
    plan.timeline.push_back(std::move(action));
  }
  check_moves(timeline);
  plan.until = read_moment(timeline, "until");
  if (plan.until) plan.until_use = names.watch(timeline, "the moment of until never came");
  // One that waits for an event waits for ever: until a phone is on there is nothing to wait for.
  const bool powered = std::ranges::any_of(plan.timeline, [](const Action& action) {
    return action.is<PowerOn>() && action.at.anchor.empty();
  });
  if (!powered) {
    timeline.complain("the phone is never switched on; begin with <boot at=\"0s\"/>");
  }
}

}  // namespace provlab::lab
