#pragma once
#include <utility>
#include <vector>

#include "sim/lab/pages/diagram_rows.hpp"

namespace provlab::lab {

/// Events of two diagrams that are the same one.
using SameEvents = std::vector<std::pair<EventNumber, EventNumber>>;

/// Moves the rows of two diagrams down until what is the same stands at the same height, as far as
/// it comes in the same order. Both are of one height then.
void align_rows(DiagramRows& a, DiagramRows& b, SameEvents same);

}  // namespace provlab::lab
