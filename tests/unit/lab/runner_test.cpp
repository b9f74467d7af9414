#include "sim/lab/suite/runner.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <pugixml.hpp>

#include "sim/lab/report/reports.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "tests/file_content.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A folder of its own for each test.
class Runner : public ::testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    const fs::path path = in_folder(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  std::string in_folder(const std::string& name) { return folder_ / name; }
  SuiteReport run_folder(const RunnerOptions& options = {}) {
    return run_suite(*find_scenarios({folder_.path()}), options);
  }

  test::TemporaryFolder folder_;
};

std::string named(const std::string& name) {
  return changed(kScenario, "name=\"sample\"", "name=\"" + name + "\"");
}

TEST_F(Runner, KeepsTheOrderWhateverTheThreads) {
  for (const char* name : {"d", "a", "c", "b"}) write(std::string(name) + ".xml", named(name));
  RunnerOptions options;
  options.jobs = 1;
  const SuiteReport one = run_folder(options);
  options.jobs = 4;
  const SuiteReport four = run_folder(options);
  ASSERT_THAT(one.runs, SizeIs(24));
  ASSERT_THAT(four.runs, SizeIs(24));
  for (std::size_t i = 0; i < one.runs.size(); ++i) {
    EXPECT_EQ(one.runs[i].title(), four.runs[i].title());
    EXPECT_EQ(one.runs[i].checksum, four.runs[i].checksum) << one.runs[i].title();
  }
  EXPECT_EQ(one.runs[0].title(), "a [r-then-m]");
}

TEST_F(Runner, RunsTwiceWithoutADifference) {
  write("a.xml", kScenario);
  RunnerOptions options;
  options.twice = true;
  EXPECT_EQ(run_folder(options).exit_code(), 0);
}

TEST_F(Runner, ChoosesByFilterVariantAndSeed) {
  write("a.xml", named("apple"));
  write("b.xml", named("banana"));
  RunnerOptions options;
  options.filters = {"banana"};
  options.variants = {"m-then-r"};
  options.seed = 99;
  const SuiteReport report = run_folder(options);
  ASSERT_THAT(report.runs, SizeIs(1));
  EXPECT_EQ(report.runs[0].title(), "banana [m-then-r]");
  EXPECT_EQ(report.runs[0].seed, 99U);
  EXPECT_THAT(report.runs[0].repeat(), EndsWith("/b.xml --variant m-then-r --seed 99"));
}

TEST_F(Runner, GivesTheExitCodeOfTheWorst) {
  write("a.xml", kScenario);
  EXPECT_EQ(run_folder().exit_code(), 0);
  write("b.xml", changed(named("other"), "is=\"provisioned\"", "is=\"no-url\""));
  EXPECT_EQ(run_folder().exit_code(), 1);
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  EXPECT_EQ(run_folder().exit_code(), 3);
  const SuiteReport unreadable = run_suite({in_folder("none.xml")}, {});
  EXPECT_EQ(unreadable.exit_code(), 2);
}

TEST_F(Runner, WritesTracesAndCaptures) {
  write("a.xml", kScenario);
  RunnerOptions options;
  options.variants = {"r-then-m"};
  options.root = folder_.path();
  options.trace_directory = in_folder("traces/deep");
  options.pcap_directory = in_folder("pcaps");
  ASSERT_EQ(run_folder(options).exit_code(), 0);
  const std::string trace = test::content_of(in_folder("traces/deep/a--r-then-m.jsonl"));
  EXPECT_THAT(trace, ::testing::StartsWith("{\"n\":1,\"time_ns\":0,\"host\":\"device\""));
  EXPECT_THAT(trace, HasSubstr("\"event\":\"run_ended\""));
  const std::string capture = test::content_of(in_folder("pcaps/a--r-then-m.pcapng"));
  EXPECT_EQ(capture.substr(0, 4), "\x0a\x0d\x0d\x0a");
  EXPECT_THAT(capture, HasSubstr("SUBSCRIBE sip:"));
}

TEST_F(Runner, WritesWhatScenariosOfOneNameDoSideBySide) {
  write("one/a.xml", kScenario);
  write("two/a.xml", changed(kScenario, "seed=\"3\"", "seed=\"4\""));
  RunnerOptions options;
  options.variants = {"r-then-m"};
  options.root = folder_.path();
  options.trace_directory = in_folder("traces");
  options.pcap_directory = in_folder("pcaps");
  const SuiteReport report = run_folder(options);
  ASSERT_THAT(report.runs, SizeIs(2));
  EXPECT_EQ(report.runs[0].trace_file, in_folder("traces/one/a--r-then-m.jsonl"));
  EXPECT_EQ(report.runs[1].trace_file, in_folder("traces/two/a--r-then-m.jsonl"));
  EXPECT_THAT(test::content_of(in_folder("traces/one/a--r-then-m.jsonl")), HasSubstr("\"seed\":3"));
  EXPECT_THAT(test::content_of(in_folder("traces/two/a--r-then-m.jsonl")), HasSubstr("\"seed\":4"));
  EXPECT_NE(test::content_of(in_folder("pcaps/one/a--r-then-m.pcapng")), "");
  EXPECT_NE(test::content_of(in_folder("pcaps/two/a--r-then-m.pcapng")), "");
}

