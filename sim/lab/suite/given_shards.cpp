#include "sim/lab/suite/given_shards.hpp"

#include <fmt/format.h>

namespace provlab::lab {

namespace {

std::string missing_shards(const std::vector<GivenShard>& shards, unsigned count) {
  constexpr unsigned kMost = 10;
  std::string missing;
  std::size_t next = 0;
  unsigned left_out = 0;
  for (unsigned index = 1; index <= count; ++index) {
    if (next < shards.size() && shards[next].shard.index == index) {
      ++next;
    } else if (index - next > kMost) {
      ++left_out;
    } else {
      missing += (missing.empty() ? "" : ", ") + Shard{index, count}.to_string();
    }
  }
  if (left_out > 0) missing += fmt::format(" and {} more", left_out);
  return missing;
}

}  // namespace

Expected<void> check_complete(const std::vector<GivenShard>& shards, std::string_view why) {
  for (std::size_t i = 1; i < shards.size(); ++i) {
    if (shards[i].shard.index == shards[i - 1].shard.index) {
      return fail(fmt::format("this is shard {}, and so is {}: give each shard once",
                              shards[i].shard.to_string(), shards[i - 1].file),
                  shards[i].file);
    }
  }
  const unsigned count = shards.front().shard.count;
  const std::string missing = missing_shards(shards, count);
  if (missing.empty()) return {};
  return fail(
      fmt::format("missing: shard {}; {}give the JSON reports of all {} shards (did that "
                  "machine end early?)",
                  missing, why, count));
}

}  // namespace provlab::lab
