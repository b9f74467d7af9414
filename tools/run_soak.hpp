#pragma once
#include <optional>
#include <string>

#include "sim/lab/report/soak_report.hpp"
#include "sim/lab/soak/soak.hpp"

/// `provlab soak`: scenarios made by chance, and what they find as scenario files.
namespace provlab::tools {

struct SoakRequest {
  lab::SoakOptions options;
  Duration limit =
      std::chrono::seconds(60);    ///< by the real clock, where no number of runs is given
  std::string out = "soak-found";  ///< the folder that found scenarios go to; made when needed
  lab::Shard shard;
  std::string json;   ///< where the reports for machines go, `-` to the terminal alone;
  std::string junit;  ///< empty: nowhere
};

/// Prints what it finds, also where Ctrl-C ends it early. 0: nothing broke and every phone
/// recovered; 1 otherwise; 2 where a found scenario cannot be written; 4 where the lab itself
/// failed; kInterrupted where it ended early and had found nothing.
int run_soak(SoakRequest request);

/// Says it in words.
void print_soak(const lab::SoakReport& report);
/// Writes those reports that are asked for, as in SoakRequest; false, and a word on stderr, where
/// one cannot be.
bool write_soak(const lab::SoakReport& report, const std::string& json, const std::string& junit);

}  // namespace provlab::tools
