#include "sim/lab/verdict/verdict.hpp"

#include <algorithm>

namespace provlab::lab {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::invalid:
      return "invalid";
    case Outcome::broken:
      return "broken";
    case Outcome::too_slow:
      return "too-slow";
    case Outcome::left_out:
      return "left-out";
  }
  return "";
}

std::optional<Outcome> outcome_of(std::string_view name) {
  const auto found =
      std::ranges::find(kOutcomes, name, [](Outcome each) { return to_string(each); });
  return found == kOutcomes.end() ? std::nullopt : std::optional(*found);
}

std::size_t Verdict::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [](const Finding& finding) { return !finding.held; }));
}

}  // namespace provlab::lab
