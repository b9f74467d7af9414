#include <fmt/format.h>

#include <cstdio>

#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/wired/wire_suite.hpp"
#include "sim/wire/namespace.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/limit_options.hpp"
#include "tools/progress.hpp"
#include "tools/read_options.hpp"
#include "tools/report_output.hpp"
#include "tools/run_choice.hpp"
#include "tools/scenario_files.hpp"
#include "tools/shard_choice.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"
#include "tools/why_options.hpp"

namespace provlab::tools {

namespace {

class RunCommand final : public Command {
 public:
  explicit RunCommand(CLI::App& app)
      : Command(app, "run", "Runs scenarios and compares what happens with what they expect") {
    options()
        .add_option("PATH", paths_, "Scenario files, or folders to look for them in")
        ->required();
    add_run_choice(options(), options_);
    options()
        .add_option("--seed", options_.seed, "Instead of the scenarios' own seeds")
        ->check(whole_number());
    options().add_flag("--twice", options_.twice,
                       "Run everything twice and compare traces octet by octet");
    options()
        .add_option(
            "--jobs,-j", options_.jobs,
            "Threads (default: one for each core that it may use; with --wire 28, which mostly "
            "wait)")
        ->check(CLI::Range(1U, 1024U));
    options().add_option("--trace", options_.trace_directory,
                         "Write each trace as JSON lines to a folder, below which the files lie as "
                         "the scenarios do below what PATHs have in common");
    options().add_option("--pcap", options_.pcap_directory,
                         "Write what passes the phone's interface as pcapng to a folder, likewise");
    add_wire_options();
    add_neighbour_options();
    output_.add_options(options());
    output_.add_amount(options());
    options()
        .add_option("--details", details_,
                    "Of which runs the JSON report holds trace and changed settings, for pages "
                    "(default: failed)")
        ->check(CLI::IsMember({"none", "failed", "all"}));
    shard_.add_option(options());
    options().add_flag("--show-secrets", show_secrets_,
                       "Do not write *** for passwords in reports, pages and traces");
    options().add_flag("--verbose,-v", verbose_,
                       "Print the time line: who said what to whom, when");
    add_sources_root(options(), options_.sources_root);
    limits_.add_options(options());
    options().footer(
        "The first Ctrl-C or SIGTERM ends it early: the reports then hold what was played, and it\n"
        "ends with 130. A second one ends it at once.\n"
        "Examples:\n"
        "  provlab run scenarios\n"
        "  provlab run scenarios --filter race --filter '*-late*'   what fits one of the two\n"
        "  provlab run scenarios --variant 'without-*' --no-quiet | less\n"
        "  provlab run scenarios --twice --junit build/scenarios.xml\n"
        "  provlab run scenarios --strict                  also fails where an element did "
        "nothing\n"
        "  provlab run scenarios/reference --filter race --trace build/trace --pcap build/pcap\n"
        "  provlab run FILE.xml --variant without-redirect-answer --seed 7 --verbose\n"
        "  provlab run scenarios --html build/pages            then open build/pages/index.html\n"
        "  provlab run FILE.xml --html build/pages --pages all --show-secrets\n"
        "  provlab run scenarios --filter race --why        what would have let it pass\n"
        "  provlab run FILE.xml --variant a-then-b --token 12:+1.3ms    such a run\n"
        "  provlab run scenarios --annotate github             marks beside the sources, in CI\n"
        "  provlab run scenarios --wire                    every run of at most 30 s, on cables\n"
        "  provlab run scenarios --shard 2/3 --json build/2.json   see 'provlab report --help'");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    options_.limits = *limits;
    const auto files = scenario_files(paths_);
    if (!output_.fits() || !files) return kUsage;
    const auto shard = shard_.choose();
    if (!shard || !prepare_wire()) return kUsage;
    options_.shard = *shard;
    if (!make_folders({options_.trace_directory, options_.pcap_directory, options_.frames_directory,
                       output_.pages()})) {
      return kUsage;
    }
    options_.root = lab::common_folder(paths_);
    options_.narrated = verbose_;
    options_.strict = output_.strict();
    const lab::Details json_details = details_ == "all"    ? lab::Details::all
                                      : details_ == "none" ? lab::Details::none
                                                           : lab::Details::failed;
    options_.details = output_.details_for(json_details);
    if (show_secrets_) options_.secrets = lab::Secrets::Told::shown;
    const Interrupt interrupt;
    options_.enough = [&interrupt] { return interrupt.asked(); };
    options_.limits.enough = options_.enough;
    ProgressLine progress;
    options_.progress = [&progress](std::size_t done, std::size_t total) {
      progress.show(fmt::format("{}/{} runs", done, total));
    };
    lab::SuiteReport report =
        on_wire_ ? lab::run_wired(*files, options_, wire_) : lab::run_suite(*files, options_);
    progress.clear();
    if (report.runs.empty() && report.total > 0 && !report.ended_early) {
      say(stderr, "provlab: shard {} has no run: there are {} in all ('--shard 1/1' runs them)\n",
          report.shard.to_string(), report.total);
    }
    if (!options_.mishaps.empty() && report.total > 1) {
      say(stderr, "provlab: --token is of one run, and there are {}; choose one by --variant\n",
          report.total);
      return kUsage;
    }
    if (why_.wanted() && !report.ended_early) {
      explain_failures(report, why_, options_.jobs, options_.limits, options_.secrets);
    }
    return output_.conclude(report, verbose_, json_details, "--filter or --variant");
  }

