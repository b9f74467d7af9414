#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"
#include "sim/lab/suite/shard.hpp"

namespace provlab::lab {

/// A shard whose report was read, and from which file.
struct GivenShard {
  Shard shard;
  std::string file;
};

/// An error where one of them is given twice, or where of the shards of their division one is
/// missing. They are at least one, of one division, in the order of their indices. `why`: why all
/// are wanted, a clause that the complaint goes on from; empty: that is plain.
Expected<void> check_complete(const std::vector<GivenShard>& shards, std::string_view why = {});

/// The same of reports with their files.
template <class Reports>
Expected<void> check_complete_reports(const Reports& reports, std::string_view why = {}) {
  std::vector<GivenShard> given;
  for (const auto& each : reports) given.push_back({each.report.shard, each.file});
  return check_complete(given, why);
}

}  // namespace provlab::lab
