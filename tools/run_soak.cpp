#include "tools/run_soak.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "sim/lab/machine/command_line.hpp"
#include "tools/command.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/revision.hpp"
#include "tools/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

using Clock = std::chrono::steady_clock;  // house-rules: a soak lasts by the user's clock
constexpr std::size_t kMostUnseen = 12;
using Seconds = std::chrono::duration<double>;

std::string shares(const std::map<std::string, std::size_t>& counts) {
  std::size_t total = 0;
  std::vector<std::pair<std::size_t, std::string>> sorted;
  for (const auto& [result, count] : counts) {
    total += count;
    sorted.emplace_back(count, result);
  }
  std::ranges::sort(sorted, std::greater());
  std::string text;
  for (const auto& [count, result] : sorted) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", result, count);
  }
  return total == 0 ? "none" : fmt::format("{} runs: {}", total, text);
}

void print_summary(const lab::SoakReport& report) {
  const lab::SoakSummary& summary = report.summary;
  say(stdout, "soak: {} scenarios from seed {} on{}, {} with TLS, revision {}\n", summary.runs,
      report.seed,
      report.shard.count == 1 ? "" : fmt::format(" (shard {})", report.shard.to_string()),
      summary.tls, report.revision);
  say(stdout, "  under faults   {}\n", shares(summary.under_faults));
  say(stdout, "  in order again {}\n", shares(summary.in_order));
  say(stdout, "  {} outcome classes (winners and results of all runs of a scenario)\n",
      summary.outcomes.size());
  const auto& rules = lab::sighted_rules();
  std::vector<std::string_view> unseen;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!summary.sightings[i]) unseen.push_back(rules[i]);
  }
  say(stdout, "  {} of {} cases of the rules seen", summary.sightings.count(), rules.size());
  // In a short soak most were not, which says nothing.
  const bool few = !unseen.empty() && unseen.size() <= kMostUnseen;
  say(stdout, "{}\n", few ? fmt::format("; not: {}", fmt::join(unseen, ", ")) : "");
}

std::string scenario_name(const lab::FailureRow& row) {
  std::string name = fmt::format("soak-{}-{}", row.failure.kind, row.seed);
  std::ranges::transform(name, name.begin(), [](char c) { return c == 'I' ? 'i' : c; });
  return name;
}

/// Shrinks and writes one; its file, or nothing where it cannot be written.
std::string write_found(const SoakRequest& request, const lab::FailureRow& row,
                        const lab::RunLimits& limits) {
  const std::string name = scenario_name(row);
  std::string file = (std::filesystem::path(request.out) / (name + ".xml")).string();
  if (!write_report(file, lab::failing_scenario(row, name, kRevision, limits))) {
    return {};
  }
  return file;
}

void print_failure(const lab::SoakReport& report, std::size_t i) {
  const lab::FailureRow& row = report.summary.failures[i];
  say(stdout, "FAILED {} in {} {}, first with seed {}\n     {}\n", row.failure.kind, row.runs,
      row.runs == 1 ? "scenario" : "scenarios", row.seed, row.failure.detail);
  if (report.files[i].empty()) return;
  say(stdout,
      "     shrunk to: {}\n     repeat:    {} run {}\n     the whole: {} soak --seed {} --runs 1 "
      "--shard 1/1\n",
      report.files[i], lab::program_name(), lab::quoted_path(report.files[i]), lab::program_name(),
      row.seed);
}

}  // namespace

void print_soak(const lab::SoakReport& report) {
  print_summary(report);
  const double seconds = std::chrono::duration_cast<Seconds>(report.wall_time).count();
  say(stdout, "  {:.1f} s, {:.0f} scenarios/s\n", seconds,
      static_cast<double>(report.summary.runs) / seconds);
  for (std::size_t i = 0; i < report.summary.failures.size(); ++i) print_failure(report, i);
  if (!report.summary.failures.empty()) return;
  say(stdout, "  {}\n",
      report.summary.runs == 0 ? "nothing was played"
                               : "no invariant broke, and every phone recovered");
}

bool write_soak(const lab::SoakReport& report, const std::string& json, const std::string& junit) {
  const bool written = json.empty() || put_or_write(json, lab::json_soak_report(report));
  return (junit.empty() || put_or_write(junit, lab::junit_soak_report(report))) && written;
}

int run_soak(SoakRequest request) {
  const auto start = Clock::now();
  const auto spent = [start] { return Seconds(Clock::now() - start).count(); };
  const Interrupt interrupt;
  lab::SoakOptions& options = request.options;
  const bool timed = options.runs == 0;
  const double limit = std::chrono::duration_cast<Seconds>(request.limit).count();
  options.shard = request.shard.index - 1;
  options.shards = request.shard.count;
  options.enough = [&] { return interrupt.asked() || (timed && spent() >= limit); };
  const lab::RunLimits for_shrinking = options.limits;  // which begins when it is to end
  options.limits.enough = [&interrupt] { return interrupt.asked(); };
  ProgressLine progress;
  const auto show = [&](const lab::SoakSummary& summary) {
    progress.show(
        fmt::format("{} scenarios, {:.0f}/s, {} failures, {} rule cases, {} outcome "
                    "classes",
                    summary.runs, static_cast<double>(summary.runs) / spent(),
                    summary.failures.size(), summary.sightings.count(), summary.outcomes.size()));
  };
  lab::SoakReport report{.seed = options.seed,
                         .wanted = options.runs,
                         .limit = timed ? request.limit : Duration::zero(),
                         .shard = request.shard,
                         .revision = kRevision,
                         .summary = lab::soak(options, show),
                         .files = {}};
  report.wall_time = std::chrono::duration_cast<Duration>(Clock::now() - start);
  report.ended_early =
      interrupt.asked() && (timed || report.summary.runs < lab::runs_of_shard(options));
  progress.clear();
  bool written = true;
  for (const lab::FailureRow& row : report.summary.failures) {
    report.files.push_back(write_found(request, row, for_shrinking));
    written = written && !report.files.back().empty();
  }
  if (request.json != "-" && request.junit != "-") print_soak(report);
  return write_soak(report, request.json, request.junit) && written ? report.exit_code() : kUsage;
}

}  // namespace provlab::tools
