#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "core/platform/visible.hpp"
#include "sim/lab/report/reports.hpp"

namespace provlab::lab {

namespace {

std::string seconds(Duration value) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(value).count());
}

std::string folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

void set(pugi::xml_node node, const char* attribute, std::string_view value) {
  node.append_attribute(attribute) = visible(value).c_str();
}

struct Suite {
  pugi::xml_node node;
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  Duration time{};
};

std::string details(const RunReport& run) {
  std::string text = run.verdict.reason.empty() ? "" : shown("{}\n", run.verdict.reason);
  for (const Finding& finding : run.verdict.findings) {
    if (finding.held) continue;
    text += shown("{}\n  expected: {}\n  actual:   {}\n", run.heading(finding), finding.expected,
                  finding.actual);
    if (!finding.why.empty()) text += shown("  why:      {}\n", finding.why);
    for (const std::string& line : run.time_line(finding)) text += shown("  {}\n", line);
  }
  return text + shown("repeat: {}\n", run.repeat());
}

/// What a scenario has in vain is told beside its first run.
void add_notes(pugi::xml_node test, const std::string& file, const std::vector<Complaint>& notes) {
  std::string text;
  for (const Complaint& note : notes) {
    if (note.file == file) text += shown("{}\n", note.to_string());
  }
  if (!text.empty()) test.append_child("system-out").text() = text.c_str();
}

pugi::xml_node add_case(Suite& suite, const RunReport& run) {
  pugi::xml_node test = suite.node.append_child("testcase");
  set(test, "name", run.title());
  set(test, "classname", folder_of(run.file));
  set(test, "file", run.file);
  test.append_attribute("time") = seconds(run.wall_time).c_str();
  ++suite.tests;
  suite.time += run.wall_time;
  if (run.verdict.outcome == Outcome::passed) return test;
  if (run.verdict.outcome == Outcome::left_out) {
    ++suite.skipped;
    set(test.append_child("skipped"), "message", run.verdict.reason);
    return test;
  }
  const bool failed = run.verdict.outcome == Outcome::failed;
  ++(failed ? suite.failures : suite.errors);
  pugi::xml_node problem = test.append_child(failed ? "failure" : "error");
  std::string message = run.verdict.reason;
  for (const Finding& finding : run.verdict.findings) {
    if (finding.held || !message.empty()) continue;
    message = fmt::format("expected {}, but {}", finding.expected, finding.actual);
  }
  set(problem, "message", message);
  set(problem, "type", to_string(run.verdict.outcome));
  problem.text() = details(run).c_str();
  return test;
}

void add_complaint(Suite& suite, const Complaint& complaint) {
  pugi::xml_node test = suite.node.append_child("testcase");
  set(test, "name", fmt::format("{}:{}", complaint.file, complaint.line));
  set(test, "classname", folder_of(complaint.file));
  set(test, "file", complaint.file);
  test.append_attribute("time") = "0";
  pugi::xml_node problem = test.append_child("error");
  set(problem, "message", complaint.to_string());
  set(problem, "type", "invalid");
  ++suite.tests;
  ++suite.errors;
}

}  // namespace

std::string junit_report(const SuiteReport& report) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  std::map<std::string, Suite> suites;
  const auto suite_of = [&](const std::string& file) -> Suite& {
    const std::string folder = folder_of(file);
    Suite& suite = suites[folder];
    if (!suite.node) {
      suite.node = root.append_child("testsuite");
      set(suite.node, "name", folder);
    }
    return suite;
  };
  for (const Complaint& complaint : report.complaints) {
    add_complaint(suite_of(complaint.file), complaint);
  }
  std::string_view file;
  for (const RunReport& run : report.runs) {
    pugi::xml_node test = add_case(suite_of(run.file), run);
    if (!report.strict && run.file != file) add_notes(test, run.file, report.notes);
    file = run.file;
  }
  if (report.strict) {
    for (const Complaint& note : report.notes) add_complaint(suite_of(note.file), note);
  }
  int tests = 0, failures = 0, errors = 0;
  for (auto& [folder, suite] : suites) {
    suite.node.append_attribute("tests") = suite.tests;
    suite.node.append_attribute("failures") = suite.failures;
    suite.node.append_attribute("errors") = suite.errors;
    if (suite.skipped > 0) suite.node.append_attribute("skipped") = suite.skipped;
    suite.node.append_attribute("time") = seconds(suite.time).c_str();
    tests += suite.tests;
    failures += suite.failures;
    errors += suite.errors;
  }
  root.append_attribute("name") = "provlab";
  root.append_attribute("tests") = tests;
  root.append_attribute("failures") = failures;
  root.append_attribute("errors") = errors;
  root.append_attribute("time") = seconds(report.wall_time).c_str();
  std::ostringstream out;
  document.save(out, "  ");
  return std::move(out).str();
}

}  // namespace provlab::lab
