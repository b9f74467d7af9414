#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/time.hpp"
#include "netfakes/faults.hpp"
#include "netfakes/uses.hpp"

/// What a responder does with the requests it gets (D10). A responder without rules behaves well; a
/// rule names requests and how their answer differs. Rules are data: they hold nothing of a run, so
/// many worlds share one configuration.
namespace provlab::netfakes {

/// How one answer leaves.
struct Answer {
  std::string id;       ///< what a race or an expectation calls it; empty: derived
  Duration after{};     ///< from the request's arrival to the answer's departure
  bool silent = false;  ///< no answer at all
  std::shared_ptr<const Faults> faults{};  ///< what is wrong with it; null: nothing
  UseMark use = 0;                         ///< of what says this: the rule, or what is answered
};

/// One request as rules and traces see it: `discover`, `GET /a.xml?x=1`, `A prov.server.com`.
struct Request {
  std::string text;
  std::string_view detail;    ///< what tells apart requests of the same text: `renewing`; a literal
  std::string contents = {};  ///< what else it says, for the trace; no rule looks at it
};

/// Which requests, and what answer. Responders derive their own rules and add what an answer of
/// theirs can say differently.
struct AnswerRule {
  /// Empty: every request. Otherwise the request's text; or its first word (`GET`, `A`); or text
  /// and detail (`request renewing`); or a beginning followed by `*`; without `?` it also names a
  /// target with a query (`GET /a.xml` names `GET /a.xml?mac=1`).
  std::string request;
  std::optional<Nth> nth;         ///< only the nth of these requests, or some in a row
  std::optional<unsigned> every;  ///< only every so many of these requests: 2 = the 2nd, 4th, …
  std::optional<Instant> since;   ///< only requests that come then or later; others do not count
  std::optional<Instant> until;   ///< only requests that come before; others do not count
  Answer answer;

  const Faults* faults() const { return answer.faults.get(); }
};

/// Whether a rule's `request` names this request.
bool names(std::string_view pattern, const Request& request);

/// Counts, for each rule of one responder, the requests of its time that its `request` names; a
/// rule counts also those that a rule before it answered. The first rule that applies wins.
class AnswerRuleCounter {
 public:
  /// Feeds one request to every rule; returns the rule that wins, or null. Call it exactly
  /// once per request.
  template <class R>
  const R* choose(std::span<const R> rules, const Request& request, Instant now) {
    if (rules.empty()) return nullptr;
    seen_.resize(rules.size());
    const R* chosen = nullptr;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (applies(rules[i], request, now, seen_[i]) && chosen == nullptr) chosen = &rules[i];
    }
    return chosen;
  }
  /// The same of rules that do not exclude each other: `use` is called with each that applies.
  template <class R, class Use>
  void each(std::span<const R> rules, const Request& request, Instant now, Use&& use) {
    seen_.resize(rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (applies(rules[i], request, now, seen_[i])) use(rules[i]);
    }
  }

 private:
  static bool applies(const AnswerRule& rule, const Request& request, Instant now, unsigned& seen);
  std::vector<unsigned> seen_;
};

}  // namespace provlab::netfakes
