#include "tools/explore_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "tools/explore_extent.hpp"
#include "tools/explore_why.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// In which settings an outcome parts from the natural run's, as far as that helps.
void print_settings(const std::vector<ShownDifference>& unlike) {
  constexpr std::size_t kMost = 6;
  for (std::size_t i = 0; i < std::min(kMost, unlike.size()); ++i) {
    say(stdout, "          {} {}\n", i == 0 ? "settings unlike the natural run's:" : " ",
        unlike[i].to_string());
  }
  if (unlike.size() > kMost) say(stdout, "            and {} more\n", unlike.size() - kMost);
}

void print_head(const ExploreReport& report) {
  const std::string part =
      report.shard.count == 1 ? "" : fmt::format(" (shard {})", report.shard.to_string());
  say(stdout, "{}{}: {} runs in {:.2f} s, {}\n", report.scenario, part, report.found.runs,
      std::chrono::duration<double>(report.time).count(), report.conditions);
  for (const std::string& line : extent_lines(report.found, why_left(report)))
    say(stdout, "  {}\n", line);
}

}  // namespace

std::string_view why_left(const ExploreReport& report) {
  return !report.found.fault.empty() ? "because of a fault of the lab"
         : report.early              ? "because it was to end early"
                                     : "beyond --budget or --depth";
}

void print_exploration(const ExploreReport& report) {
  print_head(report);
  for (std::size_t i = 0; i < report.found.outcomes.size(); ++i) {
    const lab::OutcomeRow& row = report.found.outcomes[i];
    say(stdout, "{:>8}  {}\n          when {}\n          token {}\n", row.count(),
        row.outcome.to_string(), circumstances(row.departures), lab::to_token(row.shortest));
    print_settings(report.unlike[i]);
    for (const std::string& line : lines_of_run(report, row.shortest)) {
      say(stdout, "          {}\n", line);
    }
  }
  for (const lab::BrokenRow& row : report.found.broken) {
    say(stdout,
        "FAILED {} in {} {}\n     expected: {}\n     actual:   {}\n     when:     {}\n"
        "     repeat:   {} {}\n",
        row.broken.heading(), row.runs, row.runs == 1 ? "run" : "runs", row.broken.promise(),
        row.broken.actual, circumstances(row.departures), report.replay,
        lab::to_token(row.shortest));
    for (const std::string& line : lines_of_run(report, row.shortest))
      say(stdout, "     {}\n", line);
  }
}

bool write_exploration(const ExploreReport& report, const std::string& json,
                       const std::string& junit) {
  const bool written = json.empty() || put_or_write(json, explore_json(report));
  return (junit.empty() || put_or_write(junit, explore_junit(report))) && written;
}

}  // namespace provlab::tools
