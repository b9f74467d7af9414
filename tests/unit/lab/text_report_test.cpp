#include <gmock/gmock.h>

#include "sim/lab/report/reports.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

/// The text that people read: how much of it there is, and that nothing long is said twice.
namespace provlab::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t occurrences(const std::string& text, const std::string& of) {
  std::size_t count = 0;
  for (std::size_t at = text.find(of); at != text.npos; at = text.find(of, at + of.size())) ++count;
  return count;
}

class TextReport : public SuiteFixture {};

TEST_F(TextReport, QuietTellsOfFailuresAndTheCountsAlone) {
  const SuiteReport suite = run();
  const std::string text = text_report(suite, {.quiet = true});
  EXPECT_THAT(text, Not(HasSubstr("apple")));
  EXPECT_THAT(text, HasSubstr("FAILED  banana [r-then-m]"));
  EXPECT_THAT(text, HasSubstr("6 passed, 6 failed"));
  EXPECT_THAT(text_report(suite, {}), HasSubstr("  ok    apple [r-then-m]"));
}

TEST_F(TextReport, QuietIsOneLineWhereAllPassed) {
  SuiteReport suite = run();
  std::erase_if(suite.runs, [](const RunReport& run) { return run.scenario == "banana"; });
  EXPECT_EQ(occurrences(text_report(suite, {.quiet = true}), "\n"), 1U);
}

TEST_F(TextReport, QuietCountsWhatIsLeftOutByItsReasons) {
  SuiteReport suite;
  for (int i = 0; i < 30; ++i) {
    RunReport run;
    run.verdict.outcome = Outcome::left_out;
    run.verdict.reason = "reason " + std::to_string(i % 15);
    suite.runs.push_back(run);
  }
  suite.runs[0].verdict.reason = "reason 1";
  const std::string text = text_report(suite, {.quiet = true});
  EXPECT_THAT(text, HasSubstr("3 left out: reason 1\n"));
  EXPECT_THAT(text, HasSubstr("left out for 7 other reasons\n"));
  EXPECT_LT(occurrences(text, "\n"), 20U);
}

TEST_F(TextReport, EndsWithThePlacesOfAllThatFailed) {
  const SuiteReport suite = run();
  const std::string text = text_report(suite, {});
  const std::string file = folder_ / "b.xml";
  const std::size_t recap = text.rfind("repeat: ");
  EXPECT_EQ(occurrences(text.substr(recap), file + ":27: failed: banana ["), 6U);
  EXPECT_THAT(text, EndsWith(")\n"));
}

TEST_F(TextReport, SaysALongSentenceOnce) {
  SuiteReport suite;
  for (const char* name : {"one", "two"}) {
    RunReport run;
    run.scenario = name;
    run.file = std::string(name) + ".xml";
    run.verdict.outcome = Outcome::failed;
    Finding finding;
    finding.line = 3;
    finding.text = "<x/>";
    finding.held = false;
    finding.expected = "short";
    finding.actual = "a sentence that is so long that nobody wants to read it a second time";
    finding.why = "so it is";
    run.verdict.findings = {finding};
    suite.runs.push_back(run);
  }
  const std::string text = text_report(suite, {});
  EXPECT_EQ(occurrences(text, "nobody wants to read it"), 1U);
  EXPECT_EQ(occurrences(text, "actual:   as for one\n"), 1U);
  EXPECT_EQ(occurrences(text, "expected: short\n"), 2U);
  suite.runs[1].file = "one.xml";  // the same finding, such as of another variant
  EXPECT_THAT(text_report(suite, {}), HasSubstr("one.xml:3: <x/>\n       as for one\n"));
}

TEST_F(TextReport, ShowsAPieceOfTheTimeLineOnce) {
  RunReport run;
  run.file = "one.xml";
  run.verdict.outcome = Outcome::failed;
  const auto fail = [&](int line, std::vector<std::string> slice) {
    Finding& finding = run.verdict.findings.emplace_back();
    finding.line = line;
    finding.held = false;
    finding.slice = std::move(slice);
  };
  fail(3, {"  a", "  b", "> c", "  d"});
  fail(4, {"  a", "  b", "  c", "> d", "  e", "  f"});
  fail(5, {"  a", "> b", "  c", "  d"});
  fail(6, {"  a", "> b", "  c", "  d"});
  fail(7, {"", ">"});
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  const auto& findings = run.verdict.findings;
  EXPECT_THAT(run.time_line(findings[0]), ElementsAre("  a", "  b", "> c", "  d"));
  EXPECT_THAT(run.time_line(findings[1]), ElementsAre("  ... as above", "> d", "  e", "  f"));
  EXPECT_THAT(run.time_line(findings[2]), ElementsAre("  a", "> b", "  ... as above"));
  EXPECT_THAT(run.time_line(findings[3]), IsEmpty());
  EXPECT_THAT(run.time_line(findings[4]), ElementsAre("", ">"));
}

TEST_F(TextReport, SaysALongComplaintOnceWithEachOfItsPlaces) {
  SuiteReport suite;
  const std::string text(200, 'x');
  suite.complaints = {{"a.xml", 3, text}, {"b.xml", 4, text}};
  const std::string report = text_report(suite, {});
  EXPECT_EQ(occurrences(report, text), 1U);
  EXPECT_THAT(report, HasSubstr("b.xml:4: as for a.xml:3\n"));
}

TEST_F(TextReport, SaysThatItWasEndedEarly) {
  RunnerOptions options;
  options.jobs = 1;
  unsigned asked = 0;
  options.enough = [&asked] { return ++asked > 3; };
  const SuiteReport suite = run(options);
  EXPECT_EQ(suite.runs.size(), 3U);
  EXPECT_EQ(suite.total, 12U);
  EXPECT_EQ(suite.exit_code(), 130);
  EXPECT_THAT(text_report(suite, {}), HasSubstr("3 passed, the others not played"));
}

TEST_F(TextReport, ChoosesByAnyOfSeveralFiltersAndGlobsOfVariants) {
  using Words = std::vector<std::string>;
  const auto chosen = [this](const Words& filters, const Words& variants) {
    RunnerOptions options;
    options.filters = filters;
    options.variants = variants;
    std::string titles;
    for (const RunReport& run : run(options).runs) titles += run.title() + "\n";
    return titles;
  };
  EXPECT_EQ(occurrences(chosen({"appl", "*nana"}, {}), "\n"), 12U);
  EXPECT_EQ(occurrences(chosen({"appl"}, {}), "\n"), 6U);
  EXPECT_EQ(chosen({"apple"}, {"without-*"}), "apple [without-r]\napple [without-m]\n");
  EXPECT_EQ(chosen({"apple"}, {"r-then-m", "m-then-r"}), "apple [r-then-m]\napple [m-then-r]\n");
  EXPECT_EQ(chosen({}, {"r-then"}), "");
}

}  // namespace
}  // namespace provlab::lab
