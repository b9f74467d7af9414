#pragma once
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// What is otherwise in a plane than in a former one of the same axes, as sentences: outcomes that
/// are new or gone, patience that ends at another time, borders that moved, and who wins where two
/// things happen in one instant. Empty: nothing.
std::vector<std::string> moved(const Plane& before, const Plane& now);

}  // namespace provlab::lab
