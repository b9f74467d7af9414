#pragma once
#include <string>

#include "sim/lab/explorer.hpp"

/// `provlab explore`: what else could have happened in a scenario, by every order of deliveries.
namespace provlab::tools {

struct ExploreRequest {
  std::string file;
  lab::ExploreOptions options;
  bool racers_only = false;  ///< only answers of the scenario's race are arbitrated
  std::string token;         ///< replay this one; empty: explore
  std::string baseline;      ///< a file with the outcome classes that are known; empty: none
  bool update = false;       ///< write that file instead of comparing
  std::string trace;         ///< write the replay's trace as JSON lines to this file
};

/// Prints what it finds. 0: no invariant broke and the baseline, where there is one, still holds; 1
/// otherwise; 2 for a file that cannot be read or written or a token that is none; 3 for an invalid
/// scenario.
int explore_scenario(ExploreRequest request);

}  // namespace provlab::tools
