#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/responder.hpp"
#include "sim/lab/language/names.hpp"

/// `<on>`: what the rules of all responders have in common.
namespace provlab::lab {

/// Which requests a rule names.
void read_requests_meant(const Element& element, const netfakes::ResponderKind& kind,
                         netfakes::AnswerRule& rule);

/// `since` and `until` of a rule or a loss, where it goes by times (D42).
void read_times(const Element& element, std::optional<Instant>& since,
                std::optional<Instant>& until);

/// Which requests the rule names, and how its answer leaves. Returns the one element inside, for
/// what its protocol says differently.
std::optional<Element> read_answer_rule(const Element& on, const netfakes::ResponderKind& kind,
                                        const Names& names, netfakes::AnswerRule& rule);

/// Complains about rules that are never used because of one before them.
void check_shadowed(const Element& responder, std::span<const netfakes::AnswerRule* const> rules);

/// All rules of a responder; `read_answer(answer, rule)` reads what its protocol says differently.
template <class Config, class ReadAnswer>
void read_answer_rules(const Element& responder, const Names& names, Config& config,
                       ReadAnswer&& read_answer) {
  for (const Element& on : responder.children("on")) {
    typename decltype(config.rules)::value_type rule;
    const auto answer = read_answer_rule(on, config.kind, names, rule);
    if (!answer) continue;
    read_answer(*answer, rule);
    config.rules.push_back(std::move(rule));
  }
  std::vector<const netfakes::AnswerRule*> plain;
  for (const auto& rule : config.rules) plain.push_back(&rule);
  check_shadowed(responder, plain);
}

}  // namespace provlab::lab
