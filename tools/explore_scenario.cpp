#include "tools/explore_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "sim/lab/explore/baseline.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "tools/command.hpp"
#include "tools/explore_page.hpp"
#include "tools/explore_report.hpp"
#include "tools/explore_text.hpp"
#include "tools/explore_why.hpp"
#include "tools/interrupt.hpp"
#include "tools/limit_options.hpp"
#include "tools/one_scenario.hpp"
#include "tools/progress.hpp"
#include "tools/revision.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using lab::Baseline;
using lab::Exploration;
using lab::OutcomeRow;

using Classes = lab::OutcomeClasses;

std::string_view fault_word(const lab::DeliveryOptions& delivery) {
  return delivery.doubles ? "faults" : "losses";
}

/// The options that tokens need, each behind a blank.
std::string terms_of(const ExploreRequest& request) {
  const lab::DeliveryOptions& delivery = request.options.delivery;
  std::string terms =
      fmt::format("{} --window {}", lab::root_words(request.root), to_string(delivery.window));
  if (delivery.faults > 0) {
    terms += fmt::format(" --{} {}", fault_word(delivery), delivery.faults);
  }
  if (request.racers_only) terms += " --answers";
  return terms + limit_words(request.options.limits);
}

/// The command that plays one run again, up to its token.
std::string replay_words(const ExploreRequest& request) {
  std::string line = fmt::format("{} explore {}{}", lab::program_name(),
                                 lab::quoted_path(request.file), terms_of(request));
  if (request.options.seed != 0) line += fmt::format(" --seed {}", request.options.seed);
  return line + " --token";
}

/// Whether a report for a machine stands on standard output alone.
bool is_taken(const ExploreRequest& request) {
  return request.json == "-" || request.junit == "-";
}

std::FILE* text_stream(const ExploreRequest& request) {
  return is_taken(request) ? stderr : stdout;
}

Classes classes_of(const Exploration& found) {
  Classes classes;
  for (const OutcomeRow& row : found.outcomes) {
    classes[visible(row.outcome.to_string())] = visible(circumstances(row.departures));
  }
  return classes;
}

std::string conditions(const lab::DeliveryOptions& delivery, bool racers_only) {
  return fmt::format("window {}, {} {}{}", to_string(delivery.window), fault_word(delivery),
                     delivery.faults, racers_only ? ", answers of the race" : "");
}

std::string baseline_text(const ExploreRequest& request, const std::string& name,
                          const Classes& classes) {
  std::string text = fmt::format(
      "# What {} can come to, by 'provlab explore': each outcome, and when it was first seen.\n"
      "# Written by --baseline with --update, compared without it.\n"
      "window {}\n"
      "{} {}\n{}",
      name, to_string(request.options.delivery.window), fault_word(request.options.delivery),
      request.options.delivery.faults, request.racers_only ? "answers of the race\n" : "");
  for (const auto& [outcome, when] : classes) text += fmt::format("{}\n  when {}\n", outcome, when);
  return text;
}

/// The baseline that a request names, empty where it names none or the file is yet to be written.
/// The conditions it was written for hold, unless others are given; those can be written only,
/// since under other conditions there is nothing to compare.
Expected<Baseline> take_baseline(ExploreRequest& request) {
  if (request.baseline.empty()) return Baseline{};
  if (request.update && (request.given || !std::filesystem::exists(request.baseline))) {
    return Baseline{};
  }
  auto baseline = lab::read_baseline(request.baseline);
  if (!baseline) return baseline;
  lab::DeliveryOptions& delivery = request.options.delivery;
  const bool same = baseline->racers_only == request.racers_only &&
                    baseline->delivery.window == delivery.window &&
                    baseline->delivery.faults == delivery.faults &&
                    (delivery.faults == 0 || baseline->delivery.doubles == delivery.doubles);
  if (request.given && !same) {
    return fail(fmt::format("the baseline was written for {}; leave out what differs, or write it "
                            "anew by --update",
                            conditions(baseline->delivery, baseline->racers_only)),
                request.baseline);
  }
  delivery = baseline->delivery;
  request.racers_only = baseline->racers_only;
  return baseline;
}

BaselineDrift drift_from(const std::string& file, const Classes& known, const Classes& now) {
  BaselineDrift drift{.file = file, .appeared = {}, .gone = {}};
  for (const auto& [outcome, when] : now) {
    if (!known.contains(outcome)) drift.appeared.push_back(outcome);
  }
  for (const auto& [outcome, when] : known) {
    if (!now.contains(outcome)) drift.gone.push_back(outcome);
  }
  return drift;
}

int write_baseline(const ExploreRequest& request, const std::string& name,
                   const Exploration& found) {
  const Classes now = classes_of(found);
  if (!write_report(request.baseline, baseline_text(request, name, now))) return kUsage;
  say(text_stream(request), "baseline {} written: {} {}\n", request.baseline, now.size(),
      now.size() == 1 ? "outcome" : "outcomes");
  return 0;
}

void print_drift(const BaselineDrift& drift, const Classes& known, const Classes& now) {
  for (const std::string& outcome : drift.appeared) {
    say(stdout, "  new:  {}\n      when {}\n", outcome, now.at(outcome));
  }
  for (const std::string& outcome : drift.gone) {
    say(stdout, "  gone: {}\n      which was seen when {}\n", outcome, known.at(outcome));
  }
  say(stdout, "baseline {}: {}\n", drift.file,
      drift.holds() ? "nothing has changed" : "it has changed; --update takes over what is so now");
}

