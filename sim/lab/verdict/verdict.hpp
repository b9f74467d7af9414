#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/record/trace.hpp"

namespace provlab::lab {

enum class Outcome {
  passed,
  failed,    ///< an expectation does not hold
  invalid,   ///< the scenario could not be what it says: its race did not form
  broken,    ///< the lab's own fault
  too_slow,  ///< on a wire: the machine was too late for what the scenario measures
  left_out   ///< not run, for a reason that is nobody's fault
};
inline constexpr std::array kOutcomes{Outcome::passed, Outcome::failed,   Outcome::invalid,
                                      Outcome::broken, Outcome::too_slow, Outcome::left_out};
std::string_view to_string(Outcome outcome);  ///< one word, `left-out`
/// Whether nothing is to be mended: it passed, or was not run.
inline bool is_good(Outcome outcome) {
  return outcome == Outcome::passed || outcome == Outcome::left_out;
}
std::optional<Outcome> outcome_of(std::string_view name);  ///< undoes to_string()

/// What became of one expectation.
struct Finding {
  int line = 0;      ///< in the scenario; 0 for what no line of it says
  std::string text;  ///< the expectation as written
  bool held = true;
  std::string expected;            ///< a sentence without full stop
  std::string actual;              ///< the same; empty where it held
  std::string why;                 ///< the author's reason, or empty
  std::vector<std::string> slice;  ///< the time line around the place, where it did not hold
  EventNumber event = 0;           ///< that place in the trace; 0 where it held
  std::string not_judged{};        ///< why nobody looked whether it held; empty: somebody did
  std::string invariant{};         ///< its number where this is one that broke; else empty
};

struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string reason;  ///< of all but passed and failed
  std::vector<Finding> findings;
  int line = 0;  ///< of the scenario, that the reason is about; 0: it is about the whole

  std::size_t failed() const;
};

}  // namespace provlab::lab
