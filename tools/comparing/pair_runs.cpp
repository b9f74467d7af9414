#include "tools/comparing/pair_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/lab/comparing/compare_runs.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/importing/importer.hpp"
#include "sim/lab/pages/comparison_page.hpp"
#include "tools/comparing/wire_run.hpp"

namespace provlab::tools {

namespace {

bool of_one_scenario(const std::vector<lab::RunReport>& runs) {
  return std::ranges::all_of(
      runs, [&](const lab::RunReport& run) { return run.file == runs.front().file; });
}

/// By what runs of two sides are found to be each other's like.
std::string key_of(const lab::RunReport& run, Pairing pairing, bool by_variant) {
  if (pairing == Pairing::by_file) return run.file + "@" + run.variant;
  return by_variant ? run.variant : run.title();
}

/// Whether a glance says so: most runs of two builds are.
bool are_the_same(const lab::RunReport& a, const lab::RunReport& b) {
  return a.verdict.outcome == b.verdict.outcome && a.detail && b.detail &&
         a.detail->trace == b.detail->trace &&
         std::ranges::equal(a.detail->settings, b.detail->settings,
                            [](const lab::Difference& one, const lab::Difference& other) {
                              return one.path == other.path && one.to == other.to;
                            });
}

bool is_broken(const lab::RunReport& run) {
  return run.verdict.outcome == lab::Outcome::broken;
}

/// Reports without traces say by their checksums whether those were the same. A run that a fault
/// ended may have none, and says by its verdict what it was.
void compare_without_traces(const lab::RunReport& a, const lab::RunReport& b, ComparedPair& pair) {
  if (is_broken(a) || is_broken(b)) {
    const lab::Facet* const was = pair.a.facet("verdict");
    const lab::Facet* const is = pair.b.facet("verdict");
    if (was == nullptr || is == nullptr || was->lines == is->lines) return;
    pair.found.outcome.push_back({.name = "verdict", .alone = {was->lines, is->lines}});
    return;
  }
  if (a.checksum == b.checksum || (a.detail && b.detail)) return;
  pair.found.outcome.push_back(
      {.name = "trace",
       .alone = {{{fmt::format("checksum {:016x}, {} events", a.checksum, a.events)},
                  {fmt::format("checksum {:016x}, {} events; only reports with --details all hold "
                               "traces of what passed",
                               b.checksum, b.events)}}}});
}

ComparedPair compare_pair(const lab::RunReport& a, const lab::RunReport& b, bool judged,
                          Duration slack) {
  ComparedPair pair{.title = a.title(),
                    .a = lab::compared_report(a, judged),
                    .b = lab::compared_report(b, judged),
                    .found = {}};
  if (a.detail && b.detail) {
    const lab::Matching matching(pair.a, pair.b);
    pair.found = lab::compare_runs(pair.a, pair.b, matching, slack);
  } else {
    compare_without_traces(a, b, pair);
  }
  return pair;
}

ComparedPair compare_wire(lab::ComparedRun a, lab::ComparedRun b, Duration slack) {
  const lab::Matching matching(a, b);
  ComparedPair pair{.title = a.title, .a = std::move(a), .b = std::move(b), .found = {}};
  pair.found = lab::compare_runs(pair.a, pair.b, matching, slack);
  return pair;
}

/// One side as the wire shows it: a conversation, or what a trace says of one.
struct WireSide {
  std::string title;
  std::optional<lab::Conversation> heard{};
  lab::TraceLog log{};
  bool captured = false;  ///< by somebody, who may have stopped too early

