#include "sim/lab/language/pattern_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/responder_kinds.hpp"
#include "sim/lab/language/header_reader.hpp"
#include "sim/lab/language/moments.hpp"
#include "sim/lab/trace/known_events.hpp"

namespace provlab::lab {

namespace {

void check_request(const Element& element, const RequestPattern& pattern,
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

/// A host that there is must be one that receives such a request; `kinds` are its responders.
void check_receiver(const Element& element, const RequestPattern& pattern,
                    const std::vector<std::string>& kinds) {
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

using Kinds = std::vector<const netfakes::ResponderKind*>;

/// Of those responders the kinds that may receive it.
Kinds kinds_meant(const RequestPattern& pattern, const std::vector<std::string>& responders) {
  Kinds meant;
  for (const std::string& each : responders) {
    const netfakes::ResponderKind& kind = netfakes::kind_named(each);
    const bool named = pattern.kind.empty() || pattern.kind == kind.name;
    const bool asked = pattern.is.empty() || kind.can_be_asked(pattern.is);
    const bool by_path = kind.name == "http" || kind.name == "redirect";
    if (named && asked && (pattern.path.empty() || by_path)) meant.push_back(&kind);
  }
  return meant;
}

/// A field is one of those that the requests of one kind at least have.
void check_field(const Element& field, const Kinds& kinds) {
  std::vector<std::string> known;
  const std::string name = field.text("name");
  for (const netfakes::ResponderKind* kind : kinds) {
    if (kind->has_field(name)) return;
    for (const std::string_view each : kind->fields) {
      if (std::ranges::find(known, each) == known.end()) known.emplace_back(each);
    }
  }
  if (known.empty()) {
    field.complain("this request has no fields; those to <dhcp>, <dns> and <ntp> have");
  } else if (!name.empty()) {
    field.complain("name", fmt::format("this request has no field '{}'{}; it has {}", name,
                                       did_you_mean(name, known), any_of(known)));
  }
}

/// `responders` are those that may receive it, by their kinds.
void check_lines(const Element& element, const RequestPattern& pattern,
                 const std::vector<std::string>& responders) {
  const Kinds kinds = kinds_meant(pattern, responders);
  if (kinds.empty()) return;  // that is told already
  const bool has_headers =
      std::ranges::any_of(kinds, [](const auto* kind) { return kind->fields.empty(); });
  for (const Element& line : element.children()) {
    if (line.name() == "field") {
      check_field(line, kinds);
    } else if (!has_headers) {
      return line.complain(
          "this request has no header lines; those to <http>, <redirect> and <multicast> have");
    }
  }
}

void check_event(const Element& element, const EventPattern& pattern) {
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

}  // namespace

RequestPattern read_request_pattern(const Element& element, const Names& names,
                                    const ScenarioPlan& plan) {
  RequestPattern pattern;
  pattern.to = element.text("to");
  pattern.kind = element.text("kind");
  pattern.is = element.text("is");
  pattern.path = element.text("path");
  pattern.headers = read_line_patterns(element);
  pattern.when = read_when(element);
  const auto host = names.host(element, "to");
  if (!pattern.path.empty() && !pattern.is.empty()) {
    element.complain("is",
                     "is and path exclude each other: path=\"/a.xml\" means is=\"GET /a.xml\"");
  }
  if ((pattern.path == "winner" || pattern.path == "loser") && !plan.race) {
    element.complain(
        "path", fmt::format("path=\"{}\" needs a <race>; write the path itself", pattern.path));
  }
  if (names.has_daemon(pattern.to)) {
    element.complain("to", fmt::format("host '{}' has a daemon, and what that is asked stands in "
                                       "its log alone; expect events of the phone instead",
                                       pattern.to));
  } else if (host) {
    check_receiver(element, pattern, names.kinds_on(*host));
    check_lines(element, pattern, names.kinds_on(*host));
  } else {
    std::vector<std::string> kinds;
    for (const netfakes::ResponderKind* kind : netfakes::responder_kinds()) {
      kinds.emplace_back(kind->name);
    }
    if (!pattern.is.empty()) check_request(element, pattern, kinds);
    check_lines(element, pattern, kinds);
  }
  return pattern;
}

ResponsePattern read_response_pattern(const Element& element, const Names& names) {
  ResponsePattern pattern;
  pattern.to = element.text("to");
  names.host(element, "to");
  pattern.answer = element.text("ref");
  pattern.status = element.text("status");
  pattern.headers = read_line_patterns(element);
  pattern.when = read_when(element);
  if (!element.has("ref")) return pattern;
  const NamedAnswer* answer = names.answer(element, "ref");
  const bool asks = answer == nullptr || answer->kind == "send-sip" ||
                    answer->kind == "check-sync" || answer->kind == "multicast";
  if (!asks) {
    element.complain("ref", fmt::format("'{}' is no SIP request, and a phone responds to those; "
                                        "name a <send-sip>, <check-sync> or <notify>",
                                        pattern.answer));
  }
  return pattern;
}

EventPattern read_event_pattern(const Element& element, const Names& names) {
  EventPattern pattern;
  pattern.name = event_name(element.text("name"));
  pattern.host = names.host_or_phone(element, "host");
  pattern.when = read_when(element);
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

ResultPattern read_result_pattern(const Element& element) {
  ResultPattern pattern{element.words("is"), element.text("says"), read_when(element)};
  for (const std::string& each : pattern.is) {
    if (is_result(each)) continue;
    element.complain("is",
                     fmt::format("is: there is no result '{}'{}; write {}, or several with "
                                 "spaces between them",
                                 each, did_you_mean(each, result_names()), any_of(result_names())));
  }
  return pattern;
}

}  // namespace provlab::lab
