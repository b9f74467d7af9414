// Names hold no line numbers, so that a case keeps its history while a scenario is edited.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "sim/lab/report/junit.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

std::string details(const RunReport& run) {
  std::string text = run.verdict.reason.empty()
                         ? ""
                         : shown("{}: {}\n", run.place(run.verdict.line), run.verdict.reason);
  for (const Finding& finding : run.verdict.findings) {
    if (finding.held) continue;
    text += shown("{}\n  expected: {}\n  actual:   {}\n", run.heading(finding), finding.expected,
                  finding.actual);
    if (!finding.why.empty()) text += shown("  why:      {}\n", finding.why);
    for (const std::string& line : run.time_line(finding)) text += shown("  {}\n", line);
  }
  return text + shown("repeat: {}\n", run.repeat());
}

JUnitCase case_of(const RunReport& run) {
  JUnitCase test{.classname = junit_class(run.file), .name = run.title(), .time = run.wall_time};
  test.message = run.verdict.reason;
  switch (run.verdict.outcome) {
    case Outcome::passed:
      return test;
    case Outcome::left_out:
      test.result = JUnitCase::Result::skipped;
      return test;
    case Outcome::failed:
      test.result = JUnitCase::Result::failure;
      break;
    case Outcome::invalid:
    case Outcome::broken:
    case Outcome::too_slow:
      test.result = JUnitCase::Result::error;
      break;
  }
  for (const Finding& finding : run.verdict.findings) {
    if (finding.held || !test.message.empty()) continue;
    test.message = fmt::format("expected {}, but {}", finding.expected, finding.actual);
  }
  test.type = to_string(run.verdict.outcome);
  test.text = details(run);
  return test;
}

/// All about one file, which would be a run if it were valid, and be called like this most often.
JUnitCase case_of(std::span<const Complaint> complaints) {
  const std::string& file = complaints.front().file;
  const std::string more =
      complaints.size() == 1 ? "" : fmt::format(" (and {} more)", complaints.size() - 1);
  JUnitCase test{.classname = junit_class(file),
                 .name = std::filesystem::path(file).stem().string(),
                 .result = JUnitCase::Result::error,
                 .message = complaints.front().text + more,
                 .type = std::string(to_string(Outcome::invalid))};
  for (const Complaint& complaint : complaints) test.text += shown("{}\n", complaint.to_string());
  return test;
}

/// What a scenario has in vain, to be told beside its first run.
std::string notes_about(const std::string& file, const std::vector<Complaint>& notes) {
  std::string text;
  for (const Complaint& note : notes) {
    if (note.file == file) text += shown("{}\n", note.to_string());
  }
  return text;
}

template <class Take>
void for_each_file(const std::vector<Complaint>& complaints, Take&& take) {
  for (auto at = complaints.begin(); at != complaints.end();) {
    const auto next = std::find_if(at, complaints.end(),
                                   [&](const Complaint& each) { return each.file != at->file; });
    take(std::span<const Complaint>(at, next));
    at = next;
  }
}

}  // namespace

std::string junit_report(const SuiteReport& report) {
  std::vector<JUnitCase> cases;
  for_each_file(report.complaints, [&](std::span<const Complaint> complaints) {
    cases.push_back(case_of(complaints));
  });
  std::string_view file;
  for (const RunReport& run : report.runs) {
    cases.push_back(case_of(run));
    if (!report.strict && run.file != file) cases.back().out = notes_about(run.file, report.notes);
    file = run.file;
  }
  if (report.strict) {
    for_each_file(report.notes, [&](std::span<const Complaint> notes) {
      cases.push_back(case_of(notes));
      cases.back().name += ": what does nothing";
      cases.back().type = "note";
    });
  }
  return junit_document("provlab", cases, report.wall_time);
}

}  // namespace provlab::lab
