#include "sim/lab/verdict/invariants/broken_invariant.hpp"

#include "core/platform/text.hpp"

namespace provlab::lab {

std::string BrokenInvariant::promise() const {
  std::string text(invariant.title);
  text.front() = lower(text.front());
  return text;
}

}  // namespace provlab::lab
