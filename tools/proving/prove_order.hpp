#pragma once
#include <string>

#include "sim/lab/explore/explorer.hpp"

/// `provlab prove`: whether a failing order is mended, with all orders around it.
namespace provlab::tools {

struct ProveRequest {
  std::string order;  ///< `SCENARIO#TOKEN`, `SCENARIO@VARIANT`; '@' or '#' in front of the last
  std::string root;   ///< of what the scenario names by src; empty: its folder
  lab::ExploreOptions options;
  bool racers_only = false;  ///< only answers of the scenario's race are arbitrated
  std::size_t swaps = 2;     ///< of a token of an exploration
  std::string build;  ///< the build before; empty: this one alone is told
  std::string json;   ///< a file, `-` for the terminal alone; empty: nowhere
};

/// Prints what was found. 0: what the order came to before comes of none of them now, and nothing
/// is new; or, of one build, no invariant breaks. 1 otherwise; 2 for what cannot be read, and for a
/// build that has no such command; 3 for an invalid scenario; kInterrupted where it ended early.
int prove_order(ProveRequest request);

}  // namespace provlab::tools
