#include "sim/lab/language/impossible_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/platform/text.hpp"
#include "sim/lab/markup/complaint.hpp"
#include "sim/lab/trace/field_values.hpp"
#include "sim/lab/trace/known_events.hpp"

namespace provlab::lab {

namespace {

std::vector<std::string> titles_of_responders(const ScenarioPlan& plan) {
  std::vector<std::string> titles;
  for (const ResponderPlan& each : plan.responders) {
    titles.push_back(std::visit([](const auto& config) { return config->name; }, each.config));
  }
  titles.emplace_back("check-sync");
  return titles;
}

/// By what the fields of servers call what a scenario has.
std::optional<std::vector<std::string>> values_in_plan(std::string_view event,
                                                       std::string_view field,
                                                       const ScenarioPlan& plan) {
  if (field == "responder") return titles_of_responders(plan);
  if (event == "cable_moved" && field == "of") {
    std::vector<std::string> ids{"device"};
    for (const HostPlan& host : plan.hosts) ids.push_back(host.options.name);
    return ids;
  }
  return std::nullopt;
}

/// An answer has the id that it was given, or one that begins with its responder's title.
std::optional<std::string> impossible_answer(const std::string& id, const ScenarioPlan& plan) {
  std::vector<std::string> known;
  for (const NamedAnswer& answer : plan.answers) known.push_back(answer.id);
  for (const std::string& title : titles_of_responders(plan)) {
    if (id.starts_with(title + ":")) return std::nullopt;
    known.push_back(title + ":...");
  }
  if (std::ranges::find(known, id) != known.end()) return std::nullopt;
  return fmt::format("no answer is called '{}'{}; there are {}", id, did_you_mean(id, known),
                     any_of(known));
}

bool possible(const FieldPattern& pattern, const std::vector<std::string>& values) {
  return std::ranges::any_of(values, [&](const std::string& value) {
    return (!pattern.is || *pattern.is == value) && value.find(pattern.contains) != value.npos;
  });
}

std::optional<std::string> impossible_field(std::string_view event, const FieldPattern& pattern,
                                            const ScenarioPlan& plan) {
  const std::string& wanted = pattern.is ? *pattern.is : pattern.contains;
  if (is_number_field(event, pattern.field)) {
    if (wanted.find_first_not_of("0123456789") == wanted.npos) return std::nullopt;
    return fmt::format("{} is a number, never '{}'", pattern.field, wanted);
  }
  const bool of_answer = pattern.field == "answer" && event != "race_answer_held";
  if (of_answer && pattern.is) return impossible_answer(*pattern.is, plan);
  auto values = values_in_plan(event, pattern.field, plan);
  if (!values) values = values_of_field(event, pattern.field);
  if (!values || possible(pattern, *values)) return std::nullopt;
  return fmt::format("{} is never '{}'{}; it is {}", pattern.field, wanted,
                     did_you_mean(wanted, *values), any_of(*values));
}

/// What the phone is told, and by whom: the parts of the scenario before what it expects, as text.
std::string text_of_world(const Element& expectation) {
  const XmlDocument& document = expectation.context().document;
  std::string text;
  for (xmlNode* part : Children(document.root())) {
    if (name_of(part) != "expect" && name_of(part) != "about") text += document.to_xml(part);
  }
  return text;
}

/// The octets that it has in hexadecimal digits, as text.
std::string octets_in(std::string_view text) {
  constexpr std::string_view kBegin = " hex=\"";
  std::string octets;
  for (std::size_t at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    const Bytes written = hexadecimal_octets(text.substr(at, text.find('"', at) - at));
    octets.append(written.begin(), written.end()) += '\n';
  }
  return octets;
}

std::vector<std::string> paths_of_files(const ScenarioPlan& plan) {
  std::vector<std::string> paths;
  for (const ResponderPlan& each : plan.responders) {
    const auto* http = std::get_if<Shared<netfakes::HttpConfig>>(&each.config);
    if (http == nullptr) continue;
    for (const netfakes::HttpResource& file : (*http)->resources) paths.push_back(file.path);
  }
  return paths;
}

}  // namespace

std::optional<std::string> why_impossible(const RequestPattern& pattern, const Element& expectation,
                                          const ScenarioPlan& plan) {
  if (!pattern.path.starts_with('/')) return std::nullopt;
  std::string last = pattern.path.substr(0, pattern.path.find('?'));
  last = last.substr(last.rfind('/') + 1);
  const DeviceIdentity& phone = plan.phone.identity;
  const bool of_phone = lower(last).find(lower(phone.mac.compact())) != last.npos ||
                        last.find(phone.serial) != last.npos;
  if (last.empty() || of_phone) return std::nullopt;
  std::string text = text_of_world(expectation);
  for (const std::string_view elsewhere : {" src=", " devices=", " config="}) {
    if (text.find(elsewhere) != text.npos) return std::nullopt;
  }
  text += octets_in(text);
  const bool asks = pattern.path.find('?') != pattern.path.npos && text.find('?') == text.npos;
  if (!asks && text.find(last) != text.npos) return std::nullopt;
  return fmt::format("nothing in this scenario leads to {}{}", pattern.path,
                     did_you_mean(pattern.path, paths_of_files(plan)));
}

std::optional<std::string> why_impossible(const EventPattern& pattern, const ScenarioPlan& plan) {
  if (!pattern.host.empty() && pattern.host != "device" && is_event_of_phone(pattern.name)) {
    return fmt::format("{} is an event of the phone, never of {}", pattern.name, pattern.host);
  }
  for (const FieldPattern& field : pattern.fields) {
    if (auto why = impossible_field(pattern.name, field, plan)) return why;
  }
  return std::nullopt;
}

}  // namespace provlab::lab
