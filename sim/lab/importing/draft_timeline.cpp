#include "sim/lab/importing/draft_timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/platform/text.hpp"
#include "sim/lab/importing/draft_comings.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

class TimelineDraft {
 public:
  TimelineDraft(const DraftInputs& inputs, const std::vector<DraftTrigger>& triggers, bool patient)
      : inputs_(inputs), triggers_(triggers), patient_(patient) {}

  void add_to(MarkupNode& scenario) const {
    MarkupNode timeline{.name = "timeline"};
    std::vector<MarkupNode> actions;
    if (inputs_.phone != nullptr) {
      actions = inputs_.phone->hands;
      if (actions.empty()) actions.push_back(MarkupNode{.name = "boot"}.set("at", "0s"));
      for (const DraftTrigger& trigger : triggers_) {
        if (trigger.kind == DraftTrigger::Kind::check_sync) add_action(actions, trigger);
      }
      if (!inputs_.phone->until.empty()) timeline.set("until", inputs_.phone->until);
    } else {
      for (const DraftTrigger& trigger : triggers_) add_action(actions, trigger);
    }
    add_unasked(actions);
    for (MarkupNode& action : comings_and_goings(inputs_)) actions.push_back(std::move(action));
    lead_cables(actions);
    put_in_order(actions);
    if (inputs_.phone != nullptr && !timeline.attributes.empty()) {
      timeline.children = std::move(actions);
      scenario.add(std::move(timeline));
      return;
    }
    if (actions.size() == 1 && !patient_) return;
    constexpr Duration kAfterwards = std::chrono::seconds(10);
    if (patient_) timeline.set("until", to_string(rounded_up(inputs_.heard.end + kAfterwards)));
    timeline.children = std::move(actions);
    scenario.add(std::move(timeline));
  }

 private:
  /// Datagrams that nobody had asked for, where words do not say enough of them.
  void add_unasked(std::vector<MarkupNode>& actions) const {
    for (const Said& said : inputs_.heard.said) {
      if (said.by_phone || said.tcp || said.answers) continue;
      // What is said for the first time is a check-sync.
      if (said.talk == Talk::sip && !said.again) continue;
      if (!inputs_.raw.contains(said.talk) || said.octets.empty()) continue;
      const DraftHost* const host = inputs_.world.at(said.from.address);
      if (host == nullptr) continue;
      const Duration way = inputs_.world.round_trip_to(*host) / 2;
      MarkupNode action{.name = "send-datagram"};
      action.set("at", to_string(std::max(said.at - way, Duration::zero())));
      action.set("host", host->id);
      const bool to_phone = said.to.address.is_unicast();
      const std::string to = to_phone ? "device" : said.to.address.to_string();
      action.set("to", fmt::format("{}:{}", to, said.to.port));
      if (said.from.port != said.to.port) {
        action.set("from", fmt::format("{}:{}", host->id, said.from.port));
      }
      actions.push_back(action.set("hex", pairs_of_hex(said.octets)));
    }
  }

  /// By time, but for those that wait for an event: these stay where they are known to be.
  static void put_in_order(std::vector<MarkupNode>& actions) {
    const auto waits = [](const MarkupNode& action) { return !parse_duration(action.value("at")); };
    if (std::ranges::any_of(actions, waits)) return;
    std::ranges::stable_sort(actions, {}, [](const MarkupNode& action) {
      return std::pair(*parse_duration(action.value("at")), action.name == "boot");
    });
  }

  /// Cables that are plugged in lead into the LAN in which the phone is found then.
  void lead_cables(std::vector<MarkupNode>& actions) const {
    for (MarkupNode& action : actions) {
      if (action.name != "plug" || action.has("host")) continue;
      const auto at = parse_duration(action.value("at"));
      const std::string lan = at ? inputs_.world.lan_at(*at) : std::string();
      if (!lan.empty()) action.set("lan", lan);
    }
  }

  static Duration rounded_up(Duration time) {
    constexpr Duration kSecond = std::chrono::seconds(1);
    return (time + kSecond - Duration(1)) / kSecond * kSecond;
  }

