#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::lab {

/// One of several parts of a suite that machines run side by side. Every run belongs to exactly one
/// (D20).
struct Shard {
  static constexpr unsigned kMost = 10'000;  ///< shards of a suite

  unsigned index = 1;  ///< from 1
  unsigned count = 1;

  /// Whether the run with this rank (from 0) belongs here: ranks are dealt out in turn, so that
  /// neighbours, which often take alike long, spread over all shards.
  bool holds(std::size_t rank) const { return rank % count == index - 1; }
  std::string to_string() const;  ///< `2/3`
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// Reads `2/3`: the second of three. Errors say what is wrong and give an example.
Expected<Shard> parse_shard(std::string_view text);

/// A shard that the environment asks for, and the variables that say so.
struct EnvironmentShard {
  Shard shard;
  std::string because;  ///< `GTEST_SHARD_INDEX=1 of GTEST_TOTAL_SHARDS=3`
};

/// Looks a variable up; nothing where it is not set. An empty one counts as not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment process_environment();

/// What a CI system has set: GTEST_TOTAL_SHARDS with GTEST_SHARD_INDEX (from 0), else Bazel's
/// TEST_TOTAL_SHARDS with TEST_SHARD_INDEX (from 0), else JOB_COMPLETION_INDEX (from 0) of an
/// indexed Kubernetes Job with JOB_COMPLETIONS, else the SLURM_ARRAY_TASK_ID, _MIN, _STEP and
/// _COUNT of a Slurm array, else GitLab's CI_NODE_INDEX (from 1) with CI_NODE_TOTAL. Nothing where
/// none is set. Errors: a variable of a family is missing, or the values of a family do not fit.
/// They name what to set.
Expected<std::optional<EnvironmentShard>> shard_of(const Environment& environment);

/// Files that a test runner wants to see touched by a program that knows of shards:
/// GTEST_SHARD_STATUS_FILE, TEST_SHARD_STATUS_FILE.
std::vector<std::string> shard_status_files(const Environment& environment);

}  // namespace provlab::lab