TEST_F(Runner, WhatCannotBeWrittenIsNoFaultOfTheRun) {
  write("a.xml", kScenario);
  write("file", "");
  RunnerOptions options;
  options.variants = {"r-then-m"};
  options.trace_directory = in_folder("file");
  const SuiteReport report = run_folder(options);
  ASSERT_THAT(report.runs, SizeIs(1));
  EXPECT_EQ(report.runs[0].verdict.outcome, Outcome::passed);
  EXPECT_EQ(report.runs[0].trace_file, "");
  ASSERT_THAT(report.runs[0].unwritten, SizeIs(1));
  EXPECT_THAT(report.runs[0].unwritten[0].to_string(), HasSubstr("Not a directory"));
}

TEST_F(Runner, CapturesWithoutChangingTheTrace) {
  write("a.xml", kScenario);
  const std::uint64_t plain = run_folder().runs[0].checksum;
  RunnerOptions options;
  options.pcap_directory = in_folder("pcaps");
  EXPECT_EQ(run_folder(options).runs[0].checksum, plain);
}

TEST_F(Runner, TellsTheTimeLineOfOneRun) {
  write("a.xml", kScenario);
  RunnerOptions options;
  options.variants = {"r-then-m"};
  options.narrated = true;
  const SuiteReport report = run_folder(options);
  const auto& lines = report.runs[0].narration;
  EXPECT_THAT(lines, Contains(HasSubstr("0.001000 s  router     gets dhcp discover")));
  EXPECT_THAT(lines,
              Contains(HasSubstr("** uses http://prov.server.com/a.xml, found by redirect")));
  EXPECT_THAT(text_report(report, {.verbose = true, .colour = false}),
              HasSubstr("== run 1 ends provisioned"));
}

TEST_F(Runner, EndsAFailureWithTheLineThatRepeatsIt) {
  const std::string file =
      write("a b.xml", changed(kScenario, "<winner is=\"first-answer\"/>",
                               "<winner is=\"dhcp\" why=\"DHCP comes first\"/>"));
  RunnerOptions options;
  options.variants = {"r-then-m"};
  const std::string text = text_report(run_folder(options), {});
  EXPECT_THAT(text, HasSubstr("FAILED  sample [r-then-m]"));
  EXPECT_THAT(text, HasSubstr(file + ":28: <winner is=\"dhcp\"/>"));
  EXPECT_THAT(text, HasSubstr("expected: the URL comes from dhcp"));
  EXPECT_THAT(text, HasSubstr("actual:   redirect won with http://prov.server.com/a.xml"));
  EXPECT_THAT(text, HasSubstr("why:      DHCP comes first"));
  EXPECT_THAT(text, HasSubstr("repeat: provlab run '" + file + "' --variant r-then-m --seed 3"));
  EXPECT_THAT(text, HasSubstr("0 passed, 1 failed"));
}

TEST(Reports, ShowATimeLineOnce) {
  RunReport run;
  run.verdict.outcome = Outcome::failed;
  Finding finding;
  finding.held = false;
  finding.slice = {"the device waits"};
  run.verdict.findings = {finding, finding, finding};
  run.verdict.findings[2].slice = {"the device ends"};
  SuiteReport suite;
  suite.runs = {run};
  for (const std::string& text : {text_report(suite, {}), junit_report(suite)}) {
    const std::size_t first = text.find("the device waits");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(text.find("the device waits", first + 1), std::string::npos);
    EXPECT_THAT(text, HasSubstr("the device ends"));
  }
}

TEST_F(Runner, ReportsToJUnit) {
  write("a.xml", kScenario);
  write("b.xml", changed(named("bad"), "is=\"provisioned\"", "is=\"no-url\""));
  write("c.xml", changed(kScenario, "latency=\"1ms\"", "latency=\"1\""));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_report(run_folder()).c_str()));
  const pugi::xml_node root = document.child("testsuite");
  EXPECT_EQ(root.attribute("tests").as_int(), 13);
  EXPECT_EQ(root.attribute("failures").as_int(), 6);
  EXPECT_EQ(root.attribute("errors").as_int(), 1);
  const pugi::xml_node failed = root.find_child_by_attribute("testcase", "name", "bad [without-m]");
  EXPECT_THAT(failed.child("failure").attribute("message").value(),
              HasSubstr("expected run 1 ends no-url, but it ended provisioned"));
  EXPECT_THAT(failed.child("failure").text().get(), HasSubstr("repeat: provlab run"));
}

TEST_F(Runner, ReportsToJson) {
  write("a.xml", changed(kScenario, "A sample.", "Quotes \" and \\ backslashes."));
  RunnerOptions options;
  options.variants = {"r-then-m"};
  const std::string json = json_report(run_folder(options));
  EXPECT_THAT(json, ::testing::StartsWith("{\"version\":3,"));
  EXPECT_THAT(json, HasSubstr("\"shard\":\"1/1\",\"total\":1,\"files\":1,\"unreadable\":0,"
                              "\"passed\":1,\"failed\":0,"));
  EXPECT_THAT(json, HasSubstr("\"about\":\"Quotes \\\" and \\\\ backslashes.\""));
  EXPECT_THAT(json, HasSubstr("\"outcome\":\"passed\""));
  EXPECT_THAT(json, HasSubstr("\"expectations\":[{\"line\":27,"));
  EXPECT_THAT(json, ::testing::ContainsRegex("\"checksum\":\"[0-9a-f]+\""));
}

}  // namespace
}  // namespace provlab::lab
