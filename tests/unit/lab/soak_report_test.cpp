#include "sim/lab/report/soak_report.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;

SoakReport soak_of(unsigned index, unsigned count) {
  SoakOptions options;
  options.seed = 100;
  options.runs = 90;
  options.shard = index - 1;
  options.shards = count;
  return {.seed = 100,
          .wanted = 90,
          .shard = {index, count},
          .revision = "abc",
          .summary = soak(options, {}),
          .files = {}};
}

/// As the command does it: through JSON.
SoakShard soak_shard(const SoakReport& report) {
  const std::string file = report.shard.to_string();
  const std::string json = json_soak_report(report);
  EXPECT_TRUE(is_soak_report(json));
  auto read = read_soak_report(json, file);
  if (!read) throw std::logic_error(read.error().to_string());
  EXPECT_EQ(json_soak_report(*read), json);
  return {file, std::move(*read)};
}

std::string merging_problem(std::vector<SoakShard> shards) {
  const auto merged = merge_soaks(std::move(shards));
  return merged ? "" : merged.error().to_string();
}

TEST(SoakShards, ComeToWhatOneMachineComesToOctetByOctet) {
  const std::string whole = json_soak_report(soak_of(1, 1));
  for (const unsigned count : {2U, 4U}) {
    std::vector<SoakShard> shards;
    for (unsigned index = count; index > 0; --index) {
      shards.push_back(soak_shard(soak_of(index, count)));
    }
    const auto merged = merge_soaks(std::move(shards));
    ASSERT_TRUE(merged) << merged.error().to_string();
    EXPECT_EQ(json_soak_report(*merged), whole) << count;
  }
}

TEST(SoakShards, DealOutEveryRun) {
  for (std::size_t runs : {1U, 7U, 90U}) {
    std::size_t sum = 0;
    for (std::size_t shard = 0; shard < 4; ++shard) {
      sum += runs_of_shard({.runs = runs, .shard = shard, .shards = 4});
    }
    EXPECT_EQ(sum, runs);
  }
}

SoakReport with_failures(unsigned index, std::vector<FailureRow> rows) {
  SoakReport report;
  report.wanted = 10;
  report.shard = {index, 2};
  report.summary.runs = 5;
  for (const FailureRow& row : rows) report.files.push_back(row.failure.detail + ".xml");
  report.summary.failures = std::move(rows);
  return report;
}

TEST(SoakShards, TellTheFirstFailureOfAKind) {
  const auto merged =
      merge_soaks({{"1", with_failures(1, {{{"I4", "late"}, 7, 2}})},
                   {"2", with_failures(2, {{{"lab", "fault"}, 2, 1}, {{"I4", "early"}, 4, 1}})}});
  ASSERT_TRUE(merged) << merged.error().to_string();
  const auto& rows = merged->summary.failures;
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].failure.kind, "lab");
  EXPECT_EQ(rows[1].failure.detail, "early");
  EXPECT_EQ(rows[1].runs, 3U);
  EXPECT_EQ(merged->files[1], "early.xml");
  EXPECT_EQ(merged->exit_code(), 4);
}

TEST(SoakShards, ThatDoNotFitAreRefused) {
  const SoakReport one = with_failures(1, {}), two = with_failures(2, {});
  EXPECT_EQ(merging_problem({{"a", one}, {"b", two}}), "");
  EXPECT_THAT(merging_problem({{"a", one}}), HasSubstr("missing: shard 2/2"));
  EXPECT_THAT(merging_problem({{"a", one}, {"b", one}}), HasSubstr("give each shard once"));
  SoakReport other = two;
  other.seed = 5;
  EXPECT_THAT(merging_problem({{"a", one}, {"b", other}}), HasSubstr("another soak than a"));
  other = two;
  other.ended_early = true;
  EXPECT_THAT(merging_problem({{"a", one}, {"b", other}}), HasSubstr("ended early"));
  other = two;
  other.summary.runs = 4;
  EXPECT_THAT(merging_problem({{"a", one}, {"b", other}}), HasSubstr("were they changed?"));
}

TEST(SoakShards, OfDamagedReportsSayWhatIsWrong) {
  const std::string good = json_soak_report(with_failures(1, {{{"I4", "x"}, 3, 1}}));
  const auto problem = [](const std::string& text) {
    const auto read = read_soak_report(text, "x.json");
    return read ? "" : read.error().to_string();
  };
  EXPECT_EQ(problem(good), "");
  EXPECT_THAT(problem(good.substr(0, good.size() / 2)), HasSubstr("not readable as JSON"));
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"\"seed\":3", "\"seed\":\"3\""},
           {"\"version\":1", "\"version\":9"},
           {"\"shard\":\"1/2\"", "\"shard\":\"3/2\""},
           {"\"under_faults\":{}", "\"under_faults\":[]"},
           {"\"sightings\":[]", "\"sightings\":[\"none\"]"},
           {"\"outcomes\":[]", "\"outcomes\":[1]"}}) {
    EXPECT_THAT(problem(changed(good, from, to)), HasSubstr("x.json")) << to;
  }
  EXPECT_FALSE(is_soak_report("{\"version\":2,\"runs\":[]}"));
  EXPECT_FALSE(is_soak_report("no JSON \"kind\""));
}

}  // namespace
}  // namespace provlab::lab
