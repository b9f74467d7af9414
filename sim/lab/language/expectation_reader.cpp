#include "sim/lab/language/expectation_reader.hpp"

#include <fmt/format.h>
#include <libxml/xpath.h>

#include <algorithm>
#include <map>

#include "sim/lab/language/impossible_events.hpp"
#include "sim/lab/language/moments.hpp"
#include "sim/lab/language/pattern_reader.hpp"
#include "sim/lab/language/setting_paths.hpp"

namespace provlab::lab {

namespace {

using What = decltype(Expectation::what);

RunNumber run_number(const Element& element) {
  if (element.text("run") == "last") return {.number = 0, .last = true};
  return {.number = element.number("run").value_or(0), .last = false};
}

What read_result(const Element& element, const Names&, const ScenarioPlan&) {
  return ExpectResult{read_result_pattern(element), run_number(element)};
}

What read_winner(const Element& element, const Names&, const ScenarioPlan& plan) {
  ExpectWinner winner{element.text("is"), run_number(element), element.text("url")};
  if (winner.is == "first-answer" && !plan.race) {
    element.complain("is", "is=\"first-answer\" needs a <race>; name the source itself");
  }
  return winner;
}

What read_requests(const Element& element, const Names& names, const ScenarioPlan& plan) {
  ExpectRequests requests{element.text("to"),
                          element.text("kind"),
                          element.flag("in-order").value_or(true),
                          element.text("others") == "allowed",
                          {}};
  names.host(element, "to");
  if (names.has_daemon(requests.to)) {
    element.complain("to", fmt::format("host '{}' has a daemon, and what that is asked stands in "
                                       "its log alone; expect events of the phone instead",
                                       requests.to));
  }
  for (const Element& each : element.children("request")) {
    requests.requests.push_back(read_request_pattern(each, names, plan));
  }
  return requests;
}

/// What may not happen, and cannot either.
void watch_forbidden(const Element& expectation, const Element& pattern, const Names& names,
                     const std::optional<std::string>& why) {
  if (!why) return;
  names.watch_part(expectation, pattern.line(), pattern.as_written(),
                   "this cannot happen, whatever the phone does: " + *why);
}

What read_request(const Element& element, const Names& names, const ScenarioPlan& plan) {
  ExpectRequest expected{read_request_pattern(element, names, plan),
                         element.times("count").value_or(Times{})};
  if (expected.times.least == 0) {
    watch_forbidden(element, element, names, why_impossible(expected.request, element, plan));
  }
  return expected;
}

What read_response(const Element& element, const Names& names, const ScenarioPlan&) {
  return ExpectResponse{read_response_pattern(element, names),
                        element.times("count").value_or(Times{})};
}

What read_event(const Element& element, const Names& names, const ScenarioPlan& plan) {
  ExpectEvent expected{read_event_pattern(element, names),
                       element.times("count").value_or(Times{})};
  if (expected.times.least == 0) {
    watch_forbidden(element, element, names, why_impossible(expected.event, plan));
  }
  return expected;
}

void ignore_error(void*, XmlError*) {}

bool compiles(const std::string& xpath) {
  xmlXPathContext* context = xmlXPathNewContext(nullptr);
  context->error = &ignore_error;
  xmlXPathCompExpr* compiled =
      xmlXPathCtxtCompile(context, reinterpret_cast<const xmlChar*>(xpath.c_str()));
  const bool good = compiled != nullptr;
  if (good) xmlXPathFreeCompExpr(compiled);
  xmlXPathFreeContext(context);
  return good;
}

/// What no release can have is absent for ever, whatever the phone does.
void check_path(const Element& element, const std::string& path) {
  if (const auto problem = impossible_step(path)) {
    element.complain("path", fmt::format("path=\"{}\": {}", path, *problem));
  }
}

What read_setting(const Element& element, const Names&, const ScenarioPlan&) {
  ExpectSetting setting;
  setting.path = element.text("path");
  setting.equals = element.get("equals");
  setting.contains = element.text("contains");
  setting.absent = element.flag("absent").value_or(false);
  setting.times = element.times("count");
  setting.at = read_moment(element, "at");
  if (setting.path.empty()) return setting;
  if (!compiles(setting.path)) {
    element.complain("path", fmt::format("path=\"{}\" is no XPath; write for example "
                                         "/telephony/callWaiting/active",
                                         setting.path));
    return setting;
  }
  const int wants = (setting.equals ? 1 : 0) + (setting.contains.empty() ? 0 : 1) +
                    (setting.absent ? 1 : 0) + (setting.times ? 1 : 0);
  if (wants != 1) {
    element.complain(wants == 0
                         ? "<setting> needs equals=\"...\", contains=\"...\", absent=\"true\" or "
                           "count=\"...\""
                         : "<setting> says several things; use one <setting> for each");
  }
  check_path(element, setting.path);
  return setting;
}

What read_never(const Element& element, const Names& names, const ScenarioPlan& plan) {
  ExpectNever never;
  for (const Element& each : element.children()) {
    std::optional<std::string> why;
    if (each.name() == "request") {
      RequestPattern pattern = read_request_pattern(each, names, plan);
      why = why_impossible(pattern, element, plan);
      never.patterns.emplace_back(std::move(pattern));
    } else if (each.name() == "response") {
      never.patterns.emplace_back(read_response_pattern(each, names));
    } else if (each.name() == "result") {
      never.patterns.emplace_back(read_result_pattern(each));
    } else {
      EventPattern pattern = read_event_pattern(each, names);
      why = why_impossible(pattern, plan);
      never.patterns.emplace_back(std::move(pattern));
    }
    watch_forbidden(element, each, names, why);
  }
  return never;
}

void check_variants(const Element& element, const std::vector<std::string>& globs,
                    const ScenarioPlan& plan) {
  std::vector<std::string> names;
  for (const Variant& variant : plan.variants) names.push_back(variant.name);
  for (const std::string& glob : globs) {
    if (std::ranges::any_of(plan.variants,
                            [&](const Variant& variant) { return is_called(variant, glob); })) {
      continue;
    }
    element.complain("variant",
                     plan.race || !plan.releases.empty()
                         ? fmt::format("no variant of the {} is called '{}'{}; there are {}",
                                       plan.race ? "race" : "scenario", glob,
                                       did_you_mean(glob, names), any_of(names))
                         : "variant=\"...\" needs a <race>; remove it");
  }
}

/// The releases that an expectation is about are among those of the device.
std::vector<Release> read_releases_meant(const Element& element, const ScenarioPlan& plan) {
  std::vector<Release> releases;
  std::vector<std::string> of_device;
  for (const Release release : plan.releases) of_device.emplace_back(to_string(release));
  for (const std::string& word : element.words("release")) {
    releases.push_back(*parse_release(word));
    if (of_device.empty()) {
      element.complain("release",
                       "the device has one release; write several in <device release=\"...\">, or "
                       "remove this one");
    } else if (std::ranges::find(of_device, word) == of_device.end()) {
      element.complain("release",
                       fmt::format("release=\"{}\": the device has {}", word, any_of(of_device)));
    }
  }
  return releases;
}

}  // namespace

void read_expectations(const Element& expect, const Names& names, ScenarioPlan& plan) {
  using ReadWhat = What (*)(const Element&, const Names&, const ScenarioPlan&);
  static const std::map<std::string_view, ReadWhat> kExpectations{
      {"result", &read_result},   {"winner", &read_winner},     {"requests", &read_requests},
      {"request", &read_request}, {"response", &read_response}, {"event", &read_event},
      {"setting", &read_setting}, {"never", &read_never}};
  for (const Element& element : expect.children()) {
    Expectation expectation;
    expectation.line = element.line();
    expectation.text = element.as_written();
    expectation.why = element.text("why");
    expectation.not_on_wire = element.text("not-on-wire");
    expectation.variants = element.words("variant");
    if (!names.variants_lost()) check_variants(element, expectation.variants, plan);
    expectation.releases = read_releases_meant(element, plan);
    expectation.idle_silenced = element.has("used");
    expectation.what = kExpectations.at(element.name())(element, names, plan);
    const auto* setting = std::get_if<ExpectSetting>(&expectation.what);
    if (setting != nullptr && setting->at) {
      plan.timeline.push_back({.at = *setting->at,
                               .what = LookUp{setting->path, setting->at->to_string()},
                               .line = expectation.line});
    }
    plan.expectations.push_back(std::move(expectation));
  }
}

}  // namespace provlab::lab
