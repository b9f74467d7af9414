#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "tools/command.hpp"
#include "tools/explore_scenario.hpp"
#include "tools/limit_options.hpp"
#include "tools/read_options.hpp"
#include "tools/shard_choice.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kMostRuns = 1'000'000'000;

bool is_given(const CLI::Option* option) {
  return option->count() > 0;
}

class ExploreCommand final : public Command {
 public:
  explicit ExploreCommand(CLI::App& app)
      : Command(app, "explore", "Tries every order in which packets can arrive") {
    options().add_option("SCENARIO", exploration_.file, "One scenario file")->required();
    CLI::Option* window =
        add_time(options(), "--window", exploration_.options.delivery.window,
                 "A packet may come this much later because others pass it (200ms)");
    CLI::Option* faults =
        options()
            .add_option("--faults", exploration_.options.delivery.faults,
                        "So many packets may also be lost or arrive twice (default: none)")
            ->check(whole_number());
    CLI::Option* losses = options()
                              .add_option("--losses", losses_,
                                          "So many packets may also be lost, and none comes twice")
                              ->check(whole_number())
                              ->excludes(faults);
    CLI::Option* answers = options().add_flag(
        "--answers", exploration_.racers_only,
        "Only answers of the scenario's <race> come late, get lost or come twice");
    conditions_ = {window, faults, losses, answers};
    add_extent();
    options()
        .add_option("--seed", exploration_.options.seed, "Instead of the scenario's own seed")
        ->check(whole_number());
    options()
        .add_option("--jobs,-j", exploration_.options.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    CLI::Option* baseline = add_baseline();
    CLI::Option* token = options().add_option("--token", exploration_.token,
                                              "Play one run again and print its time line");
    token->excludes(baseline);
    add_output_options(token);
    add_shards();
    limits_.add_options(options());
    options().footer(
        "Of orders that differ by deliveries that touched nothing in common only one is played, "
        "unless\n"
        "--all is given; the token shown with an outcome is that of the run with the fewest "
        "departures.\n"
        "Expectations and races of the scenario are left aside: what is judged are the "
        "invariants.\n"
        "Exit code 1: an invariant broke, or the outcomes differ from the baseline.\n"
        "Ctrl-C ends it early; it then tells what it has found, and ends with 130. So it does\n"
        "where there is no memory left, and ends with 4.\n"
        "Examples:\n"
        "  provlab explore scenarios/reference/redirect-beats-multicast.xml\n"
        "  provlab explore scenarios/races/eight-answers.xml --answers --losses 8\n"
        "  provlab explore FILE.xml --depth 1 --why     what would have led to another outcome\n"
        "  provlab explore FILE.xml --faults 1 --baseline FILE.outcomes\n"
        "  provlab explore FILE.xml --answers --html build/explored.html\n"
        "  provlab explore FILE.xml --baseline FILE.outcomes --junit build/explored.xml\n"
        "  provlab explore FILE.xml --budget 500 --random 500     half of it drawn by chance\n"
        "  provlab explore FILE.xml --shard 2/3 --json build/2.json   see 'provlab report --help'\n"
        "  provlab explore FILE.xml --token 5:1,9:2");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    exploration_.options.limits = *limits;
    if (exploration_.update && exploration_.baseline.empty()) {
      say(stderr, "provlab: --update needs --baseline FILE, the file to write\n");
      return kUsage;
    }
    exploration_.options.random = random_.value_or(exploration_.options.budget / 10);
    if (losses_ > 0) {
      exploration_.options.delivery.faults = losses_;
      exploration_.options.delivery.doubles = false;
    }
    if (exploration_.junit == "-" && exploration_.json == "-") {
      say(stderr,
          "provlab: only one of --json and --junit can go to the terminal; give the other a "
          "file\n");
      return kUsage;
    }
    // What takes all orders in one place asks no environment for a part.
    if (std::ranges::none_of(whole_, is_given)) {
      const auto shard = shard_.choose();
      if (!shard) return kUsage;
      exploration_.options.shard = shard->index - 1;
      exploration_.options.shards = shard->count;
    }
    exploration_.given = std::ranges::any_of(conditions_, is_given);
    return explore_scenario(exploration_);
  }

 private:
  CLI::Option* add_baseline() {
    CLI::Option* baseline = options().add_option("--baseline", exploration_.baseline,
                                                 "Compare the outcomes with those kept in a file");
    options().add_flag("--update", exploration_.update,
                       "Write that file instead, under the conditions it was written for before "
                       "unless others are given");
    return baseline;
  }

  /// How much is tried.
  void add_extent() {
    options()
        .add_option("--depth", exploration_.options.depth,
                    "At most so many departures from the natural order in one run; implies --all")
        ->check(whole_number());
    options().add_flag("--all", exploration_.options.all,
                       "Play all orders, also those that differ by independent deliveries alone");
    options()
        .add_option("--budget", exploration_.options.budget, "At most so many runs (20000)")
        ->check(CLI::Range(std::size_t{1}, kMostRuns));
    options()
        .add_option("--random", random_,
                    "Where the budget ends first, so many runs more with priorities that are drawn "
                    "(default: a tenth of the budget; 0: none)")
        ->check(CLI::Range(std::size_t{0}, kMostRuns));
    options()
        .add_option("--random-seed", exploration_.options.random_seed,
                    "What these are drawn from (1)")
        ->check(whole_number());
  }

  void add_shards() {
    shard_.add_option(options());
    for (const char* name : {"--token", "--baseline", "--all", "--depth", "--why", "--html"}) {
      whole_.push_back(options().get_option(name));
      options().get_option("--shard")->excludes(whole_.back());
    }
  }

  void add_output_options(CLI::Option* token) {
    add_sources_root(options(), exploration_.root);
    exploration_.why.add_options(
        options(),
        "Of each outcome also tell the nearest run that comes to another (one packet to the phone "
        "later, swapped, twice or lost), and from when on it was too late");
    options().get_option("--why")->excludes(token);
    options()
        .add_option("--trace", exploration_.trace,
                    "With --token: write its trace as JSON lines to a folder")
        ->needs(token);
    options()
        .add_option("--junit", exploration_.junit,
                    "Write a JUnit XML report to a file ('-': to the terminal, alone)")
        ->excludes(token);
    options()
        .add_option("--html", exploration_.html,
                    "Write a page to a file: all outcomes, what would have led to another, and a "
                    "diagram of a run of each; implies --why")
        ->excludes(token);
    options()
        .add_option("--json", exploration_.json,
                    "Write what was found as JSON to a file ('-': to the terminal, alone)")
        ->excludes(token);
  }

  LimitOptions limits_;
  ExploreRequest exploration_;
  unsigned losses_ = 0;
  std::optional<std::size_t> random_;
  ShardChoice shard_;
  std::vector<CLI::Option*> whole_;             ///< without which shards may be
  std::vector<const CLI::Option*> conditions_;  ///< what a baseline is written for
};

}  // namespace

std::unique_ptr<Command> add_explore(CLI::App& app) {
  return std::make_unique<ExploreCommand>(app);
}

}  // namespace provlab::tools
