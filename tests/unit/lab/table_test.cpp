#include <gmock/gmock.h>

#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"

/// A suite as a table, and what daemons said in the reports.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

RunReport run_of(const std::string& file, Outcome outcome, Duration time = 1s) {
  RunReport run;
  run.file = file;
  run.scenario = file;
  run.verdict.outcome = outcome;
  run.wall_time = time;
  return run;
}

SuiteReport matrix() {
  SuiteReport suite;
  suite.runs = {run_of("x/kea-43/nginx.xml", Outcome::passed, 1234ms),
                run_of("x/kea-43/tls.xml", Outcome::failed),
                run_of("x/isc/nginx.xml", Outcome::left_out),
                run_of("x/isc/sipp.xml", Outcome::passed, 2s)};
  suite.runs[2].verdict.reason = "not installed: isc-dhcp-server";
  for (std::size_t i = 0; i < suite.runs.size(); ++i) suite.runs[i].position = i + 1;
  suite.total = suite.runs.size();
  suite.files = suite.runs.size();
  return suite;
}

TEST(Table, HasARowForEachFolderAndAColumnForEachNameOfAFile) {
  EXPECT_EQ(table_of(matrix()),
            "        nginx     tls     sipp\n"
            "kea-43  ok 1.2 s  failed  -\n"
            "isc     left out  -       ok 2.0 s\n"
            "1 left out: not installed: isc-dhcp-server\n");
}

TEST(Table, StandsInPlaceOfTheRunsThatAreGood) {
  const std::string text =
      text_report(matrix(), {.verbose = false, .colour = false, .table = true});
  EXPECT_THAT(text, HasSubstr("kea-43  ok 1.2 s"));
  EXPECT_THAT(text, HasSubstr("FAILED  x/kea-43/tls.xml"));
  EXPECT_THAT(text, Not(HasSubstr("  ok    x/kea-43/nginx.xml")));
  EXPECT_THAT(text, HasSubstr("2 passed, 1 failed, 1 left out"));
}

TEST(DaemonLogs, StandInTheReportsOfRunsThatAreKept) {
  SuiteReport suite = matrix();
  for (RunReport& run : suite.runs)
    run.logs = {{"kea on router", "one\ntwo\n"}, {"nginx on prov", ""}};
  const std::string json = json_report(suite, Details::failed);
  const auto read = read_json_report(json, "r.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_TRUE(read->runs[0].logs.empty());
  ASSERT_EQ(read->runs[1].logs.size(), 2U);
  EXPECT_EQ(read->runs[1].logs[0].daemon, "kea on router");
  EXPECT_EQ(read->runs[1].logs[0].text, "one\ntwo\n");
  EXPECT_THAT(text_report(suite, {}), HasSubstr("       kea on router said at last:\n"
                                                "         one\n         two\n"
                                                "       nginx on prov said nothing\n"));
}

TEST(DaemonLogs, AreShownByTheirEnd) {
  SuiteReport suite = matrix();
  std::string text;
  for (int i = 1; i <= 20; ++i) text += "line " + std::to_string(i) + "\n";
  suite.runs[1].logs = {{"kea on router", text}};
  const std::string report = text_report(suite, {});
  EXPECT_THAT(report, HasSubstr("said at last:\n         line 13\n"));
  EXPECT_THAT(report, HasSubstr("         line 20\n"));
  EXPECT_THAT(report, Not(HasSubstr("line 12\n")));
}

}  // namespace
}  // namespace provlab::lab
