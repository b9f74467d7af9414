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
  }
  return "";
}

std::optional<Outcome> outcome_of(std::string_view name) {
  for (const Outcome each : {Outcome::passed, Outcome::failed, Outcome::invalid, Outcome::broken}) {
    if (to_string(each) == name) return each;
  }
  return std::nullopt;
}

std::size_t Verdict::failed() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [](const Finding& finding) { return !finding.held; }));
}

}  // namespace provlab::lab
