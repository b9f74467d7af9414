#include "sim/lab/language/answer_rule_reader.hpp"

#include <fmt/format.h>

#include "sim/lab/language/faults_reader.hpp"

namespace provlab::lab {

void read_times(const Element& element, std::optional<Instant>& since,
                std::optional<Instant>& until) {
  since = element.time("since");
  until = element.time("until");
  if (since && until && *until <= *since) {
    element.complain("until", fmt::format("until=\"{}\" is not later than since=\"{}\"; what holds "
                                          "for no time is never used",
                                          element.text("until"), element.text("since")));
  }
}

namespace {

/// Whether one rule is in force whenever the other is.
bool outlasts(const netfakes::AnswerRule& a, const netfakes::AnswerRule& b) {
  return (!a.since || (b.since && *b.since >= *a.since)) &&
         (!a.until || (b.until && *b.until <= *a.until));
}

}  // namespace

void read_requests_meant(const Element& on, const netfakes::ResponderKind& kind,
                         netfakes::AnswerRule& rule) {
  rule.request = on.text("request");
  rule.nth = on.nth("nth");
  rule.every = on.number("every");
  read_times(on, rule.since, rule.until);
  if (rule.nth && rule.every) {
    on.complain("every", "nth and every exclude each other; keep one of them");
  }
  if (!rule.request.empty() && !kind.can_be_asked(rule.request)) {
    const std::vector<std::string> known(kind.requests.begin(), kind.requests.end());
    std::string hint = did_you_mean(rule.request, known);
    if (!kind.example.empty()) hint = fmt::format("; write for example {}", kind.example);
    if (hint.empty()) hint = fmt::format("; it gets {}", any_of(known));
    on.complain("request",
                fmt::format("<{}> never gets a request '{}'{}", kind.name, rule.request, hint));
  }
}

std::optional<Element> read_answer_rule(const Element& on, const netfakes::ResponderKind& kind,
                                        const Names& names, netfakes::AnswerRule& rule) {
  read_requests_meant(on, kind, rule);
  const std::vector<Element> inside = on.children();
  if (inside.empty()) return std::nullopt;
  const Element& answer = inside.front();
  rule.answer.use = names.watch(on, "this rule was never used");
  rule.answer.silent = answer.name() == "nothing";
  rule.answer.id = answer.text("id");
  rule.answer.after = answer.duration("after").value_or(Duration::zero());
  rule.answer.faults = read_faults(answer, names);
  return answer;
}

void check_shadowed(const Element& responder, std::span<const netfakes::AnswerRule* const> rules) {
  const std::vector<Element> elements = responder.children("on");
  if (elements.size() != rules.size()) return;  // some were not read
  for (std::size_t later = 1; later < rules.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const netfakes::AnswerRule& a = *rules[earlier];
      const netfakes::AnswerRule& b = *rules[later];
      const bool wider =
          a.request == b.request || netfakes::names(a.request, netfakes::Request{b.request, {}});
      if (!outlasts(a, b)) continue;  // its time comes
      const bool always = !a.nth && !a.every && (wider || a.request == "*");
      const bool covered =
          a.nth && b.nth && a.nth->contains(b.nth->first) && a.nth->contains(b.nth->last);
      // Rules that begin at different times count different requests.
      const bool alike = a.request == b.request && a.since == b.since;
      const bool same = alike && (covered || a.nth == b.nth) && a.every == b.every;
      if (!always && !same) continue;
      elements[later].complain(fmt::format(
          "this rule is never used: the rule in line {} comes first and answers all its requests; "
          "move it up, or narrow the other",
          elements[earlier].line()));
      break;
    }
  }
}

}  // namespace provlab::lab