/// Where `run` would put the scenario's trace, with the token for a variant.
std::string trace_file(const ExploreRequest& request, const lab::Deviations& deviations) {
  std::string token = lab::to_token(deviations);
  std::ranges::replace(token, ':', '.');  // not every file system takes it
  const std::string name =
      lab::RunFileNames(lab::common_folder({request.file})).name(request.file, token);
  return (std::filesystem::path(request.trace) / (name + ".jsonl")).string();
}

int replay_token(const ExploreRequest& request, const lab::Shared<lab::ScenarioPlan>& plan) {
  const auto deviations = lab::parse_token(request.token);
  if (!deviations) {
    say(stderr, "provlab: {}\n", deviations.error().to_string());
    return kUsage;
  }
  lab::RunText text;
  const lab::ExploredRun run = lab::replay(plan, request.options, *deviations, &text);
  for (const std::string& line : text.narration) say(stdout, "{}\n", line);
  say(stdout, "{}\n  when {}\n  trace {:016x}\n", run.outcome.to_string(),
      circumstances(run.departures), run.checksum);
  for (const lab::BrokenInvariant& broken : run.broken) {
    say(stdout, "FAILED {}: {}\n", broken.heading(), broken.actual);
  }
  if (!request.trace.empty()) {
    const std::string file = trace_file(request, *deviations);
    if (!write_report(file, text.json_lines)) return kUsage;
    say(stdout, "  written to {}\n", file);
  }
  if (run.deviated < deviations->size()) {
    say(stderr,
        "provlab: this is another run: not every departure of the token came about; was it "
        "made with another --window, --faults or --seed?\n");
    return kUsage;
  }
  return run.broken.empty() ? 0 : 1;
}

int conclude(const ExploreRequest& request, ExploreReport& report, const Classes& known) {
  const Exploration& found = report.found;
  int& code = report.exit_code;
  code = found.broken.empty() ? 0 : 1;
  // What is not known is neither gone nor to be kept.
  if (!found.fault.empty()) {
    say(stderr, "provlab: the lab's own fault: {}\n", found.fault);
    code = kLabFault;
  } else if (report.early) {
    if (code == 0) code = kInterrupted;
  } else {
    if (!report.drift.file.empty()) {
      if (!is_taken(request)) print_drift(report.drift, known, classes_of(found));
      if (!report.drift.holds()) code = 1;
    }
    if (request.update) {
      code = std::max(code, write_baseline(request, report.scenario, found));
    }
  }
  bool written = write_exploration(report, request.json, request.junit);
  if (!request.html.empty()) {
    // Also where it is to end early: what was found by then is shown.
    lab::RunLimits limits = request.options.limits;
    limits.enough = nullptr;
    const std::string page = explore_page(report,
                                          {.limits = limits,
                                           .root = request.root,
                                           .delivery = request.options.delivery,
                                           .racers_only = request.racers_only},
                                          request.options.seed);
    written = write_report(request.html, page) && written;
  }
  return written ? code : kUsage;
}

}  // namespace

int explore_scenario(ExploreRequest request) {
  const OneScenario one = load_one(request.file, request.root);
  if (!one.plan) return one.exit_code;
  const lab::ScenarioPlan& plan = *one.plan;
  const bool compares = !request.baseline.empty() && !request.update && request.token.empty();
  const auto known = take_baseline(request);
  if (!known) {
    say(stderr, "provlab: {}\n", known.error().to_string());
    return kUsage;
  }
  const Baseline& baseline = *known;
  lab::ExploreOptions& options = request.options;
  if (request.racers_only) {
    if (!plan.race) {
      say(stderr, "provlab: --answers: {} has no <race>, whose answers it could take\n",
          request.file);
      return kUsage;
    }
    const auto& racers = plan.race->answers;
    options.delivery.answers = {racers.begin(), racers.end()};
  }
  if (!request.token.empty()) return replay_token(request, one.plan);
  const Interrupt interrupt;
  options.enough = [&interrupt] { return interrupt.asked(); };
  options.limits.enough = options.enough;
  ProgressLine progress;
  options.progress = [&progress](std::size_t runs, std::size_t waiting) {
    progress.show(fmt::format("{} runs, {} more known of", runs, waiting));
  };
  const auto start = std::chrono::steady_clock::now();
  ExploreReport report{.file = request.file,
                       .scenario = plan.name,
                       .about = plan.about,
                       .conditions = conditions(options.delivery, request.racers_only),
                       .replay = replay_words(request),
                       .terms = terms_of(request),
                       .seed = options.seed == 0 ? "" : fmt::format("@seed={}", options.seed),
                       .shard = {options.shard + 1, options.shards},
                       .revision = kRevision,
                       .found = lab::explore(one.plan, options)};
  report.time = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
  progress.clear();
  report.early = interrupt.asked() && report.found.unexplored > 0;
  report.unlike = unlike_natural(report.found);
  if (request.why.wanted() || !request.html.empty()) {
    report.explained = explain_outcomes(one.plan, options, request.why, report.found);
  }
  if (compares) {
    report.drift = drift_from(request.baseline, baseline.classes, classes_of(report.found));
  }
  if (!is_taken(request)) print_exploration(report);
  return conclude(request, report, baseline.classes);
}

}  // namespace provlab::tools
