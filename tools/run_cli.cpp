#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "sim/lab/reports.hpp"
#include "tools/command.hpp"
#include "tools/scenario_files.hpp"

namespace provlab::tools {

namespace {

/// One line that is overwritten, on a terminal only.
void show_progress(std::size_t done, std::size_t total) {
  fmt::print(stderr, "\r{}/{} runs", done, total);
  if (done == total) fmt::print(stderr, "\r{:>40}\r", "");
  std::fflush(stderr);
}

class RunCommand final : public Command {
 public:
  explicit RunCommand(CLI::App& app)
      : Command(app, "run", "Runs scenarios and compares what happens with what they expect") {
    options()
        .add_option("PATH", paths_, "Scenario files, or folders to look for them in")
        ->required();
    options().add_option(
        "--filter", options_.filter,
        "Only scenarios and variants whose name or file contains this; '*' for any "
        "characters");
    options().add_option("--variant", options_.variant, "Only this variant of a race");
    options().add_option("--seed", options_.seed, "Instead of the scenarios' own seeds");
    options().add_flag("--twice", options_.twice,
                       "Run everything twice and compare traces octet by octet");
    options()
        .add_option("--jobs,-j", options_.jobs, "Threads (default: one per core)")
        ->check(CLI::Range(1U, 1024U));
    options().add_option("--trace", options_.trace_directory,
                         "Write each trace as JSON lines to a folder");
    options().add_option("--pcap", options_.pcap_directory,
                         "Write what passes the phone's interface as pcapng to a folder");
    options().add_option("--junit", junit_, "Write a JUnit XML report to a file");
    options().add_option("--json", json_,
                         "Write a JSON report to a file ('-': to the terminal, alone)");
    options().add_flag("--verbose,-v", verbose_,
                       "Print the time line: who said what to whom, when");
    options().footer(
        "Examples:\n"
        "  provlab run scenarios\n"
        "  provlab run scenarios --twice --junit build/scenarios.xml\n"
        "  provlab run scenarios/reference --filter race --trace build/trace --pcap build/pcap\n"
        "  provlab run FILE.xml --variant without-redirect-answer --seed 7 --verbose");
  }

  int run() override {
    const auto files = scenario_files(paths_);
    if (!files) return kUsage;
    options_.time_lines = verbose_;
    if (isatty(STDERR_FILENO) != 0) options_.progress = &show_progress;
    const lab::SuiteReport report = lab::run_suite(*files, options_);
    if (json_ == "-") {
      fmt::print("{}", lab::json_report(report));
    } else {
      fmt::print("{}", lab::text_report(
                           report, {.verbose = verbose_, .colour = isatty(STDOUT_FILENO) != 0}));
    }
    bool written = true;
    if (!json_.empty() && json_ != "-") written = write_report(json_, lab::json_report(report));
    if (!junit_.empty()) written = write_report(junit_, lab::junit_report(report)) && written;
    if (!written) return kUsage;
    if (report.runs.empty() && report.complaints.empty()) {
      fmt::print(stderr,
                 "provlab: nothing fits --filter or --variant; 'provlab list --variants' shows "
                 "what there is\n");
      return kUsage;
    }
    return report.exit_code();
  }

 private:
  std::vector<std::string> paths_;
  lab::RunnerOptions options_;
  std::string junit_;
  std::string json_;
  bool verbose_ = false;
};

}  // namespace

std::unique_ptr<Command> add_run(CLI::App& app) {
  return std::make_unique<RunCommand>(app);
}

}  // namespace provlab::tools
