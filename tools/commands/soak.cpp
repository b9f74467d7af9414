#include <fmt/format.h>

#include <cstdio>

#include "sim/lab/soak/swarm.hpp"
#include "tools/command.hpp"
#include "tools/limit_options.hpp"
#include "tools/read_options.hpp"
#include "tools/run_soak.hpp"
#include "tools/shard_choice.hpp"
#include "tools/soaking/against.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class SoakCommand final : public Command {
 public:
  explicit SoakCommand(CLI::App& app)
      : Command(app, "soak", "Plays scenarios made by chance, as long as you like") {
    options()
        .add_option("--seed", request_.options.seed,
                    "The first scenario's; the next has one more (default: 1)")
        ->check(whole_number());
    CLI::Option* runs = options()
                            .add_option("--runs", request_.options.runs, "So many scenarios")
                            ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
    add_time(options(), "--for", request_.limit, "As long as this, for example 10min (60s)")
        ->excludes(runs);
    options()
        .add_option("--jobs,-j", request_.options.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    options().add_option("--out", request_.out,
                         "The folder for scenarios that failed (default: soak-found)");
    options().add_option(
        "--json", request_.json,
        "Write what was found as JSON to a file ('-': to the terminal, alone), for "
        "'provlab report'");
    options().add_option("--junit", request_.junit,
                         "Write a JUnit XML report to a file ('-': to the terminal, alone)");
    shard_.add_option(options());
    options().add_flag("--show", show_, "Print the scenario of --seed instead of playing it");
    options()
        .add_option("--against", against_,
                    "Play each with another build of this program too, until both differ")
        ->excludes("--show");
    limits_.add_options(options());
    options().footer(
        "Each scenario has some sources, responders, faults, documents, triggers and accidents,\n"
        "and a moment from which all is in order. No invariant may break, and in the end every\n"
        "phone must be provisioned. What fails is shrunk to a small scenario file.\n"
        "The same seed and number of runs give the same summary. Of a soak in shards the k-th of "
        "n\n"
        "plays every n-th scenario, from the k-th on. Exit code 1: something failed.\n"
        "Ctrl-C ends it early; it then tells what it has found, and ends with 130 where that is\n"
        "nothing.\n"
        "With --against what another build does otherwise is searched: of the first scenario "
        "with a\n"
        "difference that an expectation tells apart the smallest is written that still passes "
        "here\n"
        "and fails there. Exit code 1: there is one. Of shards 'report' tells the first of all.\n"
        "Examples:\n"
        "  provlab soak --for 10min\n"
        "  provlab soak --against build/before/provlab --for 5min --out build/differs\n"
        "  provlab soak --against build/before/provlab --runs 100000 --shard 2/8 --json "
        "build/2.json\n"
        "  provlab soak --seed 20261123 --runs 100000 --out build/soak\n"
        "  provlab soak --seed 4711 --runs 1          one scenario again\n"
        "  provlab soak --runs 100000 --shard 2/8 --json build/2.json   see 'provlab report "
        "--help'\n"
        "  provlab soak --seed 4711 --show > 4711.xml     the same, to look at and to run");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    request_.options.limits = *limits;
    if (show_) {
      const std::uint64_t seed = request_.options.seed;
      put(stdout, lab::swarm_scenario(seed, fmt::format("soak-{}", seed)));
      return 0;
    }
    if (request_.limit <= Duration::zero()) {
      say(stderr, "provlab: --for: in no time nothing is played; write for example 10min\n");
      return kUsage;
    }
    if (request_.json == "-" && request_.junit == "-") {
      say(stderr,
          "provlab: only one of --json and --junit can go to the terminal; give the other a "
          "file\n");
      return kUsage;
    }
    const auto shard = shard_.choose();
    if (!shard) return kUsage;
    request_.shard = *shard;
    if (!against_.empty()) return soak_against({.program = against_, .soak = request_});
    return run_soak(request_);
  }

 private:
  LimitOptions limits_;
  SoakRequest request_;
  ShardChoice shard_;
  std::string against_;
  bool show_ = false;
};

}  // namespace

std::unique_ptr<Command> add_soak(CLI::App& app) {
  return std::make_unique<SoakCommand>(app);
}

}  // namespace provlab::tools
