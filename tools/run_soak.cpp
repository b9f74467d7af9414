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

void print_summary(const SoakRequest& request, const lab::SoakSummary& summary) {
  say(stdout, "soak: {} scenarios from seed {} on, {} with TLS, revision {}\n", summary.runs,
      request.options.seed, summary.tls, kRevision);
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

/// Shrinks and writes one; says where.
bool report(const SoakRequest& request, const lab::FailureRow& row) {
  const std::string& kind = row.failure.kind;
  say(stdout, "FAILED {} in {} {}, first with seed {}\n     {}\n", kind, row.runs,
      row.runs == 1 ? "scenario" : "scenarios", row.seed, row.failure.detail);
  std::fflush(stdout);
  const std::string name = scenario_name(row);
  const std::string file = (std::filesystem::path(request.out) / (name + ".xml")).string();
  if (!write_report(file, lab::failing_scenario(row, name, kRevision))) return false;
  say(stdout,
      "     shrunk to: {}\n     repeat:    {} run {}\n     the whole: {} soak --seed {} --runs 1\n",
      file, lab::program_name(), lab::quoted_path(file), lab::program_name(), row.seed);
  return true;
}

}  // namespace

int run_soak(SoakRequest request) {
  const auto start = Clock::now();
  const auto spent = [start] { return Seconds(Clock::now() - start).count(); };
  const Interrupt interrupt;
  const bool timed = request.options.runs == 0;
  const double limit = std::chrono::duration_cast<Seconds>(request.limit).count();
  request.options.enough = [&] { return interrupt.asked() || (timed && spent() >= limit); };
  ProgressLine progress;
  const auto show = [&](const lab::SoakSummary& summary) {
    progress.show(
        fmt::format("{} scenarios, {:.0f}/s, {} failures, {} rule cases, {} outcome "
                    "classes",
                    summary.runs, static_cast<double>(summary.runs) / spent(),
                    summary.failures.size(), summary.sightings.count(), summary.outcomes.size()));
  };
  const lab::SoakSummary summary = lab::soak(request.options, show);
  const double seconds = spent();
  progress.clear();
  print_summary(request, summary);
  say(stdout, "  {:.1f} s, {:.0f} scenarios/s\n", seconds,
      static_cast<double>(summary.runs) / seconds);
  int code = 0;
  bool written = true;
  for (const lab::FailureRow& row : summary.failures) {
    written = report(request, row) && written;
    const bool lab_fault = row.failure.kind == "lab" || row.failure.kind == "invalid";
    code = std::max(code, lab_fault ? kLabFault : 1);
  }
  if (!written) return kUsage;
  if (code != 0) return code;
  if (summary.runs == 0) {
    say(stdout, "  nothing was played\n");
  } else {
    say(stdout, "  no invariant broke, and every phone recovered\n");
  }
  const bool early = interrupt.asked() && (timed || summary.runs < request.options.runs);
  return early ? kInterrupted : 0;
}

}  // namespace provlab::tools
