#pragma once
#include <string>

#include "sim/lab/explore/explorer.hpp"
#include "tools/why_options.hpp"

/// `provlab explore`: what else could have happened in a scenario, by every order of deliveries.
namespace provlab::tools {

struct ExploreRequest {
  std::string file;
  std::string root;  ///< of what it names by src; empty: its folder
  lab::ExploreOptions options;
  bool racers_only = false;  ///< only answers of the scenario's race are arbitrated
  WhyOptions why;            ///< of each outcome: what would have led to another
  std::string token;         ///< replay this one; empty: explore
  std::string baseline;      ///< a file with the outcome classes that are known; empty: none
  bool update = false;       ///< write that file instead of comparing
  bool given = false;        ///< window, faults or answers were; else those of the baseline hold
  std::string junit;         ///< where the reports for machines go, `-` to the terminal alone;
  std::string json;          ///< empty: nowhere
  std::string html;          ///< where the page goes; empty: nowhere
  std::string trace;         ///< the folder for the replay's trace as JSON lines; empty: none
};

/// Prints what it finds, also where Ctrl-C ends it early. 0: no invariant broke and the baseline,
/// where there is one, still holds; 1 otherwise; 2 for a file that cannot be read or written or a
/// token that does not belong to it; 3 for an invalid scenario; kInterrupted where it ended early
/// and no invariant had broken.
int explore_scenario(ExploreRequest request);

}  // namespace provlab::tools
