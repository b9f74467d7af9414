#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/lab/comparing/comparison_text.hpp"
#include "sim/lab/language/load.hpp"
#include "tools/command.hpp"
#include "tools/comparing/build_of.hpp"
#include "tools/comparing/other_build.hpp"
#include "tools/comparing/pair_runs.hpp"
#include "tools/interrupt.hpp"
#include "tools/limit_options.hpp"
#include "tools/progress.hpp"
#include "tools/read_options.hpp"
#include "tools/scenario_files.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class CompareCommand final : public Command {
 public:
  explicit CompareCommand(CLI::App& app)
      : Command(app, "compare", "Tells where two runs part, why, and what followed from it") {
    options().add_option("A", a_, "A scenario, trace, report or capture; see below");
    options().add_option("B", b_, "What it is compared with");
    options().add_option("SCENARIO", more_, "With --build: what is played (default: scenarios)");
    add_build_options();
    add_time(options(), "--slack", slack_,
             "So much later or sooner is the same (0s; with a capture 1s)");
    options().add_flag("--steps", steps_, "Also tell every step of both, line by line");
    options().add_option("--html", html_,
                         "Write a page to a file: both sequences beside each other");
    options().add_option("--json", json_,
                         "Write what was found as JSON to a file ('-': to the terminal, alone)");
    add_mac(options(), "--mac", load_.mac, "The phone of captures, where there are several");
    add_exploration_options();
    add_sources_root(options(), load_.root);
    options()
        .add_option("--jobs,-j", load_.jobs, "Threads (default: one for each core it may use)")
        ->check(CLI::Range(1U, 1024U));
    limits_.add_options(options());
    options().footer(
        "Each side is a scenario, a trace of 'run --trace', a folder of either, a report of 'run\n"
        "--json --details all', or a capture. Behind the file may stand which run of it is meant:\n"
        "@VARIANT of a race, @TOKEN of an exploration (@natural: none of its departures) or of\n"
        "'run --why' (behind the variant, where there is one), @seed=7.\n"
        "@VARIANT alone is one of the file on the other side. Of two sides with several runs "
        "those\n"
        "of the same name are compared, and grouped by what has changed.\n"
        "Compared is what happens by its meaning: transaction ids, branches, tags, Call-IDs and\n"
        "ports of clients are left aside, and so is the order of what happens at once. What only\n"
        "comes at another time is told as such. With a capture it is what the phone says that\n"
        "counts. Exit codes: 0 the same, 1 they differ, 2 something cannot be read.\n"
        "With --build the scenarios, in every variant, are played with another build as well (A)\n"
        "and with this one (B), and so are the explorations and maps that are kept beside them\n"
        "(.outcomes, .map). What has changed is told in words, each way once, with how often and\n"
        "a command that shows one; where nothing has, it says nothing. A git revision is built\n"
        "in build/compared/, where it stays.\n"
        "Examples:\n"
        "  provlab compare race.xml@redirect-answer-then-multicast-answer "
        "@without-redirect-answer\n"
        "  provlab compare race.xml@natural @5:1,9:2 --html build/beside.html\n"
        "  provlab compare race.xml@a-then-b @a-then-b@12:+1.3ms\n"
        "  provlab compare boot.xml@seed=1 @seed=2 --slack 2s\n"
        "  provlab compare yesterday/boot.jsonl today/boot.jsonl --json build/changed.json\n"
        "  provlab compare customer.pcapng customer/customer.xml\n"
        "  provlab compare --build build/before/provlab scenarios\n"
        "  provlab compare --build origin/main scenarios/races --junit build/changed.xml");
  }

  int run() override {
    if (!take_options()) return kUsage;
    lab::prepare_language();
    if (!build_.empty()) return compare_with_build();
    const auto report = compare();
    if (!report) {
      say(stderr, "provlab: {}\n", report.error().to_string());
      return kUsage;
    }
    if (json_ != "-") {
      put(stdout, compare_text(*report));
      if (steps_) put_steps(*report);
    }
    if (!write(*report)) return kUsage;
    return report->all_same() ? 0 : 1;
  }

 private:
  void add_build_options() {
    CLI::Option* build = options().add_option(
        "--build", build_,
        "Play scenarios with another build too, a program or a git revision, and tell what has "
        "changed");
    options()
        .add_flag("--runs-only", runs_only_,
                  "With --build: without the explorations and maps that are kept beside scenarios")
        ->needs(build);
    options()
        .add_option("--junit", junit_,
                    "With --build: write a JUnit XML report to a file ('-': to the terminal, "
                    "alone)")
        ->needs(build);
  }

  void add_exploration_options() {
    load_.delivery.window = std::chrono::milliseconds(200);
    add_time(options(), "--window", load_.delivery.window, "Of tokens, as in 'explore' (200ms)");
    CLI::Option* faults =
        options()
            .add_option("--faults", load_.delivery.faults, "Of tokens, as in 'explore'")
            ->check(whole_number());
    options()
        .add_option("--losses", losses_, "Of tokens, as in 'explore'")
        ->check(whole_number())
        ->excludes(faults);
    options().add_flag("--answers", load_.racers_only, "Of tokens, as in 'explore'");
  }

  bool take_options() {
    if (build_.empty() && (b_.empty() || !more_.empty())) {
      say(stderr, "provlab: write what is compared, A and B; several scenarios go with --build\n");
      return false;
    }
    if (junit_ == "-" && json_ == "-") {
      say(stderr,
          "provlab: only one of --json and --junit can go to the terminal; give the other a "
          "file\n");
      return false;
    }
    const auto limits = limits_.limits();
    if (!limits) return false;
    load_.limits = *limits;
    if (losses_ > 0) {
      load_.delivery.faults = losses_;
      load_.delivery.doubles = false;
    }
    return true;
  }

  Expected<CompareReport> compare() {
    const auto a = parse_operand(a_, b_);
    if (!a) return std::unexpected(a.error());
    const auto b = parse_operand(b_, a_);
    if (!b) return std::unexpected(b.error());
    const bool wire = is_capture(*a) || is_capture(*b);
    const Duration usual = wire ? Duration(std::chrono::seconds(1)) : Duration::zero();
    const Duration slack = slack_.value_or(usual);
    if (wire) return compare_on_wire(*a, *b, load_, slack);
    auto runs_a = load_runs(*a, load_);
    if (!runs_a) return std::unexpected(runs_a.error());
    auto runs_b = load_runs(*b, load_);
    if (!runs_b) return std::unexpected(runs_b.error());
    CompareReport report = compare_loaded(std::move(*runs_a), std::move(*runs_b), slack);
    report.a = a->text;
    report.b = b->text;
    return report;
  }

  /// With --build all that stands there are scenarios. Nothing is said where nothing has changed.
  int compare_with_build() {
    std::vector<std::string> paths = more_;
    for (const std::string* path : {&b_, &a_}) {
      if (!path->empty()) paths.insert(paths.begin(), *path);
    }
    const auto files = scenario_files(paths);
    if (!files) return kUsage;
    const Interrupt interrupt;
    load_.limits.enough = [&interrupt] { return interrupt.asked(); };
    ProgressLine progress;
    const auto show = [&progress](const std::string& what) { progress.show(what); };
    const auto program = build_of(build_, show);
    auto report = program ? compare_builds({.program = *program,
                                            .files = *files,
                                            .load = load_,
                                            .slack = slack_.value_or(Duration::zero()),
                                            .runs_only = runs_only_,
                                            .progress = show,
                                            .enough = load_.limits.enough})
                          : std::unexpected(program.error());
    progress.clear();
    if (interrupt.asked()) {
      say(stderr, "provlab: it was ended before all was compared\n");
      return kInterrupted;
    }
    if (!report) {
      say(stderr, "provlab: {}\n", report.error().to_string());
      return kUsage;
    }
    report->a = build_;
    return conclude(*report);
  }

  int conclude(const BuildReport& report) const {
    for (const std::string& note : report.notes) say(stderr, "provlab: {}\n", note);
    if (json_ != "-" && junit_ != "-" && !report.all_same()) put(stdout, build_text(report));
    bool written = true;
    const auto put_or_write = [&written](const std::string& file, const std::string& text) {
      if (file == "-") return put(stdout, text);
      written = write_report(file, text) && written;
    };
    if (!json_.empty()) put_or_write(json_, build_json(report));
    if (!junit_.empty()) put_or_write(junit_, build_junit(report));
    if (!html_.empty()) put_or_write(html_, build_page(report));
    if (!written) return kUsage;
    return report.all_same() ? 0 : 1;
  }

  static void put_steps(const CompareReport& report) {
    for (const ComparedPair& pair : report.pairs) {
      const lab::Matching matching(pair.a, pair.b);
      put(stdout, visible(lab::steps_text(pair.a, pair.b, matching), Layout::lines));
    }
  }

  bool write(const CompareReport& report) const {
    bool written = true;
    if (json_ == "-") {
      put(stdout, compare_json(report));
    } else if (!json_.empty()) {
      written = write_report(json_, compare_json(report));
    }
    if (html_.empty()) return written;
    if (report.pairs.empty()) {
      say(stderr, "provlab: --html: there is no difference to draw\n");
      return written;
    }
    return write_report(html_, compare_page(report.pairs.front())) && written;
  }

  std::string a_;
  std::string b_;
  std::vector<std::string> more_;
  std::string build_;
  std::optional<Duration> slack_;
  std::string html_;
  std::string json_;
  std::string junit_;
  unsigned losses_ = 0;
  bool steps_ = false;
  bool runs_only_ = false;
  LoadOptions load_;
  LimitOptions limits_;
};

}  // namespace

std::unique_ptr<Command> add_compare(CLI::App& app) {
  return std::make_unique<CompareCommand>(app);
}

}  // namespace provlab::tools
