#include "sim/lab/suite/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>

#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/suite/neighbours.hpp"
#include "sim/lab/suite/notes.hpp"
#include "sim/lab/suite/run_detail.hpp"
#include "sim/lab/suite/selection.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// So many lines of a trace are text at once.
constexpr EventNumber kLinesAtOnce = 4096;
/// What a page could not show any more, and JSON not carry.
constexpr std::size_t kMostEventsOfDetail = 50'000;

/// The first line in which two traces differ that should be equal; 0 where they are.
EventNumber first_difference(const Trace& a, const Trace& b) {
  const EventNumber end = std::min(a.last(), b.last()) + 1;
  for (EventNumber first = a.first(); first < end; first += kLinesAtOnce) {
    const EventNumber behind = std::min(first + kLinesAtOnce, end);
    const std::string one = a.json_lines(first, behind);
    const std::string other = b.json_lines(first, behind);
    if (one == other) continue;
    const auto at = std::ranges::mismatch(one, other).in1;
    return first + static_cast<EventNumber>(std::count(one.begin(), at, '\n'));
  }
  return a.last() == b.last() ? 0 : end;
}

std::string write_trace(RunReport& report, const std::string& folder, const std::string& name,
                        const Trace& trace, const Secrets& secrets) {
  std::string path = (fs::path(folder) / name).string();
  auto file = GrowingFile::create(path);
  Expected<void> written;
  if (!file) written = std::unexpected(file.error());
  for (EventNumber n = trace.first(); written && n <= trace.last(); n += kLinesAtOnce) {
    const EventNumber end = std::min(n + kLinesAtOnce, trace.last() + 1);
    written = file->append(secrets.hide_trace(trace.json_lines(n, end)));
  }
  if (written) return path;
  report.unwritten.push_back(written.error());
  return {};
}

/// Whether it came to its end. Where an exception ended it the report says so, and what happened by
/// then is told like that of any run.
bool plays_to_its_end(Play& play, RunReport& report) {
  try {
    play.run();
    return true;
  } catch (const std::exception& error) {
    break_verdict(report, fault_text(error));
    return false;
  }
}

void run_world(const ChosenRun& chosen, const RunnerOptions& options, RunReport& report) {
  const Shared<ScenarioPlan>& plan = chosen.plan;
  const Variant& variant = *chosen.variant;
  std::optional<world::PcapngWriter> capture;
  Play play(plan, variant, report.seed, options.limits);
  const settings::Configuration before = play.configuration();
  if (!options.pcap_directory.empty()) {
    capture.emplace("device", plan->epoch, capture_comment(report));
    play.capture(*capture);
  }
  PacketLog log;
  if (options.details != Details::none) play.show(log, log);
  if (!options.mishaps.empty()) play.suffer(options.mishaps);
  const bool whole = plays_to_its_end(play, report);
  const Trace& trace = play.trace();
  if (whole) {
    report.verdict = options.mishaps.empty()
                         ? judge(*plan, variant, trace)
                         : judge(*plan, variant_as_it_came(*plan, variant, trace), trace);
  }
  if (whole && play.mishaps() != nullptr && play.mishaps()->came() < options.mishaps.size()) {
    break_verdict(report,
                  "this is another run: not everything in its token came about; was it "
                  "made with another scenario, --variant or --seed?");
  }
  tell_played(
      report, chosen, options,
      {trace, before, play.configuration(), play.uses(), log, capture ? &*capture : nullptr});
  if (whole && options.twice) {
    Play again(plan, variant, report.seed, options.limits);
    if (!options.mishaps.empty()) again.suffer(options.mishaps);
    again.run();
    if (const EventNumber line = first_difference(trace, again.trace()); line != 0) {
      break_verdict(report, fmt::format("two runs with the same seed differ, first in line {} of "
                                        "the trace",
                                        line));
    }
  }
}

