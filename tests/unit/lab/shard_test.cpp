#include "sim/lab/suite/shard.hpp"

#include <gmock/gmock.h>

#include <map>

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

Environment with(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

TEST(Shard, ReadsIndexAndCount) {
  EXPECT_EQ(parse_shard("2/3"), (Shard{2, 3}));
  EXPECT_EQ((Shard{2, 3}).to_string(), "2/3");
}

TEST(Shard, RefusesWhatIsNone) {
  for (const char* bad : {"", "3", "0/3", "4/3", "1/0", "-1/3", "1/3/3", "a/b", " 1/3", "1 /3"}) {
    EXPECT_FALSE(parse_shard(bad)) << bad;
  }
  EXPECT_THAT(parse_shard("3").error().to_string(), HasSubstr("write i/n, such as 2/3"));
  EXPECT_THAT(parse_shard("4/3").error().to_string(), HasSubstr("count from 1/n to n/n"));
}

TEST(Shard, HoldsEachRankOnceAndSpreadsThem) {
  for (unsigned count = 1; count <= 9; ++count) {
    std::vector<int> sizes(count);
    for (std::size_t rank = 0; rank < 40; ++rank) {
      int holders = 0;
      for (unsigned index = 1; index <= count; ++index) {
        if (!Shard{index, count}.holds(rank)) continue;
        ++holders;
        ++sizes[index - 1];
      }
      EXPECT_EQ(holders, 1) << rank << " of " << count;
    }
    EXPECT_LE(std::ranges::max(sizes) - std::ranges::min(sizes), 1) << count;
  }
}

TEST(Shard, IsNotAskedForByAnEmptyEnvironment) {
  const auto none = shard_of(with({{"JOB_COMPLETION_INDEX", ""}, {"GTEST_TOTAL_SHARDS", ""}}));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST(Shard, CountsGoogleTestsVariablesFromZero) {
  const auto asked = shard_of(with({{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "0"}}));
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->shard, (Shard{1, 3}));
  EXPECT_THAT((*asked)->because, HasSubstr("GTEST_SHARD_INDEX=0"));
}

TEST(Shard, TakesAnIndexedJobOfKubernetes) {
  const auto asked = shard_of(with({{"JOB_COMPLETION_INDEX", "4"}, {"JOB_COMPLETIONS", "5"}}));
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->shard, (Shard{5, 5}));
}

TEST(Shard, SaysThatTheTotalOfAJobIsMissing) {
  const auto asked = shard_of(with({{"JOB_COMPLETION_INDEX", "4"}}));
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().to_string(), HasSubstr("JOB_COMPLETIONS: is not set"));
  EXPECT_THAT(asked.error().to_string(), HasSubstr("spec.completions"));
  EXPECT_THAT(asked.error().to_string(), HasSubstr("--shard"));
}

TEST(Shard, TakesASlurmArrayWithItsStep) {
  const auto asked = shard_of(with({{"SLURM_ARRAY_TASK_ID", "7"},
                                    {"SLURM_ARRAY_TASK_MIN", "1"},
                                    {"SLURM_ARRAY_TASK_STEP", "3"},
                                    {"SLURM_ARRAY_TASK_COUNT", "4"}}));
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->shard, (Shard{3, 4}));
}

TEST(Shard, RefusesASlurmArrayWithGaps) {
  const auto asked = shard_of(with({{"SLURM_ARRAY_TASK_ID", "9"},
                                    {"SLURM_ARRAY_TASK_MIN", "1"},
                                    {"SLURM_ARRAY_TASK_COUNT", "3"}}));
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().to_string(), HasSubstr("not evenly spaced"));
}

TEST(Shard, TakesBazelsVariables) {
  const auto asked = shard_of(with({{"TEST_TOTAL_SHARDS", "4"}, {"TEST_SHARD_INDEX", "3"}}));
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->shard, (Shard{4, 4}));
}

TEST(Shard, CountsGitLabsVariablesFromOne) {
  const auto asked = shard_of(with({{"CI_NODE_INDEX", "3"}, {"CI_NODE_TOTAL", "3"}}));
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->shard, (Shard{3, 3}));
  EXPECT_THAT((*asked)->because, HasSubstr("CI_NODE_INDEX=3 of CI_NODE_TOTAL=3"));
}

TEST(Shard, IsNotAskedForByGitLabsTotalAlone) {
  // A job without `parallel` has it, too.
  const auto none = shard_of(with({{"CI_NODE_TOTAL", "1"}}));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST(Shard, RefusesGitLabsVariablesThatCountFromZero) {
  const auto asked = shard_of(with({{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "3"}}));
  ASSERT_FALSE(asked);
  EXPECT_THAT(asked.error().to_string(),
              HasSubstr("where yours counts from 0 set TEST_SHARD_INDEX"));
  EXPECT_FALSE(shard_of(with({{"CI_NODE_INDEX", "4"}, {"CI_NODE_TOTAL", "3"}})));
  EXPECT_FALSE(shard_of(with({{"CI_NODE_INDEX", "1"}})));
}

TEST(Shard, KnowsTheFilesThatRunnersLookFor) {
  EXPECT_EQ(shard_status_files(
                with({{"GTEST_SHARD_STATUS_FILE", "/a"}, {"TEST_SHARD_STATUS_FILE", "/b"}})),
            (std::vector<std::string>{"/a", "/b"}));
  EXPECT_TRUE(shard_status_files(with({{"GTEST_SHARD_STATUS_FILE", ""}})).empty());
}

TEST(Shard, RefusesAnIndexBeyondTheTotalAndWhatIsNoNumber) {
  EXPECT_FALSE(shard_of(with({{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "3"}})));
  EXPECT_FALSE(shard_of(with({{"GTEST_TOTAL_SHARDS", "0"}, {"GTEST_SHARD_INDEX", "0"}})));
  EXPECT_FALSE(shard_of(with({{"GTEST_TOTAL_SHARDS", "3"}, {"GTEST_SHARD_INDEX", "one"}})));
  EXPECT_FALSE(shard_of(with({{"GTEST_SHARD_INDEX", "1"}})));
}

}  // namespace
}  // namespace provlab::lab
