#pragma once
#include <string>
#include <vector>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// A report, and the file that it was read from.
struct ShardReport {
  std::string file;
  SuiteReport report;
};

/// All shards of one suite, put together: the report that one run of the whole suite gives. Its
/// wall time is that of the slowest shard and its threads are those of all, as if they ran side by
/// side. Errors: a shard that is missing, given twice or was ended early, shards of different
/// suites, runs that do not complete each other.
Expected<SuiteReport> merge(std::vector<ShardReport> shards);

}  // namespace provlab::lab
