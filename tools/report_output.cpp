#include "tools/report_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "sim/lab/report/reports.hpp"
#include "tools/colour.hpp"
#include "tools/command.hpp"
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
  app.add_option("--junit", junit_,
                 "Write a JUnit XML report to a file ('-': to the terminal, alone)");
  app.add_option("--json", json_, "Write a JSON report to a file ('-': to the terminal, alone)");
  app.add_flag(
      "--strict", strict_,
      "A note of what did nothing in a scenario that passed (a rule that was never used, a "
      "knob that makes no difference) is an error: exit code 3; used=\"maybe\" on the "
      "element silences it");
  app.add_option("--html", html_,
                 "Write pages to a folder: an index of the suite, and of runs what was expected, "
                 "the scenario, a sequence diagram, what messages say and all events");
  app.add_option("--pages", pages_,
                 "Which runs have a page: those that failed, these and one of each scenario "
                 "(sample, the default), or all")
      ->check(CLI::IsMember({"failed", "sample", "all"}))
      ->needs("--html");
  marks_.add_options(app);
  add_colour_option(app, colour_);
}

void ReportOutput::add_amount(CLI::App& app) {
  CLI::Option* quiet = app.add_flag("--quiet,-q", quiet_,
                                    "Only what failed, and the counts (default where the text goes "
                                    "to no terminal)");
  app.add_flag("--no-quiet", not_quiet_, "A line for each run, wherever the text goes")
      ->excludes(quiet);
  has_amount_ = true;
}

bool ReportOutput::fits() const {
  if ((json_ == "-") + (junit_ == "-") + marks_.taken() <= 1) return true;
  say(stderr,
      "provlab: only one of --json, --junit and --sarif can go to the terminal; give the "
      "others files\n");
  return false;
}

bool ReportOutput::fits_soak() const {
  if (html_.empty() && !marks_.wanted()) return true;
  say(stderr, "provlab: of soaks and explorations there are --json and --junit only\n");
  return false;
}

bool ReportOutput::quiet() const {
  if (!has_amount_ || not_quiet_) return false;
  return quiet_ || !is_read_along();
}

lab::PageChoice ReportOutput::choice() const {
  if (pages_ == "failed") return lab::PageChoice::failed;
  return pages_ == "all" ? lab::PageChoice::all : lab::PageChoice::sampled;
}

lab::Details ReportOutput::details_for(lab::Details json_details) const {
  lab::Details wanted = wants_json() ? json_details : lab::Details::none;
  if (!wants_pages()) return wanted;
  switch (choice()) {
    case lab::PageChoice::failed:
      return std::max(wanted, lab::Details::failed);
    case lab::PageChoice::sampled:
      return std::max(wanted, lab::Details::sampled);
    case lab::PageChoice::all:
      break;
  }
  return lab::Details::all;
}

bool ReportOutput::write(const lab::SuiteReport& report, bool verbose,
                         lab::Details json_details) const {
  bool written = marks_.write(report, taken());
  if (!taken()) {
    put(stdout, lab::text_report(report, {.verbose = verbose,
                                          .colour = wants_colour(colour_),
                                          .table = table_,
                                          .quiet = quiet() && !verbose}));
  }
  const auto put_or_write = [&written](const std::string& file, const std::string& text) {
    if (file == "-") return put(stdout, text);
    written = write_report(file, text) && written;
  };
  if (wants_json()) put_or_write(json_, lab::json_report(report, json_details));
  if (!junit_.empty()) put_or_write(junit_, lab::junit_report(report));
  if (wants_pages()) {
    if (const auto pages = lab::write_pages(report, html_, choice()); !pages) {
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
