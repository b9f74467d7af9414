#include "tools/run_cuts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using Clock = std::chrono::steady_clock;  // house-rules: told to the user, decides nothing

constexpr std::size_t kMostShown = 20;

std::string repeat(const CutsRequest& request, const std::string& file, EventNumber token) {
  return fmt::format("{} cuts {}{} --token {}", lab::program_name(), lab::quoted_path(file),
                     lab::root_words(request.root), token);
}

/// What is wrong with a run, a line each.
std::vector<std::string> faults(const lab::CutRun& run) {
  std::vector<std::string> lines;
  if (!run.store.empty()) lines.push_back("the store is not what the memory was: " + run.store);
  for (const lab::BrokenInvariant& broken : run.broken) {
    lines.push_back(fmt::format("{}: {}", broken.heading(), broken.actual));
  }
  if (run.ending == lab::Ending::none) {
    lines.push_back(fmt::format("other settings in the end than the cut explains: {}",
                                run.differences.empty()
                                    ? "in a way that is not shown"
                                    : fmt::format("{}", fmt::join(run.differences, "; "))));
  }
  return lines;
}

void print_bad(const CutsRequest& request, const lab::BadCut& bad) {
  say(stdout, "FAILED {}: power cut at {}, behind event {}{}\n", bad.file,
      to_string(bad.run.at.time_since_epoch()), bad.run.after,
      bad.run.place.empty() ? "" : ": " + bad.run.place);
  if (!bad.fault.empty()) say(stdout, "     the lab's own fault: {}\n", bad.fault);
  if (bad.fault.empty()) {
    for (const std::string& line : faults(bad.run)) say(stdout, "     {}\n", line);
  }
  if (bad.run.after != 0)
    say(stdout, "     repeat: {}\n", repeat(request, bad.file, bad.run.after));
}

std::size_t count(const lab::Campaign& found, lab::Ending ending) {
  const auto row = found.endings.find(ending);
  return row == found.endings.end() ? 0 : row->second;
}

void print_summary(const CutsRequest& request, const lab::Campaign& found, double seconds) {
  const std::size_t shown = std::min(found.bad.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) print_bad(request, found.bad[i]);
  if (shown < found.bad.size()) say(stdout, "… and {} more\n", found.bad.size() - shown);
  say(stdout, "cuts: {} of {} {} in {} {}{}\n", found.runs, found.places,
      found.places == 1 ? "place" : "places", found.scenarios,
      found.scenarios == 1 ? "scenario" : "scenarios",
      found.own_timeline == 0
          ? ""
          : fmt::format(" ({} more with a timeline of their own or daemons)", found.own_timeline));
  say(stdout,
      "  settings in the end: {} as without a cut, {} as in a network in order, {} as done "
      "twice, {} as begun with those at the cut\n",
      count(found, lab::Ending::uncut), count(found, lab::Ending::healed),
      count(found, lab::Ending::twice), count(found, lab::Ending::begun));
  for (const auto& [file, runs] : found.begun) say(stdout, "    begun: {} {}\n", runs, file);
  say(stdout, "  {} failed, {:.1f} s, {:.0f} runs/s\n", found.bad.size(), seconds,
      static_cast<double>(found.runs) / seconds);
}

/// Says what is wrong with files that are no scenarios; the exit code, 0 where nothing is.
int complain(const lab::LoadedSuite& suite) {
  for (const lab::Complaint& complaint : suite.complaints) {
    say(stderr, "{}\n", complaint.to_string());
  }
  if (suite.complaints.empty()) return 0;
  return suite.unreadable > 0 ? kUsage : kInvalid;
}

int refuse_token(const CutsRequest& request, std::string_view why) {
  say(stderr, "provlab: --token {}: {}\n", request.token, why);
  return kUsage;
}

int replay_token(const CutsRequest& request, const std::vector<std::string>& files,
                 const std::vector<lab::Shared<lab::ScenarioPlan>>& plans) {
  if (plans.size() != 1) return refuse_token(request, "name the one scenario that it belongs to");
  if (!lab::CutScenario::fits(*plans[0])) {
    return refuse_token(request, "this scenario has a timeline of its own");
  }
  const lab::CutScenario scenario(plans[0]);
  if (!std::ranges::binary_search(scenario.places(), request.token)) {
    return refuse_token(request, "behind this event of the scenario the power is never cut");
  }
  lab::CutText text;
  const lab::CutRun run = scenario.cut(request.token, &text);
  for (const std::string& line : text.narration) say(stdout, "{}\n", line);
  say(stdout, "settings in the end: {}\n  trace {:016x}\n", to_string(run.ending), run.checksum);
  for (const std::string& line : faults(run)) say(stdout, "FAILED {}\n", line);
  if (!request.trace.empty()) {
    const std::string name = lab::RunFileNames(lab::common_folder({files[0]}))
                                 .name(files[0], fmt::format("cut-{}", request.token));
    const std::string file = (std::filesystem::path(request.trace) / (name + ".jsonl")).string();
    if (!write_report(file, text.json_lines)) return kUsage;
    say(stdout, "  written to {}\n", file);
  }
  return run.failed() ? 1 : 0;
}

}  // namespace

int run_cuts(CutsRequest request) {
  const auto files = scenario_files(request.paths);
  if (!files) return kUsage;
  const auto start = Clock::now();
  const lab::LoadedSuite suite = lab::load_all(*files, request.options.jobs, request.root);
  if (const int code = complain(suite); code != 0) return code;
  if (request.token != 0) return replay_token(request, *files, suite.plans);
  const Interrupt interrupt;
  request.options.enough = [&interrupt] { return interrupt.asked(); };
  request.options.limits.enough = request.options.enough;
  ProgressLine progress;
  request.options.progress = [&progress](std::size_t done, std::size_t total) {
    if (done % 64 == 0) progress.show(fmt::format("{} of {} cuts", done, total));
  };
  const lab::Campaign found = lab::cut_power(suite.plans, request.options);
  progress.clear();
  print_summary(request, found, std::chrono::duration<double>(Clock::now() - start).count());
  const auto at_fault = [](const lab::BadCut& bad) { return !bad.fault.empty(); };
  if (std::ranges::any_of(found.bad, at_fault)) return kLabFault;
  if (!found.bad.empty()) return 1;
  return found.ended_early ? kInterrupted : 0;
}

}  // namespace provlab::tools
