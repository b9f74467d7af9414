#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"
#include "sim/lab/suite/shard.hpp"

/// What a soak on two builds (D65), or one shard of it, has found: told, written as JSON, read back
/// and merged, as soaks are.
namespace provlab::tools {

struct FoundDifference {
  std::uint64_t seed = 0;
  std::string expectation;  ///< passes here and fails there
  std::string file;         ///< of the shrunk scenario; empty: not written
};

struct AgainstReport {
  std::string program;     ///< the other build
  std::string revision;    ///< of this one
  std::uint64_t seed = 1;  ///< the first scenario's
  std::size_t wanted = 0;  ///< scenarios of all shards; 0: as long as `limit`
  Duration limit{};        ///< by the real clock
  lab::Shard shard;
  std::size_t scenarios = 0;  ///< that were played
  std::size_t undecided = 0;  ///< other traces, and nothing that an expectation tells apart
  std::optional<FoundDifference> difference;
  bool ended_early = false;  ///< by somebody, before it had found one or had what was wanted
  Duration wall_time{};

  /// 0: no difference; 1: one was found; kInterrupted: ended early without one.
  int exit_code() const;
};

/// A report, and the file that it was read from.
struct AgainstShard {
  std::string file;
  AgainstReport report;
};

std::string json_against_report(const AgainstReport& report);
/// Whether JSON is one of these; what is no JSON is none.
bool is_against_report(std::string_view text);
/// Errors name what is missing or wrong.
Expected<AgainstReport> read_against_report(std::string_view text, const std::string& file);

/// The shards of one soak, put together. Each has gone as far as its own first difference; that of
/// the least seed is the one that one machine would have found. Errors: a shard that is missing,
/// given twice or was ended early, shards of different soaks.
Expected<AgainstReport> merge_against(std::vector<AgainstShard> shards);

/// One case: both builds do the same.
std::string junit_against_report(const AgainstReport& report);
/// Says it in words.
void print_against(const AgainstReport& report);
/// Writes those reports that are asked for, `-` to the terminal, empty nowhere; false, and a word
/// on stderr, where one cannot be.
bool write_against(const AgainstReport& report, const std::string& json, const std::string& junit);

}  // namespace provlab::tools
