#include "sim/lab/report/annotations.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <set>

#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

/// Marks beside the sources: GitHub, GitLab, SARIF.
namespace provlab::lab {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

RunReport failed_run(const std::string& file, int line, const std::string& variant = "") {
  RunReport run;
  run.program = "provlab";
  run.scenario = "s";
  run.file = file;
  run.variant = variant;
  run.verdict.outcome = Outcome::failed;
  Finding finding;
  finding.line = line;
  finding.held = false;
  finding.expected = "one thing";
  finding.actual = "it was 100% other";
  run.verdict.findings.push_back(finding);
  return run;
}

RunReport broken_invariant(const std::string& file) {
  RunReport run = failed_run(file, 0);
  run.verdict.findings[0].invariant = "I4";
  run.verdict.findings[0].text = "invariant I4";
  return run;
}

std::string as_is(const std::string& file) {
  return file;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(Annotations, AreWorstFirstAndOneForAPlace) {
  SuiteReport suite;
  suite.complaints = {{"d.xml", 3, "no such element"}};
  suite.runs = {failed_run("a.xml", 5), failed_run("b.xml", 7, "x"), failed_run("b.xml", 7, "y"),
                broken_invariant("c.xml")};
  const auto all = annotations_of(suite);
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0].check, "I4");
  EXPECT_EQ(all[1].file, "b.xml");
  EXPECT_EQ(all[1].runs, 2U);
  EXPECT_EQ(all[1].title, "s [x] and 1 more");
  EXPECT_EQ(all[2].file, "a.xml");
  EXPECT_EQ(all[3].check, "invalid-scenario");
}

TEST(Annotations, OfGitHubAreWorkflowCommands) {
  SuiteReport suite;
  suite.runs = {failed_run("a,b:c.xml", 5)};
  EXPECT_EQ(github_annotations(suite, as_is),
            "::error file=a%2Cb%3Ac.xml,line=5,title=s::expected one thing, but it was 100%25 other"
            "%0Arepeat: provlab run a,b:c.xml --seed 1\n");
  EXPECT_THAT(github_annotations(SuiteReport{}, as_is), IsEmpty());
}

TEST(Annotations, AreTenAtMostAndTheRestIsCounted) {
  SuiteReport suite;
  for (int line = 1; line <= 10; ++line) suite.runs.push_back(failed_run("a.xml", line));
  EXPECT_EQ(lines(github_annotations(suite, as_is)), 10U);
  EXPECT_THAT(github_annotations(suite, as_is), Not(HasSubstr("more places")));
  for (int line = 11; line <= 13; ++line) suite.runs.push_back(failed_run("a.xml", line));
  const std::string text = github_annotations(suite, as_is);
  EXPECT_EQ(lines(text), 10U);
  EXPECT_THAT(text, HasSubstr("line=9,"));
  EXPECT_THAT(text, HasSubstr("line=10,title=and 4 more::4 more places have something wrong"));
}

TEST(Annotations, OfNotesAreWarningsUnlessTheyAreErrors) {
  SuiteReport suite;
  suite.runs = {failed_run("b.xml", 5)};
  suite.notes = {{"a.xml", 4, "this rule was never used"}};
  EXPECT_THAT(github_annotations(suite, as_is),
              EndsWith("::warning file=a.xml,line=4,title=it does nothing::this rule was never "
                       "used\n"));
  EXPECT_THAT(sarif_report(suite, as_is), HasSubstr("\"level\":\"warning\""));
  suite.strict = true;
  EXPECT_THAT(github_annotations(suite, as_is), HasSubstr("::error file=a.xml,line=4"));
  EXPECT_THAT(sarif_report(suite, as_is), HasSubstr("\"level\":\"error\""));
}