/// Leaves out the runs that were not played, which have no position: somebody has ended it early.
void drop_unplayed(SuiteReport& report) {
  report.ended_early =
      std::erase_if(report.runs, [](const RunReport& run) { return run.position == 0; }) > 0;
}

RunReport run_one(const ChosenRun& chosen, const RunnerOptions& options) {
  RunReport report = begin_report(chosen, options);
  if (!chosen.plan->daemons.empty()) {
    report.verdict.outcome = Outcome::left_out;
    report.verdict.reason =
        fmt::format("it needs {}, real servers that no virtual world has: run it with --wire",
                    daemon_names(chosen.plan->daemons));
    return report;
  }
  const Duration start = wall_clock();
  try {
    run_world(chosen, options, report);
  } catch (const std::exception& error) {
    break_verdict(report, fault_text(error));
  }
  report.wall_time = wall_clock() - start;
  return report;
}

/// A failed run of a race is shown beside variants that passed, so those keep their details too.
void keep_neighbours(const std::vector<ChosenRun>& chosen, const RunnerOptions& options,
                     SuiteReport& report) {
  if (options.details != Details::failed && options.details != Details::sampled) return;
  RunnerOptions again = options;
  again.details = Details::all;
  again.trace_directory.clear();
  again.pcap_directory.clear();
  again.twice = false;
  for (const std::size_t failed : failures_with_neighbours(report.runs)) {
    for (const std::size_t i : passing_neighbours(report.runs, failed)) {
      if (report.runs[i].detail || options.enough()) continue;
      report.runs[i].detail = run_one(chosen[i], again).detail;
    }
  }
}

}  // namespace

/// Reports tell how long a run took; nothing inside a world sees this clock.
Duration wall_clock() {
  return std::chrono::steady_clock::now().time_since_epoch();  // house-rules: wall time for people
}

void break_verdict(RunReport& report, std::string reason) {
  report.verdict.outcome = Outcome::broken;
  report.verdict.reason = std::move(reason);
}

std::string write_for(RunReport& report, const std::string& folder, const std::string& name,
                      std::string_view content) {
  std::string path = (fs::path(folder) / name).string();
  if (const auto written = write_file(path, content); !written) {
    report.unwritten.push_back(written.error());
    return {};
  }
  return path;
}

std::string capture_comment(const RunReport& report) {
  return fmt::format("{} seed {}: {}", report.title(), report.seed, report.about);
}

void tell_played(RunReport& report, const ChosenRun& chosen, const RunnerOptions& options,
                 const Played& played) {
  const Trace& trace = played.trace;
  report.checksum = trace.checksum();
  report.events = trace.size();
  if (trace.size() > 0) {
    report.virtual_time = trace.event(trace.last()).at().time_since_epoch();
  }
  if (report.verdict.outcome == Outcome::passed) {
    report.idle = idle_purposes(chosen.plan->purposes, played.uses);
    std::ranges::move(idle_windows(*chosen.plan, *chosen.variant, trace),
                      std::back_inserter(report.idle));
  }
  if (options.narrated) report.narration = narrate(trace, chosen.plan->epoch);
  const bool kept = options.details != Details::none;
  const Leavings left{.plan = *chosen.plan,
                      .trace = trace,
                      .log = kept ? &played.log : nullptr,
                      .before = &played.before,
                      .after = &played.after};
  const Secrets secrets = secrets_of(left, options.secrets);
  hide_secrets(report, secrets);
  if (keeps(options.details, report.verdict.outcome, chosen.first) &&
      trace.size() <= kMostEventsOfDetail) {
    report.detail = detail_of(left, secrets);
  }
  if (!options.trace_directory.empty()) {
    report.trace_file =
        write_trace(report, options.trace_directory, chosen.files + ".jsonl", trace, secrets);
  }
  if (played.capture != nullptr) {
    report.capture_file = write_for(report, options.pcap_directory, chosen.files + ".pcapng",
                                    played.capture->bytes());
  }
}

