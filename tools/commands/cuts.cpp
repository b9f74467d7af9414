#include <fmt/format.h>

#include <cstdio>

#include "tools/command.hpp"
#include "tools/limit_options.hpp"
#include "tools/run_cuts.hpp"
#include "tools/shard_choice.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class CutsCommand final : public Command {
 public:
  explicit CutsCommand(CLI::App& app)
      : Command(app, "cuts", "Cuts the power of the phone after every event of scenarios") {
    options().add_option("PATH", request_.paths,
                         "Scenario files, or folders to look for them in (default: scenarios)");
    options()
        .add_option("--sample", request_.options.sample,
                    "Only so many cuts, drawn by the seed from all that there are")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
    options()
        .add_option("--seed", request_.options.seed, "Draws other cuts (default: 1)")
        ->check(whole_number());
    shard_.add_option(options());
    options()
        .add_option("--jobs,-j", request_.options.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    CLI::Option* token =
        options()
            .add_option("--token", request_.token,
                        "Play one cut of one scenario again and print its time line")
            ->check(CLI::Range(1U, 1'000'000'000U));
    options()
        .add_option("--trace", request_.trace,
                    "With --token: write its trace as JSON lines to a folder")
        ->needs(token);
    add_sources_root(options(), request_.root);
    limits_.add_options(options());
    options().footer(
        "Scenarios that have no timeline of their own are played again and again. Each time the\n"
        "power goes at another place and is back after 5 s, when every rule and every loss has\n"
        "ended. In the end the phone must have the settings that it has without a cut, or those\n"
        "that the cut explains; its store must survive whole, and no invariant may break.\n"
        "Expectations and races are left aside. Exit code 1: a cut has broken something.\n"
        "Ctrl-C ends it early; it then tells what it has found, and ends with 130.\n"
        "Examples:\n"
        "  provlab cuts scenarios\n"
        "  provlab cuts scenarios --sample 2000 --seed 20261127\n"
        "  provlab cuts scenarios --shard 2/8\n"
        "  provlab cuts scenarios/reference/reference-chain.xml\n"
        "  provlab cuts FILE.xml --token 37           one cut again, to look at");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    request_.options.limits = *limits;
    if (request_.token == 0) {
      const auto shard = shard_.choose();
      if (!shard) return kUsage;
      request_.options.wanted = [shard = *shard](std::size_t rank) { return shard.holds(rank); };
    }
    return run_cuts(request_);
  }

 private:
  LimitOptions limits_;
  CutsRequest request_;
  ShardChoice shard_;
};

}  // namespace

std::unique_ptr<Command> add_cuts(CLI::App& app) {
  return std::make_unique<CutsCommand>(app);
}

}  // namespace provlab::tools
