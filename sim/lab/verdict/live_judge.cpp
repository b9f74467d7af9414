#include "sim/lab/verdict/live_judge.hpp"

#include <algorithm>

#include "core/platform/user_info.hpp"
#include "sim/lab/verdict/evidence.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/expectations/patterns.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/lab/verdict/wire_invariants.hpp"

namespace provlab::lab {

namespace {

/// Of what fits with the slack of times, and of what fits in spite of it.
Standing standing_of(const Times& times, std::size_t possible, std::size_t certain) {
  if (certain > times.most) return Standing::departed;
  if (possible < times.least) return Standing::missing;
  return times.most == UINT_MAX ? Standing::held : Standing::so_far;
}

Standing standing_of(const ExpectRequest& wanted, const Evidence& evidence) {
  return standing_of(wanted.times, matches(wanted.request, evidence).size(),
                     matches(wanted.request, evidence, Edge::narrow).size());
}

Standing standing_of(const ExpectResponse& wanted, const Evidence& evidence) {
  return standing_of(wanted.times, matches(wanted.response, evidence).size(),
                     matches(wanted.response, evidence, Edge::narrow).size());
}

Standing standing_of(const ExpectEvent& wanted, const Evidence& evidence) {
  return standing_of(wanted.times, matches(wanted.event, evidence).size(),
                     matches(wanted.event, evidence, Edge::narrow).size());
}

Standing standing_of(const ExpectRequests& wanted, const Evidence& evidence) {
  const auto departure = departure_from(wanted, evidence);
  if (!departure) return wanted.others ? Standing::held : Standing::so_far;
  // A window that opens later may still let in what has come.
  const bool timed = std::ranges::any_of(wanted.requests, [](const RequestPattern& pattern) {
    return pattern.when.within.has_value();
  });
  return departure->near == 0 || timed ? Standing::missing : Standing::departed;
}

Standing standing_of(const ExpectNever& unwanted, const Evidence& evidence) {
  return departure_from(unwanted, evidence) ? Standing::departed : Standing::so_far;
}

/// What is inside the phone is not judged here.
template <class Inner>
Standing standing_of(const Inner&, const Evidence&) {
  return Standing::held;
}

}  // namespace

LiveJudge::LiveJudge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
                     Duration slack)
    : plan_(plan), variant_(variant), trace_(trace), slack_(slack) {
  for (const Expectation& expectation : plan_.expectations) {
    if (applies(expectation, variant_)) watched_.push_back({&expectation});
  }
}

std::vector<LiveJudge::Decision> LiveJudge::look() {
  std::vector<Decision> decisions;
  if (idle() || seen_ == trace_.last()) return decisions;
  seen_ = trace_.last();
  const Evidence evidence(plan_, trace_, slack_);
  race_problem_ = evidence.race().problem(variant_);
  for (Watched& watched : watched_) {
    if (watched.standing == Standing::held || watched.standing == Standing::departed) continue;
    std::visit(
        [&](const auto& wanted) {
          watched.standing = standing_of(wanted, evidence);
          if (watched.standing != Standing::held && watched.standing != Standing::departed) return;
          Decision decision{watched.expectation, watched.standing, in_words(wanted, evidence), {}};
          if (watched.standing == Standing::departed) {
            const auto departure = departure_from(wanted, evidence);
            if (departure) decision.actual = hide_user_info(departure->actual);
          }
          decision.expected = hide_user_info(decision.expected);
          decisions.push_back(std::move(decision));
        },
        watched.expectation->what);
  }
  return decisions;
}

bool LiveJudge::complete() const {
  return race_problem_.empty() && std::ranges::none_of(watched_, [](const Watched& watched) {
           return watched.standing == Standing::missing;
         });
}

Verdict LiveJudge::verdict() const {
  return judge(plan_, variant_, trace_, {.slack = slack_, .on_wire = true},
               broken_on_wire(plan_, trace_));
}

}  // namespace provlab::lab
