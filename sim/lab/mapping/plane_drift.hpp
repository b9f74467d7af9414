#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// What sentences about a plane call its outcomes.
enum class OutcomeNames : std::uint8_t {
  letters,  ///< those of the plane of today
  words     ///< winner and result, where nobody has that plane before him
};

/// What is otherwise in a plane than in a former one of the same axes, as sentences: outcomes that
/// are new or gone, patience that ends at another time, borders that moved, and who wins where two
/// things happen in one instant. Empty: nothing.
std::vector<std::string> moved(const Plane& before, const Plane& now,
                               OutcomeNames names = OutcomeNames::letters);

}  // namespace provlab::lab
