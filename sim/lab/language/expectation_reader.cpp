#include <fmt/format.h>
#include <libxml/xpath.h>

#include <algorithm>

#include "core/net/url.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/section_names.hpp"
#include "sim/lab/language/scenario_reader.hpp"
#include "sim/lab/trace/known_events.hpp"

namespace provlab::lab {

namespace {

const std::vector<std::string> kResults{"inactive", "no-network",      "no-valid-time",
                                        "no-url",   "download-failed", "rejected",
                                        "partial",  "provisioned",     "unchanged"};

std::vector<std::string> event_names() {
  std::vector<std::string> names;
  for (const auto& [name, fields] : known_events()) names.push_back(name);
  return names;
}

/// `run-ended` is as good as `run_ended`.
std::string event_name(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

bool is_event(const std::string& name) {
  return known_events().contains(event_name(name));
}

void ignore_error(void*, xmlErrorPtr) {}

RunNumber run_number(const Element& element) {
  if (element.text("run") == "last") return {.number = 0, .last = true};
  return {.number = element.number("run").value_or(0), .last = false};
}

bool compiles(const std::string& xpath) {
  xmlXPathContext* context = xmlXPathNewContext(nullptr);
  context->error = reinterpret_cast<xmlStructuredErrorFunc>(&ignore_error);
  xmlXPathCompExpr* compiled =
      xmlXPathCtxtCompile(context, reinterpret_cast<const xmlChar*>(xpath.c_str()));
  const bool good = compiled != nullptr;
  if (good) xmlXPathFreeCompExpr(compiled);
  xmlXPathFreeContext(context);
  return good;
}

}  // namespace

void ScenarioReader::read_expectations(const Element& expect) {
  for (const Element& element : expect.children()) read_expectation(element);
}

void ScenarioReader::check_anchor(const Element& element, const char* attribute, Moment& moment) {
  if (moment.anchor.empty() || std::ranges::find(kResults, moment.anchor) != kResults.end()) return;
  if (is_event(moment.anchor)) {
    moment.anchor = event_name(moment.anchor);
    return;
  }
  std::vector<std::string> candidates = event_names();
  candidates.insert(candidates.end(), kResults.begin(), kResults.end());
  element.complain(attribute,
                   fmt::format("{}: there is no event '{}'{}; a moment hangs on an event of the "
                               "trace or on a result of a run, for example provisioned+30s",
                               attribute, moment.anchor, did_you_mean(moment.anchor, candidates)));
}

void ScenarioReader::check_when(const Element& element, When& when) {
  if (when.at) check_anchor(element, "at", *when.at);
  if (when.of) check_anchor(element, "of", *when.of);
}

RequestPattern ScenarioReader::request_pattern(const Element& element) {
  RequestPattern pattern;
  pattern.to = element.text("to");
  pattern.kind = element.text("kind");
  pattern.is = element.text("is");
  pattern.path = element.text("path");
  pattern.when = element.when();
  check_when(element, pattern.when);
  const auto host = host_named(element, "to");
  if (!pattern.path.empty() && !pattern.is.empty()) {
    element.complain("is",
                     "is and path exclude each other: path=\"/a.xml\" means is=\"GET /a.xml\"");
  }
  if ((pattern.path == "winner" || pattern.path == "loser") && !plan_.race) {
    element.complain(
        "path", fmt::format("path=\"{}\" needs a <race>; write the path itself", pattern.path));
  }
  if (host) {
    check_receiver(element, pattern, *host);
  } else if (!pattern.is.empty()) {
    std::vector<std::string> kinds;
    for (const netfakes::ResponderKind* kind : netfakes::responder_kinds()) {
      kinds.emplace_back(kind->name);
    }
    check_request(element, pattern, kinds);
  }
  return pattern;
}

/// Where nobody would ever receive it the expectation could not fail, or never hold.
void ScenarioReader::check_receiver(const Element& element, const RequestPattern& pattern,
                                    std::size_t host) {
  std::vector<std::string> kinds;
  for (const auto& [kind, hosts] : kinds_) {
    if (std::ranges::find(hosts, host) != hosts.end()) kinds.push_back(kind);
  }
  const auto answers = [&](std::string_view kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
  };
  if (!pattern.path.empty() && !answers("http") && !answers("redirect")) {
    element.complain("to", fmt::format("host '{}' has no <http>, so it receives no request for a "
                                       "path",
                                       pattern.to));
  } else if (kinds.empty() || (!pattern.kind.empty() && !answers(pattern.kind))) {
    element.complain(
        "to", fmt::format("host '{}' has no <{}>, so it receives no such request", pattern.to,
                          pattern.kind.empty() ? "responder" : pattern.kind));
  } else if (!pattern.is.empty()) {
    check_request(element, pattern, kinds);
  }
}

void ScenarioReader::check_request(const Element& element, const RequestPattern& pattern,
                                   const std::vector<std::string>& kinds) {
  std::vector<std::string> known;
  for (const std::string& kind : kinds) {
    if (!pattern.kind.empty() && kind != pattern.kind) continue;
    const netfakes::ResponderKind& asked = netfakes::kind_named(kind);
    if (asked.can_be_asked(pattern.is)) return;
    for (const std::string_view each : asked.requests) {
      if (std::ranges::find(known, each) == known.end()) known.emplace_back(each);
    }
  }
  element.complain(
      "is", fmt::format("is=\"{}\": {} receives no such request{}; it receives {}", pattern.is,
                        pattern.to.empty() ? "a responder" : fmt::format("host '{}'", pattern.to),
                        did_you_mean(pattern.is, known), any_of(known)));
}

EventPattern ScenarioReader::event_pattern(const Element& element) {
  EventPattern pattern;
  pattern.name = event_name(element.text("name"));
  pattern.host = element.text("host");
  if (pattern.host != "device") host_named(element, "host");
  pattern.when = element.when();
  check_when(element, pattern.when);
  for (const Element& with : element.children("with")) {
    FieldPattern field{with.text("field"), with.get("is"), with.text("contains")};
    if (!field.is && field.contains.empty()) {
      with.complain("<with> needs is=\"...\" or contains=\"...\"");
    }
    pattern.fields.push_back(std::move(field));
  }
  check_event(element, pattern);
  return pattern;
}

void ScenarioReader::check_event(const Element& element, const EventPattern& pattern) {
  if (pattern.name.empty()) return;
  const auto [first, last] = known_events().equal_range(pattern.name);
  if (first == last) {
    element.complain("name",
                     fmt::format("there is no event '{}'{}; 'provlab list --events' shows "
                                 "all of them",
                                 element.text("name"), did_you_mean(pattern.name, event_names())));
    return;
  }
  std::vector<std::string> fields;
  for (auto it = first; it != last; ++it) {
    fields.insert(fields.end(), it->second.begin(), it->second.end());
  }
  for (const Element& with : element.children("with")) {
    const std::string field = with.text("field");
    if (field.empty() || std::ranges::find(fields, field) != fields.end()) continue;
    with.complain("field", fmt::format("the event {} has no field '{}'{}; it has {}", pattern.name,
                                       field, did_you_mean(field, fields), any_of(fields)));
  }
}

ExpectSetting ScenarioReader::expect_setting(const Element& element) {
  ExpectSetting setting;
  setting.path = element.text("path");
  setting.equals = element.get("equals");
  setting.contains = element.text("contains");
  setting.absent = element.flag("absent").value_or(false);
  setting.times = element.times("count");
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
  // The section is the first step of the path; a misspelt one would select nothing for ever.
  std::string_view path = setting.path;
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.starts_with("configuration/")) path.remove_prefix(14);
  const std::string section(path.substr(0, path.find_first_of("/[")));
  std::vector<std::string> sections;
  for (const std::string_view known : settings::known_sections()) sections.emplace_back(known);
  if (!setting.absent && std::ranges::find(sections, section) == sections.end() &&
      !nearest(section, sections).empty()) {
    element.complain("path", fmt::format("path=\"{}\": there is no section '{}'{}", setting.path,
                                         section, did_you_mean(section, sections)));
  }
  return setting;
}

void ScenarioReader::read_expectation(const Element& element) {
  Expectation expectation;
  expectation.line = element.line();
  expectation.text = element.as_written();
  expectation.why = element.text("why");
  expectation.variants = element.words("variant");
  for (const std::string& glob : expectation.variants) {
    if (!race_whole_) break;
    if (std::ranges::none_of(plan_.variants, [&](const Variant& variant) {
          return glob_matches(glob, variant.name);
        })) {
      std::vector<std::string> names;
      for (const Variant& variant : plan_.variants) names.push_back(variant.name);
      element.complain(
          "variant", plan_.race ? fmt::format("no variant of the race is called '{}'{}; there are "
                                              "{}",
                                              glob, did_you_mean(glob, names), any_of(names))
                                : "variant=\"...\" needs a <race>; remove it");
    }
  }
  const std::string_view name = element.name();
  if (name == "result") {
    ExpectResult result{element.words("is"), run_number(element), element.text("says"),
                        element.when()};
    for (const std::string& each : result.is) {
      if (std::ranges::find(kResults, each) != kResults.end()) continue;
      element.complain("is", fmt::format("is: there is no result '{}'{}; write {}, or several with "
                                         "spaces between them",
                                         each, did_you_mean(each, kResults), any_of(kResults)));
    }
    check_when(element, result.when);
    expectation.what = std::move(result);
  } else if (name == "winner") {
    ExpectWinner winner{element.text("is"), run_number(element), element.text("url")};
    if (winner.is == "first-answer" && !plan_.race) {
      element.complain("is", "is=\"first-answer\" needs a <race>; name the source itself");
    }
    expectation.what = std::move(winner);
  } else if (name == "requests") {
    ExpectRequests requests{element.text("to"),
                            element.text("kind"),
                            element.flag("in-order").value_or(true),
                            element.text("others") == "allowed",
                            {}};
    host_named(element, "to");
    for (const Element& each : element.children("request")) {
      requests.requests.push_back(request_pattern(each));
    }
    expectation.what = std::move(requests);
  } else if (name == "request") {
    expectation.what =
        ExpectRequest{request_pattern(element), element.times("count").value_or(Times{})};
  } else if (name == "event") {
    expectation.what =
        ExpectEvent{event_pattern(element), element.times("count").value_or(Times{})};
  } else if (name == "setting") {
    expectation.what = expect_setting(element);
  } else {
    ExpectNever never;
    for (const Element& each : element.children()) {
      if (each.name() == "request") {
        never.patterns.emplace_back(request_pattern(each));
      } else {
        never.patterns.emplace_back(event_pattern(each));
      }
    }
    expectation.what = std::move(never);
  }
  plan_.expectations.push_back(std::move(expectation));
}

}  // namespace provlab::lab
