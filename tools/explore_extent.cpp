#include "tools/explore_extent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/text/visible.hpp"

namespace provlab::tools {

namespace {

using lab::CoverageFigures;
using lab::Exploration;
using lab::RandomRuns;

constexpr std::size_t kMostLeft = 8;  ///< of what is left, in words

/// How many runs stand for how many orders, and what was not played.
void tell_pruned(const Exploration& found, std::vector<std::string>& lines) {
  if (found.classes == 0) {
    lines.push_back(fmt::format("{} choices, {} of them pruned: their state was known",
                                found.choices, found.pruned.known_states));
    return;
  }
  lines.push_back(fmt::format(
      "{} {} of orders that differ by more than independent deliveries, {:.2f} runs for each",
      found.classes, found.classes == 1 ? "class" : "classes",
      static_cast<double>(found.runs - found.late) / static_cast<double>(found.classes)));
  if (found.late > 0) {
    lines.push_back(
        fmt::format("{} more {} for a packet too late or a wait that ends, and came to "
                    "no other order",
                    found.late, found.late == 1 ? "run looked" : "runs looked"));
  }
  lines.push_back(fmt::format(
      "not played: {} swaps of independent deliveries, {} orders for which another run stands, {} "
      "swaps beyond the window",
      found.pruned.independent, found.pruned.covered, found.pruned.beyond_window));
}

std::vector<std::pair<std::string, std::size_t>> most_frequent(const Exploration& found) {
  std::vector<std::pair<std::string, std::size_t>> all(found.left.begin(), found.left.end());
  std::ranges::stable_sort(all, std::greater(), &std::pair<std::string, std::size_t>::second);
  return all;
}

void tell_left(const Exploration& found, std::string_view why, std::vector<std::string>& lines) {
  if (found.unexplored == 0) return;
  lines.push_back(fmt::format("not everything was tried: {} {} left {}", found.unexplored,
                              found.unexplored == 1 ? "departure is" : "departures are", why));
  const auto all = most_frequent(found);
  for (std::size_t i = 0; i < std::min(kMostLeft, all.size()); ++i) {
    lines.push_back(fmt::format("  {} {}", all[i].second, visible(all[i].first)));
  }
  if (all.size() > kMostLeft) {
    lines.push_back(fmt::format("  and {} other kinds", all.size() - kMostLeft));
  }
}

void tell_random(const RandomRuns& random, std::vector<std::string>& lines) {
  if (random.runs == 0) return;
  lines.push_back(fmt::format(
      "random priorities: {} more runs from --random-seed {}, of {} connections and {} arrivals",
      random.runs, random.seed, random.flows, random.arrivals));
  lines.push_back(
      "  each finds an order bug of its depth d with a chance of at least 1/(n·k^(d-1)), as far as "
      "the window lets packets wait");
  std::string chances;
  for (std::size_t depth = 1; depth <= RandomRuns::kDepths; ++depth) {
    chances += fmt::format("{}depth {} {:.2g} each, {:.3g} % together", depth == 1 ? "" : "; ",
                           depth, random.chance(depth), 100 * random.chance_of_all(depth));
  }
  lines.push_back("  " + chances);
}

void write_figures(lab::JsonWriter& json, std::string_view key, const CoverageFigures& figures) {
  json.object(key);
  json.member("played", figures.played);
  json.member("same", figures.same);
  json.member("unseen", figures.unseen);
  json.member("never", figures.never);
  json.member("beyond", figures.beyond);
  json.end_object();
}

void write_random(lab::JsonWriter& json, const RandomRuns& random) {
  json.object("random");
  json.member("seed", random.seed);
  json.member("runs", random.runs);
  json.member("connections", random.flows);
  json.member("arrivals", random.arrivals);
  json.array("chances");
  for (std::size_t depth = 1; depth <= RandomRuns::kDepths; ++depth) {
    json.object();
    json.member("depth", depth);
    json.member("each", random.chance(depth));
    json.member("together", random.chance_of_all(depth));
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::vector<std::string> coverage_lines(const Exploration& found) {
  const CoverageFigures pairs = found.coverage.pairs();
  const CoverageFigures triples = found.coverage.triples();
  if (pairs.reachable() == 0) return {};
  std::vector<std::string> lines{
      fmt::format("seen of {} packets: {} of {} ordered pairs ({} of them played), {} of {} "
                  "ordered triples ({} "
                  "played)",
                  found.coverage.packets(), pairs.seen(), pairs.reachable(), pairs.played,
                  triples.seen(), triples.reachable(), triples.played)};
  lines.push_back(fmt::format(
      "  beside these {} pairs can never be, since one leads to the other, and {} are beyond the "
      "window",
      pairs.never, pairs.beyond));
  if (found.coverage.uncounted() > 0) {
    lines.push_back(fmt::format("  {} packets more are not counted", found.coverage.uncounted()));
  }
  return lines;
}

std::vector<std::string> extent_lines(const Exploration& found, std::string_view why_left) {
  std::vector<std::string> lines;
  tell_pruned(found, lines);
  for (std::string& line : coverage_lines(found)) lines.push_back(std::move(line));
  tell_left(found, why_left, lines);
  tell_random(found.random, lines);
  return lines;
}

void write_extent(lab::JsonWriter& json, const Exploration& found) {
  json.object("pruned");
  json.member("independent", found.pruned.independent);
  json.member("covered", found.pruned.covered);
  json.member("beyond_window", found.pruned.beyond_window);
  json.member("known_states", found.pruned.known_states);
  json.end_object();
  json.member("late", found.late);
  json.member("strayed", found.strayed);
  json.member("unexplored", found.unexplored);
  json.array("left");
  for (const auto& [words, count] : most_frequent(found)) {
    json.object();
    json.member("what", words);
    json.member("departures", count);
    json.end_object();
  }
  json.end_array();
  if (found.random.runs > 0) write_random(json, found.random);
  json.object("coverage");
  json.member("packets", found.coverage.packets());
  json.member("uncounted", found.coverage.uncounted());
  write_figures(json, "pairs", found.coverage.pairs());
  write_figures(json, "triples", found.coverage.triples());
  json.end_object();
}

}  // namespace provlab::tools