RunReport begin_report(const ChosenRun& chosen, const RunnerOptions& options) {
  RunReport report;
  report.position = chosen.position;
  report.scenario = chosen.plan->name;
  report.variant = chosen.variant->name;
  report.file = chosen.plan->file;
  report.about = chosen.plan->about;
  report.seed = options.seed.value_or(chosen.plan->seed);
  if (!options.mishaps.empty()) report.token = mishap_token(options.mishaps);
  report.variants = chosen.plan->variants.size();
  report.sources_root = options.sources_root;
  return report;
}

namespace {

/// Reports, pages and filters name scenarios by their names.
void complain_of_namesakes(LoadedSuite& suite) {
  std::map<std::pair<fs::path, std::string>, const ScenarioPlan*> known;
  for (const Shared<ScenarioPlan>& plan : suite.plans) {
    if (!plan) continue;
    const fs::path file = fs::path(plan->file).lexically_normal();
    const auto [first, fresh] = known.emplace(std::pair(file.parent_path(), plan->name), &*plan);
    if (fresh || fs::path(first->second->file).lexically_normal() == file) continue;
    suite.complaints.push_back(
        {plan->file, plan->line,
         fmt::format("there is a scenario '{}' in {}:{} already; choose another name", plan->name,
                     first->second->file, first->second->line)});
  }
}

}  // namespace

LoadedSuite load_all(const std::vector<std::string>& files, unsigned jobs,
                     const std::string& sources_root) {
  prepare_language();
  std::vector<PlanResult> results(files.size());
  parallel_for(files.size(), jobs,
               [&](std::size_t i) { results[i] = load_scenario(files[i], sources_root); });
  LoadedSuite suite;
  for (PlanResult& result : results) {
    suite.plans.push_back(result ? *result : nullptr);
    if (result) continue;
    if (result.error().front().line == 0) ++suite.unreadable;
    suite.complaints.insert(suite.complaints.end(), result.error().begin(), result.error().end());
  }
  complain_of_namesakes(suite);
  return suite;
}

SuiteReport begin_suite(const std::vector<std::string>& files, const RunnerOptions& options,
                        std::vector<ChosenRun>& chosen) {
  SuiteReport report;
  report.files = files.size();
  report.jobs = thread_count(options.jobs);
  report.shard = options.shard;
  LoadedSuite suite = load_all(files, options.jobs, options.sources_root);
  report.complaints = std::move(suite.complaints);
  report.unreadable = suite.unreadable;

  chosen = chosen_runs(suite.plans, options);
  report.total = chosen.size();
  report.suite = identity_of_suite(chosen, report, options);
  keep_shard(chosen, options.shard);
  report.runs.resize(chosen.size());
  return report;
}

SuiteReport run_suite(const std::vector<std::string>& files, const RunnerOptions& options) {
  const Duration start = wall_clock();
  std::vector<ChosenRun> chosen;
  SuiteReport report = begin_suite(files, options, chosen);
  std::mutex progress_lock;
  std::size_t done = 0;
  parallel_for(chosen.size(), options.jobs, [&](std::size_t i) {
    if (options.enough()) return;
    try {
      report.runs[i] = run_one(chosen[i], options);
    } catch (const RunAbandoned&) {
      return;
    }
    const std::lock_guard lock(progress_lock);
    ++done;
    if (options.progress) options.progress(done, chosen.size());
  });
  try {
    keep_neighbours(chosen, options, report);
  } catch (const RunAbandoned&) {
    // Pages go without them.
  }
  conclude_suite(report, chosen, options);
  report.wall_time = wall_clock() - start;
  return report;
}

void conclude_suite(SuiteReport& report, const std::vector<ChosenRun>& chosen,
                    const RunnerOptions& options) {
  drop_unplayed(report);
  report.strict = options.strict;
  if (report.ended_early) return;  // what was not played may have a use for everything
  try {
    try_without_knobs(chosen, options, report.runs);
    report.notes = notes_of(report.runs);
  } catch (const RunAbandoned&) {
    report.ended_early = true;
  }
}

}  // namespace provlab::lab
