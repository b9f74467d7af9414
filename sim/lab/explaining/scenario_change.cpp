#include "sim/lab/explaining/scenario_change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace provlab::lab {

namespace {

constexpr std::array<std::string_view, 7> kParts{"about", "device",   "world", "responders",
                                                 "race",  "timeline", "expect"};

/// `2`, `2..4`, `3..`; without an end: the largest number.
struct Span {
  unsigned first = 1;
  unsigned last = ~0U;
  bool contains(unsigned n) const { return n >= first && n <= last; }
};

Span span_of(std::string_view nth) {
  if (nth.empty()) return {};
  const auto number = [](std::string_view text, unsigned otherwise) {
    return text.empty() ? otherwise : static_cast<unsigned>(std::stoul(std::string(text)));
  };
  const std::size_t dots = nth.find("..");
  if (dots == nth.npos) return {number(nth, 1), number(nth, 1)};
  return {number(nth.substr(0, dots), 1), number(nth.substr(dots + 2), ~0U)};
}

pugi::xml_node responder_at(pugi::xml_node scenario, const AskedOnce& asked) {
  for (const pugi::xml_node each : scenario.child("responders").children(asked.kind.c_str())) {
    if (asked.host == each.attribute("host").value()) return each;
  }
  return {};
}

/// The rule in force for it.
pugi::xml_node rule_for(pugi::xml_node responder, const AskedOnce& asked) {
  for (const pugi::xml_node on : responder.children("on")) {
    const std::string_view request = on.attribute("request").value();
    if (!request.empty() && request != asked.request) continue;
    if (span_of(on.attribute("nth").value()).contains(asked.nth)) return on;
  }
  return {};
}

/// What multicast answers where no rule says otherwise.
void say_usual(pugi::xml_node responder, pugi::xml_node answer) {
  for (const pugi::xml_node notify : responder.children("notify")) {
    answer.append_copy(notify).remove_attribute("id");
  }
}

}  // namespace

pugi::xml_node part_of(pugi::xml_node scenario, std::string_view name) {
  const std::string wanted(name);
  if (const pugi::xml_node there = scenario.child(wanted.c_str())) return there;
  const auto place = std::ranges::find(kParts, name);
  pugi::xml_node before;
  for (const pugi::xml_node each : scenario.children()) {
    if (std::ranges::find(kParts.begin(), place, each.name()) != place) before = each;
  }
  return before ? scenario.insert_child_after(wanted.c_str(), before)
                : scenario.prepend_child(wanted.c_str());
}

void put_attribute(pugi::xml_node node, const char* name, const std::string& value) {
  pugi::xml_attribute attribute = node.attribute(name);
  if (!attribute) attribute = node.append_attribute(name);
  attribute.set_value(value.c_str());
}

void add_loss(pugi::xml_node scenario, const std::string& from, const std::string& to,
              std::string_view protocol, unsigned nth) {
  pugi::xml_node lose = part_of(scenario, "world").append_child("lose");
  put_attribute(lose, "from", from);
  put_attribute(lose, "to", to);
  put_attribute(lose, "protocol", std::string(protocol));
  put_attribute(lose, "nth", std::to_string(nth));
}

void put_setting(pugi::xml_node scenario, const std::string& path, const std::string& value) {
  for (const pugi::xml_node set : part_of(scenario, "device").children("set")) {
    if (path == set.attribute("path").value()) return put_attribute(set, "value", value);
  }
  add_setting(scenario, path, value);
}

void add_setting(pugi::xml_node scenario, const std::string& path, const std::string& value) {
  pugi::xml_node device = part_of(scenario, "device");
  const pugi::xml_node knobs = device.child("knobs");
  pugi::xml_node set =
      knobs ? device.insert_child_before("set", knobs) : device.append_child("set");
  put_attribute(set, "path", path);
  put_attribute(set, "value", value);
}

void put_knob(pugi::xml_node scenario, const std::string& name, const std::string& value) {
  pugi::xml_node device = part_of(scenario, "device");
  pugi::xml_node knobs = device.child("knobs");
  if (!knobs) knobs = device.append_child("knobs");
  put_attribute(knobs, name.c_str(), value);
}

pugi::xml_node answer_to(pugi::xml_node scenario, const AskedOnce& asked) {
  pugi::xml_node responder = responder_at(scenario, asked);
  if (!responder) return {};
  const pugi::xml_node in_force = rule_for(responder, asked);
  if (in_force && std::string_view(in_force.first_child().name()) == "nothing") return {};
  const std::string nth = std::to_string(asked.nth);
  if (in_force && nth == in_force.attribute("nth").value()) return in_force.first_child();
  pugi::xml_node own;
  if (in_force) {
    own = responder.insert_copy_before(in_force, in_force);
  } else {
    const pugi::xml_node first = responder.child("on");
    own = first ? responder.insert_child_before("on", first) : responder.append_child("on");
    own.append_child("answer");
    if (asked.kind == "multicast") say_usual(responder, own.child("answer"));
  }
  own.remove_attribute("nth");
  put_attribute(own, "request", asked.request);
  put_attribute(own, "nth", nth);
  return own.first_child();
}

}  // namespace provlab::lab