 private:
  void add_wire_options() {
    CLI::Option* wire =
        options().add_flag("--wire", on_wire_,
                           "By the real clock: phone and servers at the two ends of a cable (veth) "
                           "in a network namespace of its own, many at a time");
    add_time(options(), "--slack", wire_.slack, "With --wire: by so much times may be off (50ms)")
        ->needs(wire);
    add_time(options(), "--wire-limit", wire_.limit,
             "With --wire: what lasts longer in virtual time is left out (30s)")
        ->needs(wire);
    options()
        .add_option("--keep", options_.frames_directory,
                    "With --wire: write all frames at the phone's end as pcapng to a folder, "
                    "below which the files lie as for --trace")
        ->needs(wire);
    options().get_option("--twice")->excludes(wire);
  }
  void add_neighbour_options() {
    why_.add_options(options(),
                     "Of each failed run tell the nearest that passes (one packet to the phone "
                     "later, swapped, twice or lost), and from when on it was too late");
    const auto take = [this](const std::string& text) {
      options_.mishaps = value_of("--token", lab::parse_mishaps(text));
    };
    options()
        .add_option_function<std::string>(
            "--token", take, "Let happen to packets what --why has found: 12:+1.3ms,15:lost")
        ->excludes("--wire");
    options().get_option("--why")->excludes("--wire");
  }
  /// While the process has one thread only. False, and a word on stderr, where it cannot be.
  bool prepare_wire() {
    if (!on_wire_) return true;
    constexpr unsigned kWaiting = 28;
    if (options_.jobs == 0) options_.jobs = kWaiting;
    if (const auto inside = wire::enter_network_namespace(); !inside) return refuse(inside.error());
    return true;
  }
  static bool refuse(const Error& error) {
    say(stderr, "provlab: {}\n", error.to_string());
    return false;
  }

  std::vector<std::string> paths_;
  lab::RunnerOptions options_;
  LimitOptions limits_;
  WhyOptions why_;
  bool on_wire_ = false;
  lab::WireOptions wire_;
  std::string details_ = "failed";
  ReportOutput output_;
  ShardChoice shard_;
  bool verbose_ = false;
  bool show_secrets_ = false;
};

}  // namespace

std::unique_ptr<Command> add_run(CLI::App& app) {
  return std::make_unique<RunCommand>(app);
}

}  // namespace provlab::tools
