#pragma once
#include <string>
#include <vector>

#include "sim/lab/cuts/campaign.hpp"

/// `provlab cuts`: the power of the phone is cut everywhere.
namespace provlab::tools {

struct CutsRequest {
  std::vector<std::string> paths;
  std::string root;  ///< of what they name by src; empty: their folders
  lab::CampaignOptions options;
  EventNumber token =
      0;              ///< play the cut behind this event of the one file again; 0: cut everywhere
  std::string trace;  ///< the folder for the replay's trace as JSON lines; empty: none
};

/// Prints what it finds, also where Ctrl-C ends it early. 0: every phone came to what it should; 1
/// otherwise; 2 for a path that is wrong or a token that does not belong to the file; 3 for an
/// invalid scenario; 4 where the lab itself failed; kInterrupted where it ended early and had found
/// nothing.
int run_cuts(CutsRequest request);

}  // namespace provlab::tools
