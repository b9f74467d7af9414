#pragma once
#include <cstddef>

#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// Where a responder stands while it is read, and the scenario around it: the phone and every host
/// and kind of responder are known, other responders' answers only if they were read before.
struct ResponderSite {
  Names& names;
  ScenarioPlan& plan;
  std::size_t host = 0;  ///< index into the plan's hosts
};

}  // namespace provlab::lab
