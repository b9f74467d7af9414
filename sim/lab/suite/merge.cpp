// Reports are sorted by their shard's index. Then they are held against the first: the same
// division into shards, the same suite by its checksum, no index twice, none missing. Only then the
// runs are put together and sorted by position, which must count from 1 to the total without a gap.
// Notes are computed anew, since no shard knows what the others used; counts and exit code follow
// from the runs, and complaints about files are the same in every shard, since each loads all
// files.
#include "sim/lab/suite/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/lab/suite/given_shards.hpp"
#include "sim/lab/suite/notes.hpp"

namespace provlab::lab {

namespace {

/// An error where these, in the order of their indices, are not the shards of one suite.
Expected<void> check_shards(const std::vector<ShardReport>& shards) {
  const SuiteReport& first = shards.front().report;
  for (const ShardReport& each : shards) {
    const SuiteReport& report = each.report;
    if (report.ended_early) {
      return fail(fmt::format("this is shard {}, which was ended early, so that runs are missing: "
                              "run it again",
                              report.shard.to_string()),
                  each.file);
    }
    if (report.shard.count != first.shard.count) {
      return fail(
          fmt::format("this is shard {}, but {} is shard {}: give the shards of one division",
                      report.shard.to_string(), shards.front().file, first.shard.to_string()),
          each.file);
    }
    if (report.suite != first.suite || report.total != first.total) {
      return fail(fmt::format("this is a shard of another suite than {}: run every shard with the "
                              "same paths, filters and seed, on the same scenarios",
                              shards.front().file),
                  each.file);
    }
  }
  return check_complete_reports(shards, "a suite is reported whole, so ");
}

}  // namespace

Expected<SuiteReport> merge(std::vector<ShardReport> shards) {
  if (shards.empty()) return fail("there is no report to merge");
  std::ranges::stable_sort(shards, {}, [](const ShardReport& each) {
    return std::pair(each.report.shard.count, each.report.shard.index);
  });
  if (const auto fits = check_shards(shards); !fits) return std::unexpected(fits.error());
  SuiteReport whole = std::move(shards.front().report);
  for (std::size_t i = 1; i < shards.size(); ++i) {
    SuiteReport& part = shards[i].report;
    std::ranges::move(part.runs, std::back_inserter(whole.runs));
    whole.strict = whole.strict || part.strict;
    whole.wall_time = std::max(whole.wall_time, part.wall_time);
    whole.jobs += part.jobs;
  }
  whole.shard = {};
  std::ranges::stable_sort(whole.runs, {}, &RunReport::position);
  for (std::size_t i = 0; i < whole.runs.size(); ++i) {
    if (whole.runs[i].position == i + 1) continue;
    return fail(fmt::format("run {} of {} is in none of the reports, or in two: were they changed?",
                            i + 1, whole.total));
  }
  if (whole.runs.size() != whole.total) {
    return fail(fmt::format("the reports hold {} runs, and the suite has {}: were they changed?",
                            whole.runs.size(), whole.total));
  }
  if (shards.size() > 1) whole.notes = notes_of(whole.runs);
  for (RunReport& run : whole.runs) run.idle.clear();
  return whole;
}

}  // namespace provlab::lab
