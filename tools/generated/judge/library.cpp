#include "tools/generated/judge/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ranges>
#include <span>

#include "core/platform/checksum.hpp"
#include "sim/lab/explore/baseline.hpp"
#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "sim/lab/suite/selection.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "tools/generated/judge/minutes.hpp"
#include "tools/generated/judge/recording.hpp"
#include "tools/generated/judge/statements.hpp"
#include "tools/generated/switch.hpp"

namespace provlab::mutants {

namespace {

Reach taken(std::size_t mutants) {
  Reach reach(mutants + 1);
  for (std::size_t number = 1; number <= mutants; ++number) reach[number] = reached[number] != 0;
  return reach;
}

void forget() {
  std::ranges::fill(std::span(reached, kMost), 0);
}

bool passes_run(const lab::ChosenRun& run) {
  lab::Play play(run.plan, *run.variant, run.plan->seed);
  play.run();
  return lab::judge(*run.plan, *run.variant, play.trace()).outcome == lab::Outcome::passed;
}

/// Whether an exploration finds the outcomes of its baseline, no others where it does not end, and
/// no broken invariant.
class ExploredAsBefore {
 public:
  ExploredAsBefore(lab::Shared<lab::ScenarioPlan> plan, lab::Baseline baseline, std::size_t orders)
      : plan_(std::move(plan)), baseline_(std::move(baseline)) {
    options_.delivery = baseline_.delivery;
    if (baseline_.racers_only && plan_->race) {
      options_.delivery.answers = {plan_->race->answers.begin(), plan_->race->answers.end()};
    }
    options_.budget = orders;
    options_.jobs = 1;  // who has threads must not fork
  }

  bool operator()(std::string&) const {
    const lab::Exploration found = lab::explore(plan_, options_);
    const lab::OutcomeClasses now = lab::outcome_names(found);
    const bool known = std::ranges::all_of(now | std::views::keys, [this](const auto& name) {
      return baseline_.classes.contains(name);
    });
    return found.broken.empty() && found.fault.empty() && known &&
           (found.unexplored > 0 || now.size() == baseline_.classes.size());
  }

 private:
  lab::Shared<lab::ScenarioPlan> plan_;
  lab::Baseline baseline_;
  lab::ExploreOptions options_;
};

Trial trial_of(const lab::ChosenRun& run) {
  Trial trial;
  trial.scenario = run.plan->name;
  trial.name = run.variant->name.empty()
                   ? trial.scenario
                   : fmt::format("{} [{}]", trial.scenario, run.variant->name);
  trial.rules = run.plan->rules;
  trial.statements = statements_of(*run.plan);
  const std::string folder = std::filesystem::path(run.plan->file).parent_path().string();
  trial.identity = checksum_of(run.variant->name, identity_of_scenario(run.plan->text, folder));
  trial.passes = [run](std::string&) { return passes_run(run); };
  return trial;
}

Expected<Trial> trial_of(const std::filesystem::path& file, std::size_t orders) {
  auto baseline = lab::read_baseline(file.string());
  if (!baseline) return std::unexpected(baseline.error());
  const auto scenario = std::filesystem::path(file).replace_extension(".xml");
  const lab::PlanResult plan = lab::load_scenario(scenario.string());
  if (!plan) return fail(plan.error().front().to_string());
  Trial trial;
  trial.scenario = (*plan)->name;
  trial.name = "exploring " + trial.scenario;
  trial.rules = (*plan)->rules;
  trial.kind = Kind::exploration;
  trial.passes = ExploredAsBefore(*plan, std::move(*baseline), orders);
  return trial;
}

std::vector<std::filesystem::path> baselines_in(const std::string& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".outcomes") found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

struct Suite {
  std::vector<lab::ChosenRun> runs;
  std::uint64_t identity = 0;
};

/// All runs below a folder that no program of this machine takes part in.
Expected<Suite> suite_in(const std::string& folder) {
  const auto files = lab::find_scenarios({folder});
  if (!files) return std::unexpected(files.error());
  lab::RunnerOptions options;
  options.jobs = 1;  // who has threads must not fork
  Suite suite;
  const lab::SuiteReport report = lab::begin_suite(*files, options, suite.runs);
  if (!report.complaints.empty()) return fail(report.complaints.front().to_string());
  std::erase_if(suite.runs, [](const lab::ChosenRun& run) { return !run.plan->daemons.empty(); });
  suite.identity = report.suite;
  return suite;
}

}  // namespace

std::string Library::first_objection(const std::string& folder) {
  const auto suite = suite_in(folder);
  if (!suite) return "reading the scenarios";
  for (const lab::ChosenRun& run : suite->runs) {
    if (!passes_run(run)) return trial_of(run).name;
  }
  return {};
}

Expected<void> Library::add(Trial trial) {
  std::string by;
  if (!trial.passes(by)) return fail("it does not pass without a mutant", trial.name);
  const Reach first = taken(mutants_);
  forget();
  const Duration start = lab::wall_clock();
  if (!trial.passes(by)) return fail("it does not pass a second time", trial.name);
  trial.spent = lab::wall_clock() - start;
  trial.reach = taken(mutants_);
  forget();
  trial.places = static_cast<std::size_t>(std::ranges::count(trial.reach, true));
  for (std::size_t number = 1; number <= mutants_; ++number) {
    if (first[number] && !trial.reach[number]) once_[number] = true;
  }
  runs_.push_back(std::move(trial));
  return {};
}

Expected<void> Library::add_explorations(std::vector<Trial> trials, unsigned jobs) {
  const std::vector<Recording> recordings = recorded_apart(trials, jobs);
  for (std::size_t i = 0; i < trials.size(); ++i) {
    Trial& trial = trials[i];
    if (!recordings[i].passed) return fail("it does not pass without a mutant", trial.name);
    trial.spent = recordings[i].spent;
    trial.reach.assign(mutants_ + 1, false);
    for (std::size_t number = 1; number <= mutants_; ++number) {
      trial.reach[number] = recordings[i].places[number] != 0;
    }
    trial.places = static_cast<std::size_t>(std::ranges::count(trial.reach, true));
    explorations_.push_back(std::move(trial));
  }
  std::ranges::sort(explorations_, {}, &Trial::spent);
  return {};
}

bool Library::only_once(std::uint32_t number) const {
  return once_[number] &&
         std::ranges::none_of(runs_, [number](const Trial& trial) { return trial.reach[number]; });
}

Expected<Library> Library::load(const std::string& folder, std::size_t mutants) {
  const auto suite = suite_in(folder);
  if (!suite) return std::unexpected(suite.error());
  Library library(mutants);
  library.identity_ = suite->identity;
  // What has been reached by now was reached while scenarios were read.
  library.once_ = taken(mutants);
  forget();
  for (const lab::ChosenRun& run : suite->runs) {
    if (const auto added = library.add(trial_of(run)); !added) {
      return std::unexpected(added.error());
    }
  }
  return library;
}

Expected<void> Library::load_explorations(const std::string& folder, std::size_t orders,
                                          unsigned jobs) {
  std::vector<Trial> trials;
  for (const auto& baseline : baselines_in(folder)) {
    auto trial = trial_of(baseline, orders);
    if (!trial) return std::unexpected(trial.error());
    trials.push_back(std::move(*trial));
  }
  return add_explorations(std::move(trials), jobs);
}

}  // namespace provlab::mutants
