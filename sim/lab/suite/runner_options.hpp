#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/play/mishaps.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

struct RunnerOptions {
  /// Parts or globs of a scenario's or variant's name or file, any of which is enough; none: all.
  std::vector<std::string> filters;
  std::vector<std::string> variants;  ///< names or globs, any of which is enough; none: all
  std::optional<std::uint64_t> seed;  ///< instead of the scenarios' own
  Mishaps mishaps;                    ///< of each run, which then is another variant perhaps
  bool strict = false;                ///< notes of what is in vain are errors
  bool twice = false;                 ///< run everything twice and compare the traces
  std::string trace_directory;        ///< where traces go; empty: nowhere
  std::string pcap_directory;         ///< where captures go; empty: nowhere
  std::string frames_directory;       ///< where frames of a wire go; empty: nowhere
  std::string root = ".";             ///< files of a run lie as its scenario lies below this folder
  std::string sources_root;           ///< scenarios may name files below it; empty: beside them
  bool narrated = false;              ///< fill RunReport::narration
  unsigned jobs = 0;                  ///< threads; 0: as many as there are cores
  Shard shard;                        ///< which of the chosen runs to do
  Details details = Details::none;    ///< fill RunReport::detail
  /// Asked before each run, from any thread: whether those that have not begun are to be left. Its
  /// namesake in `limits` leaves also those that have.
  std::function<bool()> enough = [] { return false; };
  RunLimits limits{};  ///< of each run
  Secrets::Told secrets = Secrets::Told::hidden;
  /// Called now and then, from any thread but one at a time, with what is done and the total.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

}  // namespace provlab::lab
