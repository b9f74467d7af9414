#include "tools/command.hpp"
#include "tools/limit_options.hpp"
#include "tools/mapping/map_scenario.hpp"
#include "tools/read_options.hpp"
#include "tools/sources_root.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class MapCommand final : public Command {
 public:
  explicit MapCommand(CLI::App& app)
      : Command(app, "map", "Draws which outcome comes when, over the delays of answers") {
    options().add_option("SCENARIO", request_.file, "One scenario file")->required();
    add_axis("--x", request_.x, "An answer, and how late it leaves: ANSWER=FROM..TO");
    add_axis("--y", request_.y, "A second answer; without it only the first is delayed");
    add_time(options(), "--resolution", request_.options.resolution,
             "What is smaller than a square of this may be missed (a 48th of the longer axis)");
    CLI::Option* baseline = options().add_option("--baseline", request_.baseline,
                                                 "Compare the plane with the one kept in a file");
    options()
        .add_flag("--update", request_.update,
                  "Write that file instead, over the axes it was written for unless others are "
                  "given")
        ->needs(baseline);
    options()
        .add_option("--budget", request_.options.budget, "At most so many runs (50000)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}));
    options()
        .add_option("--seed", request_.seed, "Instead of the scenario's own seed")
        ->check(whole_number());
    options()
        .add_option("--jobs,-j", request_.options.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    options().add_option("--html", request_.html,
                         "Write a page to a file: the plane as a drawing to look at closely");
    options().add_option("--junit", request_.junit,
                         "Write a JUnit XML report to a file ('-': to the terminal, alone)");
    options().add_option("--json", request_.json,
                         "Write the map as JSON to a file ('-': to the terminal, alone)");
    add_sources_root(options(), request_.root);
    limits_.add_options(options());
    options().footer(
        "The scenario is played without its race, each time with these answers at other delays:\n"
        "so long after its request an answer leaves, whatever the scenario says. Where two\n"
        "outcomes meet, the border is found to the nanosecond, with what happens there and what\n"
        "it is where both happen in one instant. Answers are called by their ids; one without an\n"
        "id as traces call it, such as 'dhcp:ack'. Exit code 1: the plane is not that of the\n"
        "baseline any more. Ctrl-C ends it early; it then tells what it knows, and ends with 130.\n"
        "Examples:\n"
        "  provlab map scenarios/reference/redirect-beats-multicast.xml "
        "--x redirect-answer=0..12s --y multicast-answer=0..6s "
        "--html build/plane.html\n"
        "  provlab map FILE.xml --x ntp:time=0..70s\n"
        "  provlab map FILE.xml --x redirect-answer=0..12s --baseline FILE.map --update\n"
        "  provlab map FILE.xml --baseline FILE.map --junit build/mapped.xml");
  }

  int run() override {
    const auto limits = limits_.limits();
    if (!limits) return kUsage;
    request_.limits = *limits;
    if (request_.y && !request_.x) {
      say(stderr, "provlab: --y is the second axis; give --x too\n");
      return kUsage;
    }
    if (request_.y && request_.x->answer == request_.y->answer) {
      say(stderr, "provlab: --x and --y delay the same answer; take another, or leave out --y\n");
      return kUsage;
    }
    if (request_.junit == "-" && request_.json == "-") {
      say(stderr,
          "provlab: only one of --json and --junit can go to the terminal; give the other a "
          "file\n");
      return kUsage;
    }
    return map_scenario(request_);
  }

 private:
  void add_axis(const std::string& name, std::optional<lab::DelayAxis>& axis, std::string about) {
    options().add_option_function<std::string>(
        name, [name, &axis](const std::string& text) { axis = value_of(name, parse_axis(text)); },
        std::move(about));
  }

  LimitOptions limits_;
  MapRequest request_;
};

}  // namespace

std::unique_ptr<Command> add_map(CLI::App& app) {
  return std::make_unique<MapCommand>(app);
}

}  // namespace provlab::tools
