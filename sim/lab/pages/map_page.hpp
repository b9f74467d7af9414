#pragma once
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// A map and what is to stand around it.
struct MapPage {
  std::string scenario;
  std::string effort;  ///< how many runs it took, how closely they looked; no time of a clock
  const Plane& plane;
  std::string missing;             ///< what is not known, and why; empty: all is
  std::string baseline;            ///< that it was compared with; empty: none
  std::vector<std::string> moved;  ///< since then
  const Plane* before = nullptr;   ///< that plane, over the same axes; null: it is not drawn
};

/// The plane as a drawing whose parts say what they are when the pointer rests on them, the
/// outcomes, and the borders with what happens there.
std::string map_page(const MapPage& map);

}  // namespace provlab::lab
