#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/soak/soak.hpp"
#include "sim/lab/suite/shard.hpp"

/// What a soak, or one shard of it, has found: written as JSON, read back and merged, as suites
/// are.
namespace provlab::lab {

struct SoakReport {
  std::uint64_t seed = 1;  ///< the first scenario's
  std::size_t wanted = 0;  ///< runs of all shards; 0: as long as `limit`
  Duration limit{};        ///< by the real clock
  Shard shard;
  std::string revision;  ///< of the program
  SoakSummary summary;
  std::vector<std::string> files;  ///< the shrunk scenario of each failure; empty: not written
  bool ended_early = false;        ///< somebody ended it before it had what was wanted
  Duration wall_time{};

  /// 0 nothing broke, 1 something did, 4 the lab's own fault, 130 ended early without any.
  int exit_code() const;
};

/// A report, and the file that it was read from.
struct SoakShard {
  std::string file;
  SoakReport report;
};

std::string json_soak_report(const SoakReport& report);
/// Whether JSON is one of these; what is no JSON is none.
bool is_soak_report(std::string_view text);
/// Errors name what is missing or wrong.
Expected<SoakReport> read_soak_report(std::string_view text, const std::string& file);

/// The shards of one soak, put together: of a number of runs it is what one machine would have
/// reported. Errors: a shard that is missing, given twice or was ended early, shards of different
/// soaks.
Expected<SoakReport> merge_soaks(std::vector<SoakShard> shards);

/// Three cases: invariants, recovery, the lab itself.
std::string junit_soak_report(const SoakReport& report);

}  // namespace provlab::lab