TEST(Annotations, OfGitLabAreIssuesWithPlacesAndFingerprints) {
  SuiteReport suite;
  suite.runs = {failed_run("a.xml", 5), failed_run("a.xml", 9), broken_invariant("b.xml")};
  const auto issues = boost::json::parse(gitlab_code_quality(suite, as_is)).as_array();
  ASSERT_THAT(issues, SizeIs(3));
  std::set<std::string> fingerprints;
  for (const auto& issue : issues) {
    fingerprints.emplace(issue.at("fingerprint").as_string());
    EXPECT_GE(issue.at("location").at("lines").at("begin").as_int64(), 1);
    EXPECT_FALSE(issue.at("location").at("path").as_string().empty());
    EXPECT_FALSE(issue.at("check_name").as_string().empty());
    EXPECT_THAT((std::set<std::string>{"info", "minor", "major", "critical", "blocker"}),
                ::testing::Contains(std::string(issue.at("severity").as_string())));
  }
  EXPECT_THAT(fingerprints, SizeIs(3));
  EXPECT_THAT(std::string(issues[0].at("description").as_string()), StartsWith("s: expected"));
  EXPECT_EQ(gitlab_code_quality(SuiteReport{}, as_is), "[]\n");
}

TEST(Annotations, KeepTheirFingerprintWhenTheirLineMoves) {
  SuiteReport before, after;
  before.runs = {failed_run("a.xml", 5)};
  after.runs = {failed_run("a.xml", 8)};
  const auto print = [](const SuiteReport& suite) {
    return std::string(
        boost::json::parse(gitlab_code_quality(suite, as_is)).at(0).at("fingerprint").as_string());
  };
  EXPECT_EQ(print(before), print(after));
}

TEST(Annotations, KeepTheirFingerprintWhenMoreVariantsFail) {
  SuiteReport one, two;
  one.runs = {failed_run("a.xml", 5, "x")};
  two.runs = {failed_run("a.xml", 5, "x"), failed_run("a.xml", 5, "y")};
  const auto print = [](const SuiteReport& suite) {
    const std::string text = gitlab_code_quality(suite, as_is);
    return text.substr(text.find("\"fingerprint\""), 32);
  };
  EXPECT_EQ(print(one), print(two));
}

TEST(Sarif, HoldsComplaintsAndInvariantsWithTheirRules) {
  SuiteReport suite;
  suite.complaints = {{"a b.xml", 3, "no such element", 7}, {"none.xml", 0, "cannot be read"}};
  suite.runs = {failed_run("c.xml", 5), broken_invariant("d.xml"), broken_invariant("e.xml")};
  const auto sarif = boost::json::parse(sarif_report(suite, as_is));
  EXPECT_EQ(sarif.at("version").as_string(), "2.1.0");
  const auto& run = sarif.at("runs").at(0);
  const auto& rules = run.at("tool").at("driver").at("rules").as_array();
  EXPECT_EQ(run.at("tool").at("driver").at("name").as_string(), "provlab");
  const auto& results = run.at("results").as_array();
  ASSERT_THAT(results, SizeIs(4));  // not the expectation that failed
  for (const auto& result : results) {
    const auto& rule = rules.at(static_cast<std::size_t>(result.at("ruleIndex").as_int64()));
    EXPECT_EQ(rule.at("id").as_string(), result.at("ruleId").as_string());
    EXPECT_FALSE(rule.at("shortDescription").at("text").as_string().empty());
    EXPECT_FALSE(result.at("message").at("text").as_string().empty());
    EXPECT_EQ(result.at("level").as_string(), "error");
    const auto& place = result.at("locations").at(0).at("physicalLocation");
    EXPECT_GE(place.at("region").at("startLine").as_int64(), 1);
  }
  EXPECT_THAT(rules, SizeIs(3));
  const auto& complaint = results[2].at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(complaint.at("artifactLocation").at("uri").as_string(), "a%20b.xml");
  EXPECT_EQ(complaint.at("region").at("startColumn").as_int64(), 7);
}

TEST(Sarif, IsTheSameOfAReportThatWasReadAgain) {
  SuiteReport suite;
  suite.runs = {broken_invariant("d.xml")};
  suite.runs[0].position = suite.total = suite.files = 1;
  const auto read = read_json_report(json_report(suite), "x.json");
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(sarif_report(*read, as_is), sarif_report(suite, as_is));
  EXPECT_THAT(sarif_report(*read, as_is), HasSubstr("Invariant I4 of provisioning: one thing"));
}

}  // namespace
}  // namespace provlab::lab