  lab::ComparedRun run(const WireView& view) const {
    return heard ? wire_run(title, *heard, view) : wire_run(title, log);
  }
};

Expected<WireSide> load_side(const Operand& operand, const LoadOptions& options) {
  WireSide side{.title = operand.text};
  side.captured = is_capture(operand);
  if (is_trace(operand)) {
    auto loaded = load_runs(operand, options);
    if (!loaded) return std::unexpected(loaded.error());
    auto log = lab::TraceLog::parse(loaded->runs.front().detail->trace);
    if (!log) return std::unexpected(log.error());
    side.log = std::move(*log);
    return side;
  }
  auto heard = load_conversation(operand, options);
  if (!heard) return std::unexpected(heard.error());
  side.heard = std::move(*heard);
  return side;
}

/// What comes within this time before the end of a capture may be missing in it.
constexpr Duration kLastMoment = std::chrono::milliseconds(500);

ComparedPair compare_views(const WireSide& a, const WireSide& b, Duration slack) {
  const bool as_traces_say = !a.heard || !b.heard;
  ComparedPair pair = compare_wire(a.run({.as_traces_say = as_traces_say}),
                                   b.run({.as_traces_say = as_traces_say}), slack);
  // What the other phone says when a capture has ended is no difference.
  const auto end_of = [&](const WireSide& side, const WireSide& of, std::size_t which) {
    std::optional<Duration> until;
    if (!side.captured || !side.heard || !of.heard || !pair.found.alone[1 - which].empty()) {
      return until;
    }
    const lab::ComparedRun& run = which == 0 ? pair.a : pair.b;
    for (const std::size_t step : pair.found.alone[which]) {
      if (run.steps[step].at + kLastMoment > side.heard->end)
        return std::optional(run.steps[step].at);
    }
    return until;
  };
  const auto until_a = end_of(b, a, 0);
  const auto until_b = end_of(a, b, 1);
  if (!until_a && !until_b) return pair;
  return compare_wire(a.run({.as_traces_say = as_traces_say, .until = until_a}),
                      b.run({.as_traces_say = as_traces_say, .until = until_b}), slack);
}

ComparedPair compare_sides(const WireSide& a, const WireSide& b, Duration slack) {
  ComparedPair pair = compare_views(a, b, slack);
  pair.diagrams = {a.heard ? wire_diagram(*a.heard, pair.a) : wire_diagram(pair.a),
                   b.heard ? wire_diagram(*b.heard, pair.b) : wire_diagram(pair.b)};
  return pair;
}

}  // namespace

CompareReport compare_loaded(LoadedRuns a, LoadedRuns b, Duration slack, Pairing pairing) {
  CompareReport report{.a = {}, .b = {}, .pairs = {}};
  const bool judged = a.judged && b.judged;
  const bool by_variant = of_one_scenario(a.runs) && of_one_scenario(b.runs);
  const bool by_name = pairing == Pairing::by_name;
  if (by_name && a.runs.size() == 1 && b.runs.size() == 1) {
    report.pairs.push_back(compare_pair(a.runs[0], b.runs[0], judged, slack));
    return report;
  }
  const bool one_wanted = by_name && (a.runs.size() == 1 || b.runs.size() == 1);
  std::map<std::string, const lab::RunReport*> there;
  for (const lab::RunReport& run : b.runs) there.emplace(key_of(run, pairing, by_variant), &run);
  std::set<const lab::RunReport*> paired;
  for (const lab::RunReport& run : a.runs) {
    const auto found = there.find(key_of(run, pairing, by_variant));
    if (found == there.end()) {
      report.only_a.push_back(run.title());
      continue;
    }
    paired.insert(found->second);
    if (!one_wanted && are_the_same(run, *found->second)) {
      ++report.same;
      continue;
    }
    ComparedPair pair = compare_pair(run, *found->second, judged, slack);
    if (pair.found.same() && !one_wanted) {
      ++report.same;
    } else {
      report.pairs.push_back(std::move(pair));
    }
  }
  for (const lab::RunReport& run : b.runs) {
    if (!paired.contains(&run)) report.only_b.push_back(run.title());
  }
  // Who names one run asks for nothing of those beside its like.
  if (one_wanted && !paired.empty()) {
    report.only_a.clear();
    report.only_b.clear();
  }
  return report;
}

Expected<CompareReport> compare_on_wire(const Operand& a, const Operand& b,
                                        const LoadOptions& options, Duration slack) {
  auto one = load_side(a, options);
  if (!one) return std::unexpected(one.error());
  auto two = load_side(b, options);
  if (!two) return std::unexpected(two.error());
  CompareReport report{.a = a.text, .b = b.text, .pairs = {}};
  ComparedPair pair = compare_sides(*one, *two, slack);
  // What import makes of a capture has stand-ins in the place of names and addresses.
  for (WireSide* side : {&*one, &*two}) {
    const WireSide& of = side == &*one ? *two : *one;
    if (pair.found.same() || !side->captured || of.captured || !of.heard) continue;
    lab::StandIns stand_ins;
    side->heard = lab::anonymised(*side->heard, stand_ins);
    side->title += ", with the stand-ins of import";
    ComparedPair again = compare_sides(*one, *two, slack);
    if (again.found.same_in_all > pair.found.same_in_all) pair = std::move(again);
  }
  report.pairs.push_back(std::move(pair));
  return report;
}

}  // namespace provlab::tools
