#pragma once
#include <string>

#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// The plane, y upwards, a row of it where there is no y: an area for each cell, which links to
/// `#outcome-A`, and a line for each border, which links to `#border-1`. Both have a title.
std::string plane_svg(const Plane& plane, const Plane* before = nullptr);

}  // namespace provlab::lab
