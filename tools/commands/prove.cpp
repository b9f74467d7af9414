#include "tools/command.hpp"
#include "tools/limit_options.hpp"
#include "tools/proving/prove_order.hpp"
#include "tools/read_options.hpp"
#include "tools/sources_root.hpp"

namespace provlab::tools {

namespace {

class ProveCommand final : public Command {
 public:
  explicit ProveCommand(CLI::App& app)
      : Command(app, "prove", "Shows that a failing order is mended, and those around it") {
    options()
        .add_option("ORDER", request_.order,
                    "A scenario and a token of 'explore', SCENARIO#TOKEN, or one of its runs: "
                    "SCENARIO, SCENARIO@VARIANT, and behind each the token of a neighbour")
        ->required();
    options().add_option("--build", request_.build,
                         "The build before, a program or a git revision; without it the orders "
                         "of this build are told");
    options()
        .add_option("--swaps", request_.swaps,
                    "Of a token of 'explore': all orders within so many other choices (2)")
        ->check(CLI::Range(std::size_t{0}, std::size_t{8}));
    lab::DeliveryOptions& delivery = request_.options.delivery;
    add_time(options(), "--window", delivery.window, "A packet may come this much later (200ms)");
    CLI::Option* faults =
        options()
            .add_option("--faults", delivery.faults,
                        "So many packets may also be lost or arrive twice (default: none)")
            ->check(whole_number());
    options()
        .add_option("--losses", losses_, "So many packets may also be lost, and none comes twice")
        ->check(whole_number())
        ->excludes(faults);
    options().add_flag("--answers", request_.racers_only,
                       "Only answers of the scenario's <race> come late, get lost or come twice, "
                       "and only as orders");
    options()
        .add_option("--budget", request_.options.budget,
                    "At most so many runs of orders, and as many with delays (20000)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
    options()
        .add_option("--seed", request_.options.seed, "Instead of the scenario's own seed")
        ->check(whole_number());
    options()
        .add_option("--jobs,-j", request_.options.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    options().add_option("--json", request_.json,
                         "Write what was found as JSON to a file ('-': to the terminal, alone)");
    add_sources_root(options(), request_.root);
    limits_.add_options(options());
    options().footer(
        "A token shows one run. Whether a fault is mended, or only does not show in that run any\n"
        "more, is seen around it: all orders are played that come of it by so many other choices\n"
        "(a packet more or less that waits, is lost or comes twice), and all delays within the\n"
        "window of one packet more, of which one counts where the same happens; with the build\n"
        "before and with this one. What the run broke before, an invariant or of a variant an\n"
        "expectation, or else what it came to, is looked for in all of them. Exit codes: 0 it is\n"
        "in none any more, there is no new outcome and nothing else breaks; 1 otherwise; 2 the\n"
        "build before has no such command, or the token is of another build or other conditions.\n"
        "Examples:\n"
        "  provlab prove race.xml#5:1,9:2 --build build/before/provlab\n"
        "  provlab prove race.xml#5:1,9:2 --build origin/main --swaps 3\n"
        "  provlab prove race.xml@a-then-b --build origin/main --window 1s\n"
        "  provlab prove race.xml@a-then-b@12:+1.3ms     a neighbour that --why has named\n"
        "  provlab prove scenarios/reference/redirect-beats-multicast.xml#natural --swaps 1");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    request_.options.limits = *limits;
    if (losses_ > 0) {
      request_.options.delivery.faults = losses_;
      request_.options.delivery.doubles = false;
    }
    return prove_order(request_);
  }

 private:
  LimitOptions limits_;
  ProveRequest request_;
  unsigned losses_ = 0;
};

}  // namespace

std::unique_ptr<Command> add_prove(CLI::App& app) {
  return std::make_unique<ProveCommand>(app);
}

}  // namespace provlab::tools
