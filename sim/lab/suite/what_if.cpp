#include "sim/lab/suite/what_if.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

const ReachableOutcome* WhatIf::no_return() const {
  const ReachableOutcome* last = nullptr;
  for (const ReachableOutcome& each : outcomes) {
    if (each.wanted && (last == nullptr || each.last > last->last)) last = &each;
  }
  return last;
}

std::vector<std::string> what_if_lines(const WhatIf& found, const WhatIfTerms& terms) {
  const std::string tried =
      fmt::format("{} runs with {} later, swapped, twice or lost{}", found.runs,
                  found.steps == 1 ? "one packet" : fmt::format("up to {} packets", found.steps),
                  found.whole ? "" : ", where --why-budget ended it");
  if (!found.nearest) return {fmt::format("nearest:  none {} in {}", terms.goal, tried)};
  std::vector<std::string> lines{fmt::format("nearest:  {}", found.nearest->words),
                                 fmt::format("          {}{}", terms.replay, found.nearest->token)};
  if (const ReachableOutcome* last = found.no_return()) {
    lines.push_back(fmt::format("too late: once {} has come, none of {} {}", last->last_packet,
                                tried, terms.goal));
  }
  return lines;
}

}  // namespace provlab::lab
