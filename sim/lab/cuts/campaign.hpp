#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/lab/cuts/power_cut.hpp"

/// Many scenarios, with the power cut everywhere.
namespace provlab::lab {

struct CampaignOptions {
  std::size_t sample = 0;  ///< so many cuts, drawn by the seed; 0: all there are
  std::uint64_t seed = 1;
  unsigned jobs = 0;   ///< threads; 0: one per core
  RunLimits limits{};  ///< of each run
  /// Whether the cut with this rank (from 0) is to be made, of those that were drawn.
  std::function<bool(std::size_t rank)> wanted = [](std::size_t) { return true; };
  /// Called now and then, from any thread but one at a time.
  std::function<void(std::size_t done, std::size_t total)> progress;
  /// Asked between batches; its namesake in `limits` leaves also runs that have begun.
  std::function<bool()> enough = [] { return false; };
};

/// A cut that broke something.
struct BadCut {
  std::string file;
  CutRun run;
  std::string fault;  ///< of the lab itself; empty: none
};

struct Campaign {
  std::size_t scenarios = 0;     ///< whose power was to be cut
  std::size_t own_timeline = 0;  ///< left aside: they have a timeline of their own, or daemons
  std::size_t places = 0;        ///< where the power can be cut, in all of them
  std::size_t chosen = 0;        ///< of these, those that were drawn and wanted
  std::size_t runs = 0;          ///< that were made
  bool ended_early = false;      ///< `enough` said so before all were
  std::map<Ending, std::size_t> endings;     ///< of the runs, how often each
  std::map<std::string, std::size_t> begun;  ///< by file, those that only their beginning explains
  std::vector<BadCut> bad;                   ///< in the order of files and places
};

/// Cuts the power at the places of all scenarios that fit. The result is the same for every number
/// of jobs.
Campaign cut_power(const std::vector<Shared<ScenarioPlan>>& plans, const CampaignOptions& options);

}  // namespace provlab::lab
