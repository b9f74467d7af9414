#include "sim/lab/plan/purpose.hpp"

namespace provlab::lab {

IdlePurpose idle_purpose(const std::vector<Purpose>& purposes, UseMark number, Use use) {
  const Purpose& purpose = purposes[number - 1];
  const bool reached = use == Use::reached;
  return {number, purpose.line, purpose.what + ": " + (reached ? purpose.vain : purpose.missed),
          reached};
}

std::vector<IdlePurpose> idle_purposes(const std::vector<Purpose>& purposes, const Uses& uses) {
  std::vector<IdlePurpose> idle;
  for (UseMark number = 1; number <= purposes.size(); ++number) {
    const Use use = uses.of(number);
    if (use != Use::done) idle.push_back(idle_purpose(purposes, number, use));
  }
  return idle;
}

}  // namespace provlab::lab
