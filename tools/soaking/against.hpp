#pragma once
#include <string>

#include "tools/run_soak.hpp"

namespace provlab::tools {

/// A soak on two builds (D65).
struct AgainstRequest {
  std::string program;  ///< another build of provlab
  SoakRequest soak;     ///< `runs` 0: for its `limit`
};

/// Plays scenarios made by chance with both builds until what can be observed differs. That
/// scenario is shrunk as long as it passes here and fails there, and written with the expectation
/// that does so. 0: no difference; 1: one was found; 2: the other build cannot be started, or a
/// file not be written; kInterrupted: ended early without one.
int soak_against(AgainstRequest request);

}  // namespace provlab::tools
