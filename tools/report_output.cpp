#include "tools/report_output.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "sim/lab/pages/pages.hpp"
#include "sim/lab/report/reports.hpp"
#include "tools/command.hpp"
#include "tools/progress.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// Says which files of runs could not be written, as far as that helps; false where there are any.
bool say_unwritten(const lab::SuiteReport& report) {
  constexpr std::size_t kMost = 3;
  std::size_t count = 0;
  for (const lab::RunReport& run : report.runs) {
    for (const Error& error : run.unwritten) {
      if (++count <= kMost) say(stderr, "provlab: {}\n", error.to_string());
    }
  }
  if (count > kMost) say(stderr, "provlab: and {} more files\n", count - kMost);
  return count == 0;
}

}  // namespace

void ReportOutput::add_options(CLI::App& app) {
  app.add_option("--junit", junit_, "Write a JUnit XML report to a file");
  app.add_option("--json", json_, "Write a JSON report to a file ('-': to the terminal, alone)");
  app.add_flag(
      "--strict", strict_,
      "A note of what did nothing in a scenario that passed (a rule that was never used, a "
      "knob that makes no difference) is an error: exit code 3; used=\"maybe\" on the "
      "element silences it");
  app.add_option("--html", html_,
                 "Write pages to a folder: an index of the suite, and for each run what was "
                 "expected, a sequence diagram, the changed settings and all events");
}

bool ReportOutput::write(const lab::SuiteReport& report, bool verbose,
                         lab::Details json_details) const {
  if (json_on_terminal()) {
    put(stdout, lab::json_report(report, json_details));
  } else {
    put(stdout,
        lab::text_report(report, {.verbose = verbose, .colour = wants_colour(), .table = table_}));
  }
  bool written = true;
  if (wants_json() && !json_on_terminal()) {
    written = write_report(json_, lab::json_report(report, json_details));
  }
  if (!junit_.empty()) written = write_report(junit_, lab::junit_report(report)) && written;
  if (wants_pages()) {
    if (const auto pages = lab::write_pages(report, html_); !pages) {
      say(stderr, "provlab: {}\n", pages.error().to_string());
      written = false;
    }
  }
  return written;
}

int ReportOutput::conclude(const lab::SuiteReport& report, bool verbose, lab::Details json_details,
                           std::string_view choosers) const {
  const bool all_written = say_unwritten(report);
  if (!write(report, verbose, json_details) || !all_written) return kUsage;
  if (report.total == 0 && report.complaints.empty()) {
    say(stderr, "provlab: nothing fits {}; 'provlab list --variants' shows what there is\n",
        choosers);
    return kUsage;
  }
  return report.exit_code();
}

}  // namespace provlab::tools
