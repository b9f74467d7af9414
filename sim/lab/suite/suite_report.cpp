#include "sim/lab/suite/suite_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

namespace provlab::lab {

namespace {

/// A line of a time line without its first two columns: `> ` at the place, else blanks.
std::string_view unmarked(std::string_view line) {
  return line.substr(std::min<std::size_t>(line.size(), 2));
}

}  // namespace

bool keeps(Details details, Outcome outcome, bool first) {
  switch (details) {
    case Details::none:
      return false;
    case Details::failed:
      return !is_good(outcome);
    case Details::sampled:
      return first || !is_good(outcome);
    case Details::all:
      break;
  }
  return true;
}

std::string RunReport::title() const {
  const std::string name = variant.empty() ? scenario : fmt::format("{} [{}]", scenario, variant);
  return token.empty() ? name : fmt::format("{} with {}", name, token);
}

std::string RunReport::repeat() const {
  const std::string_view option = variant.starts_with('-') ? " --variant=" : " --variant ";
  if (!interface.empty()) {
    return fmt::format("{} serve {} --interface {}{}{}", program, quoted_path(file),
                       shell_quoted(interface), variant.empty() ? "" : option,
                       variant.empty() ? "" : shell_quoted(variant));
  }
  return fmt::format("{} run {}{}{}{}{}{} --seed {}{}{}", program, on_wire ? "--wire " : "",
                     quoted_path(file), variant.empty() ? "" : option,
                     variant.empty() ? "" : shell_quoted(variant),
                     token.empty() ? "" : " --token ", token, seed, root_words(sources_root),
                     // Only the time line tells why a race did not form.
                     verdict.outcome == Outcome::invalid ? " --verbose" : "");
}

int RunReport::line_at_fault() const {
  if (verdict.line != 0) return verdict.line;
  for (const Finding& finding : verdict.findings) {
    if (!finding.held && finding.line != 0) return finding.line;
  }
  return 0;
}

std::string RunReport::place(int line) const {
  return line == 0 ? file : fmt::format("{}:{}", file, line);
}

std::string RunReport::heading(const Finding& finding) const {
  return fmt::format("{}: {}", place(finding.line), finding.text);
}

std::vector<std::string> RunReport::time_line(const Finding& finding) const {
  std::set<std::string_view> told;
  for (const Finding& each : verdict.findings) {
    if (&each == &finding) break;
    if (each.held) continue;
    if (each.slice == finding.slice) return {};
    for (const std::string_view line : each.slice) told.insert(unmarked(line));
  }
  std::vector<std::string> lines;
  std::vector<std::string> known;  // which may be the only one in a row, and then stays
  const auto tell_known = [&] {
    if (known.size() > 1) known = {"  ... as above"};
    std::ranges::move(known, std::back_inserter(lines));
    known.clear();
  };
  for (const std::string& line : finding.slice) {
    if (!line.starts_with('>') && told.contains(unmarked(line))) {
      known.push_back(line);
      continue;
    }
    tell_known();
    lines.push_back(line);
  }
  tell_known();
  return lines;
}

std::size_t SuiteReport::count(Outcome outcome) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      runs, [&](const RunReport& run) { return run.verdict.outcome == outcome; }));
}

int SuiteReport::exit_code() const {
  if (ended_early) return 130;
  if (count(Outcome::broken) > 0 || count(Outcome::too_slow) > 0) return 4;
  if (unreadable > 0) return 2;
  if (!complaints.empty() || count(Outcome::invalid) > 0) return 3;
  if (strict && !notes.empty()) return 3;
  return count(Outcome::failed) > 0 ? 1 : 0;
}

}  // namespace provlab::lab
