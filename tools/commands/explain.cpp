#include <fmt/format.h>

#include <chrono>

#include "sim/lab/explaining/explainer.hpp"
#include "sim/lab/importing/story.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/text/parse.hpp"
#include "tools/capture_options.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class ExplainCommand final : public Command {
 public:
  explicit ExplainCommand(CLI::App& app)
      : Command(app, "explain", "Searches what a capture does not show, and what decided in it") {
    capture_.add_options(options());
    options().add_option("--budget", budget_,
                         "At most so many runs (4000), or as many as fit into a time (20s); by "
                         "default as many as take some seconds");
    options()
        .add_option("--assumptions", explain_.limits.assumptions,
                    "So many things may be supposed at once (default 2)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{3}));
    options()
        .add_option("--jobs,-j", explain_.limits.jobs,
                    "Threads (default: one for each core that it may use)")
        ->check(CLI::Range(1U, 1024U));
    options().footer(
        "It imports the capture as 'import' does. Where our phone parts from the one in it, it\n"
        "tries what the capture cannot show: a packet that was lost behind the tap or doubled, an\n"
        "answer that reached the phone later than the tap, a setting, a stored configuration,\n"
        "another release, something that the phone reads otherwise, a knob; the fewest first. "
        "Each\n"
        "of the best hypotheses becomes a scenario beside that of the import. Where our phone "
        "says\n"
        "the same, it plays the scenario without each of its oddities, and tells which of them\n"
        "decided. The same capture and number of runs come to the same text. Exit codes: 0 "
        "nothing\n"
        "is to explain, or a hypothesis explains it, 1 none was found, 2 it cannot be read, 130\n"
        "Ctrl-C ended it and nothing was found.\n"
        "Examples:\n"
        "  provlab explain customer.pcapng\n"
        "  provlab explain all-phones.pcap.gz --mac 00:09:52:12:34:56 --budget 20000\n"
        "  provlab explain bench.pcap --keep --slack 200ms --budget 10s --no-story");
  }

  int run() override {
    const auto given = capture_.take();
    if (!given || !take_budget()) return kUsage;
    explain_.import = *given;
    lab::prepare_language();
    Interrupt interrupt;
    ProgressLine line;
    const auto started = std::chrono::steady_clock::now();
    explain_.limits.enough = [&] {
      return interrupt.asked() ||
             (time_ > Duration::zero() && std::chrono::steady_clock::now() - started > time_);
    };
    explain_.limits.progress = [&](std::size_t runs, Duration explained) {
      line.show(fmt::format("{} runs, explained up to {}", runs, lab::time_words(explained)));
    };
    const auto found = lab::explain_capture(explain_);
    line.clear();
    if (!found) {
      say(stderr, "provlab: {}\n", found.error().to_string());
      return kUsage;
    }
    tell(*found);
    if (found->explains()) return 0;
    return interrupt.asked() ? kInterrupted : 1;
  }

 private:
  bool take_budget() {
    if (budget_.empty()) return true;
    if (whole_number()(budget_).empty()) {
      explain_.limits.runs = std::strtoull(budget_.c_str(), nullptr, 10);
      if (explain_.limits.runs > 0) return true;
      say(stderr, "provlab: --budget: 0 runs find nothing\n");
      return false;
    }
    const auto time = parse_duration(budget_);
    if (!time || *time <= Duration::zero()) {
      say(stderr,
          "provlab: --budget: '{}' is neither a number of runs nor a time, for example 20s\n",
          budget_);
      return false;
    }
    time_ = *time;
    explain_.limits.runs = 100'000'000;
    return true;
  }

  void tell(const lab::CaptureExplanation& found) const {
    say_phones(found.import, true);
    if (capture_.story()) put(stdout, lab::to_text(lab::story_of(found.import.heard)));
    say_replaced(found.import);
    for (const lab::Complaint& complaint : found.import.complaints) {
      say(stderr, "{}\n", complaint.to_string());
    }
    say(stdout, "wrote {}\n", found.import.scenario);
    say_divergence(found.import);
    tell_hypotheses(found);
    if (!found.decisions.empty()) say(stdout, "what decided, found by playing without it:\n");
    std::size_t number = 0;
    for (const lab::Decision& each : found.decisions) {
      say(stdout, "  {}. {}\n     {}\n", ++number, each.oddity, each.consequence);
    }
    if (!found.unknown.empty()) say(stdout, "what could not be known:\n");
    for (const std::string& each : found.unknown) say(stdout, "  - {}\n", each);
  }

  static void tell_hypotheses(const lab::CaptureExplanation& found) {
    if (found.replays) {
      say(stdout, "nothing is to explain{}\n",
          found.hypotheses.empty() ? ": what the capture shows is enough"
                                   : " but its pace; what would come closer to it:");
    } else if (found.hypotheses.empty()) {
      tell_failure(found);
    } else {
      say(stdout, "what the capture does not show, and what would explain it ({} runs):\n",
          found.runs);
    }
    std::size_t number = 0;
    for (const lab::KeptHypothesis& each : found.hypotheses) {
      say(stdout, "  {}. {}\n", ++number, each.probability);
      for (const std::string& sentence : each.sentences) say(stdout, "     {}\n", sentence);
      say(stdout, "     {}{}\n", each.scenario,
          each.apart == 0 ? std::string()
                          : fmt::format(" (its pace or repetitions differ in {} {})", each.apart,
                                        each.apart == 1 ? "place" : "places"));
    }
  }

  static void tell_failure(const lab::CaptureExplanation& found) {
    say(stdout, "no hypothesis explains it ({} runs{})\n", found.runs,
        found.exhausted ? "" : ", the budget is used up");
    if (!found.farthest) return;
    say(stdout, "  this leads farthest, up to {}: {}\n", lab::time_words(found.explained),
        found.farthest->probability);
    for (const std::string& sentence : found.farthest->sentences) {
      say(stdout, "     {}\n", sentence);
    }
  }

  CaptureOptions capture_;
  lab::ExplainOptions explain_;
  std::string budget_;
  Duration time_{};  ///< 0: runs are counted
};

}  // namespace

std::unique_ptr<Command> add_explain(CLI::App& app) {
  return std::make_unique<ExplainCommand>(app);
}

}  // namespace provlab::tools
