#pragma once
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/verdict.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// How an expectation stands while its run goes on.
enum class Standing {
  missing,   ///< it does not hold yet, and may
  so_far,    ///< it holds, and may break
  held,      ///< whatever comes
  departed,  ///< whatever comes
};

/// Judges what a wire shows while it happens: expectations of requests and of servers' events
/// (those that wire_view() leaves). Plan, variant and trace must outlive it.
class LiveJudge {
 public:
  /// `slack`: by so much times may be off.
  LiveJudge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace, Duration slack);

  /// An expectation that from now on stands as it does, whatever comes.
  struct Decision {
    const Expectation* expectation;
    Standing standing;
    std::string expected;  ///< a sentence without full stop
    std::string actual;    ///< the same; empty where it is held
  };
  /// Looks at what was recorded since the last time.
  std::vector<Decision> look();
  /// Whether nothing is missing: what is not decided holds.
  bool complete() const;
  /// Whether there is nothing to look at.
  bool idle() const { return watched_.empty() && !plan_.race; }
  /// Why the race has not formed yet; empty where it has, or there is none.
  const std::string& race_problem() const { return race_problem_; }

  /// The verdict on all there was: expectations, and the invariants that a wire shows (I3 to I5 and
  /// I8).
  Verdict verdict() const;

 private:
  struct Watched {
    const Expectation* expectation;
    Standing standing = Standing::missing;
  };

  const ScenarioPlan& plan_;
  const Variant& variant_;
  const Trace& trace_;
  Duration slack_;
  std::vector<Watched> watched_;
  std::string race_problem_;
  EventNumber seen_ = 0;
};

}  // namespace provlab::lab
