#include "sim/lab/verdict/invariants/broken_invariant.hpp"

#include "core/platform/text.hpp"

namespace provlab::lab {

std::string BrokenInvariant::promise() const {
  std::string text(invariant.title);
  text.front() = lower(text.front());
  return text;
}

std::string BrokenInvariant::heading() const {
  if (is_of_limits()) return "limits of a run";
  return "invariant " + std::string(invariant.number);
}

}  // namespace provlab::lab