  void add_action(std::vector<MarkupNode>& actions, const DraftTrigger& trigger) const {
    const std::string at = to_string(trigger.at);
    switch (trigger.kind) {
      case DraftTrigger::Kind::boot:
        if (actions.empty()) {
          actions.push_back(MarkupNode{.name = "boot"}.set("at", at));
          return;
        }
        actions.push_back(
            MarkupNode{.name = "power-off"}.set("at", to_string(quiet_before(trigger))));
        actions.push_back(MarkupNode{.name = "power-on"}.set("at", at));
        return;
      case DraftTrigger::Kind::cable:
        actions.push_back(MarkupNode{.name = "unplug"}.set("at", to_string(quiet_before(trigger))));
        actions.push_back(MarkupNode{.name = "plug"}.set("at", at));
        return;
      case DraftTrigger::Kind::press:
        actions.push_back(
            MarkupNode{.name = "press"}.set("at", at).set("button", "start-provisioning"));
        return;
      case DraftTrigger::Kind::check_sync:
        // What no scenario can say and whose octets are not kept is left out.
        if (can_be_said(trigger)) actions.push_back(check_sync(trigger));
    }
  }

  /// Halfway between what was said last and the boot; no longer than a second before it.
  Duration quiet_before(const DraftTrigger& boot) const {
    constexpr Duration kMost = std::chrono::seconds(1);
    const Duration last = boot.place > 0 ? inputs_.heard.said[boot.place - 1].at : Duration::zero();
    return boot.at - std::min((boot.at - last) / 2, kMost);
  }

  static bool is_of_method(char c) { return is_letter(c) || is_digit(c) || c == '-'; }

  bool can_be_said(const DraftTrigger& trigger) const {
    const auto& sip = *inputs_.heard.said[trigger.place].as<SipSaid>();
    return is_odd(trigger.place) ||
           (!sip.method.empty() && std::ranges::all_of(sip.method, is_of_method) &&
            is_plain_text(sip.event) && is_plain_text(sip.content_type));
  }

  /// Whether the phone refuses it for what it says, not for who says it.
  bool is_odd(std::size_t place) const {
    const auto& sip = *inputs_.heard.said[place].as<SipSaid>();
    if (inputs_.heard.said[place].octets.find("SIP/2.0") == std::string::npos) return false;
    if (inputs_.raw.contains(Talk::sip)) return true;
    for (const std::string* text : {&sip.method, &sip.event, &sip.content_type}) {
      if (!is_plain_text(*text)) return true;
    }
    if (sip.method.empty()) return true;
    for (const Said* answer : inputs_.heard.answers_to(place)) {
      const int status = answer->as<SipSaid>()->status;
      if (status != 200 && status != 403) return true;
    }
    return false;
  }

  std::string body_document(const std::string& body) const {
    std::string name = "documents/notify.txt";
    for (int i = 2; inputs_.documents.contains(name) && inputs_.documents.at(name) != body; ++i) {
      name = fmt::format("documents/notify-{}.txt", i);
    }
    inputs_.documents.emplace(name, body);
    return name;
  }

  MarkupNode check_sync(const DraftTrigger& trigger) const {
    const Said& said = inputs_.heard.said[trigger.place];
    const auto& sip = *said.as<SipSaid>();
    const DraftHost* const host = inputs_.world.at(said.from.address);
    const Duration way =
        host == nullptr ? Duration::zero() : inputs_.world.round_trip_to(*host) / 2;
    MarkupNode action{.name = sip.method == "NOTIFY" ? "check-sync" : "send-sip"};
    action.set("at", to_string(std::max(said.at - way, Duration::zero())));
    action.set("host", host == nullptr ? "router" : host->id);
    if (is_odd(trigger.place)) {
      // What nobody should say is said once more as it was.
      action.name = "send-datagram";
      return action.set("to", "device:5060").set("hex", pairs_of_hex(said.octets));
    }
    if (sip.method != "NOTIFY") return action.set("method", sip.method);
    if (sip.event != "check-sync" && !sip.event.empty()) action.set("event", sip.event);
    if (sip.body.empty()) return action;
    if (!sip.content_type.empty()) action.set("type", sip.content_type);
    if (!is_plain_text(sip.body)) return action.set("src", body_document(sip.body));
    pugi::xml_document document;
    const bool xml =
        sip.body.starts_with('<') && document.load_buffer(sip.body.data(), sip.body.size());
    (xml ? action.inside : action.text) = sip.body;
    return action;
  }

  const DraftInputs& inputs_;
  const std::vector<DraftTrigger>& triggers_;
  bool patient_;
};

}  // namespace

void add_timeline(MarkupNode& scenario, const DraftInputs& inputs,
                  const std::vector<DraftTrigger>& triggers, bool patient) {
  TimelineDraft(inputs, triggers, patient).add_to(scenario);
}

}  // namespace provlab::lab
