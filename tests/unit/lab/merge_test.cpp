#include "sim/lab/suite/merge.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Without the members that say how long it took, and on how many threads.
std::string without_times(const std::string& json) {
  return std::regex_replace(json, std::regex("\"(wall_seconds|threads)\":[0-9.]+"), "\"$1\":0");
}

class Merge : public SuiteFixture {
 protected:
  /// As the command does it: through JSON.
  static ShardReport through_json(const SuiteReport& report, Details details = Details::all) {
    const std::string file = "shard-" + std::to_string(report.shard.index) + ".json";
    auto read = read_json_report(json_report(report, details), file);
    if (!read) throw std::logic_error(read.error().to_string());
    return {file, std::move(*read)};
  }
  std::vector<ShardReport> shards(unsigned count) {
    std::vector<ShardReport> all;
    for (unsigned index = count; index > 0; --index) {  // the last first: order must not matter
      all.push_back(through_json(run_shard(index, count, index)));
    }
    return all;
  }
  static std::string problem_of(std::vector<ShardReport> shards) {
    const auto merged = merge(std::move(shards));
    return merged ? "" : merged.error().to_string();
  }
};

TEST_F(Merge, GivesTheReportOfTheWholeOctetByOctet) {
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  write("d.xml", changed(kScenario, "A sample.", "\"Quotes\" \\ and\ttabs, \xc3\xa4, </script>"));
  const SuiteReport whole = run_shard(1, 1, 2);
  for (const unsigned count : {1U, 2U, 3U, 5U, 20U}) {
    const auto merged = merge(shards(count));
    ASSERT_TRUE(merged) << merged.error().to_string();
    EXPECT_EQ(without_times(json_report(*merged)), without_times(json_report(whole))) << count;
    EXPECT_EQ(merged->exit_code(), whole.exit_code());
  }
}

TEST_F(Merge, KeepsEveryFieldThatReportsAreWrittenFrom) {
  SuiteReport whole = run_shard(1, 1);
  // JSON tells them in microseconds.
  whole.wall_time = std::chrono::milliseconds(1500);
  for (RunReport& run : whole.runs) run.wall_time = std::chrono::microseconds(250);
  const ShardReport read = through_json(whole);
  EXPECT_EQ(json_report(read.report), json_report(whole));
  EXPECT_EQ(junit_report(read.report), junit_report(whole));
  EXPECT_EQ(text_report(read.report, {}), text_report(whole, {}));
}

TEST_F(Merge, DealsOutEveryRunOnceWhateverTheOrderOfTheFiles) {
  const auto titles = [&](unsigned index, std::vector<std::string> files) {
    RunnerOptions options;
    options.shard = {index, 3};
    std::set<std::string> found;
    for (const RunReport& run : run_suite(files, options).runs) found.insert(run.title());
    return found;
  };
  const std::string a = folder_ / "a.xml", b = folder_ / "b.xml";
  std::size_t runs = 0;
  std::set<std::string> all;
  for (unsigned index = 1; index <= 3; ++index) {
    const auto mine = titles(index, {a, b});
    EXPECT_EQ(mine, titles(index, {b, a}));
    runs += mine.size();
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(runs, 12U);
  EXPECT_THAT(all, SizeIs(12));
}

TEST_F(Merge, AShardWithoutRunsPasses) {
  const SuiteReport report = run_shard(13, 13);
  EXPECT_THAT(report.runs, IsEmpty());
  EXPECT_EQ(report.total, 12U);
  EXPECT_EQ(report.exit_code(), 0);
}

TEST_F(Merge, NamesTheShardThatIsMissing) {
  auto three = shards(4);
  three.erase(three.begin() + 1);  // the third of four
  EXPECT_THAT(problem_of(std::move(three)), HasSubstr("missing: shard 3/4"));
}

TEST_F(Merge, NamesTheShardThatIsGivenTwice) {
  auto twice = shards(2);
  twice.push_back(twice.front());
  EXPECT_THAT(problem_of(std::move(twice)), HasSubstr("this is shard 2/2, and so is shard-2.json"));
}

TEST_F(Merge, RefusesShardsOfDifferentDivisions) {
  EXPECT_THAT(problem_of({through_json(run_shard(1, 2)), through_json(run_shard(2, 3))}),
              HasSubstr("give the shards of one division"));
}

TEST_F(Merge, RefusesShardsOfDifferentSuites) {
  const ShardReport first = through_json(run_shard(1, 2));
  write("a.xml", changed(kScenario, "name=\"sample\" seed=\"3\"", "name=\"apple\" seed=\"4\""));
  EXPECT_THAT(problem_of({first, through_json(run_shard(2, 2))}), HasSubstr("another suite"));
}

TEST_F(Merge, RefusesReportsThatWereChanged) {
  auto both = shards(2);
  both[0].report.runs.pop_back();
  EXPECT_THAT(problem_of(std::move(both)), HasSubstr("were they changed?"));
}

TEST_F(Merge, KeepsTracesAsTheReportIsToldTo) {
  const SuiteReport whole = run_shard(1, 1);
  const auto with_trace = [&](Details details) {
    const SuiteReport read = through_json(whole, details).report;
    return std::ranges::count_if(read.runs,
                                 [](const RunReport& each) { return each.detail.has_value(); });
  };
  EXPECT_EQ(with_trace(Details::none), 0);
  EXPECT_EQ(with_trace(Details::failed), 6);
  EXPECT_EQ(with_trace(Details::all), 12);
}

std::string reading_problem(const std::string& json) {
  const auto read = read_json_report(json, "x.json");
  return read ? "" : read.error().to_string();
}

TEST_F(Merge, SaysWhatIsWrongWithAFile) {
  const std::string good = json_report(run_shard(1, 1));
  EXPECT_EQ(reading_problem(good), "");
  EXPECT_THAT(reading_problem(""), HasSubstr("not readable as JSON"));
  EXPECT_THAT(reading_problem(good.substr(0, good.size() / 2)),
              AllOf(HasSubstr("x.json: "), HasSubstr("cut short?")));
  EXPECT_THAT(reading_problem(good + "{}"), HasSubstr("goes on behind its end"));
  EXPECT_THAT(reading_problem("{\"version\":3}"), HasSubstr("no report of 'provlab run --json'"));
  EXPECT_THAT(reading_problem("[]"), HasSubstr("no report of 'provlab run --json'"));
  EXPECT_THAT(reading_problem(changed(good, "\"version\":3", "\"version\":1")),
              HasSubstr("version 1, and this program reads version 3"));
  EXPECT_THAT(reading_problem(changed(good, "\"seed\":3", "\"seed\":\"3\"")),
              HasSubstr("number 1 of 'runs' has a 'seed' that is no whole number"));
  EXPECT_THAT(reading_problem(changed(good, "\"outcome\":\"passed\"", "\"outcome\":\"fine\"")),
              HasSubstr("unknown outcome 'fine'"));
  EXPECT_THAT(reading_problem(changed(good, "\"n\":2,", "\"n\":7,")),
              HasSubstr("events do not follow each other"));
}

}  // namespace
}  // namespace provlab::lab
