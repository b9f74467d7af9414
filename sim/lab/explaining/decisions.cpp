#include "sim/lab/explaining/decisions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/lab/explaining/oddities.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostOddities = 200;

std::string results_of(const DraftOutcome& outcome) {
  return outcome.results.empty() ? "no result" : fmt::format("{}", fmt::join(outcome.results, " "));
}

/// What a phone does otherwise without an oddity; empty: nothing.
std::string difference(const Trial& with, const Trial& without) {
  const Likeness like = likeness(with.heard, without.heard);
  const DraftOutcome& outcome = with.outcome;
  std::string text;
  if (like.apart > 0) {
    text = fmt::format("with it the phone {}; without it {}", like.they_say, like.we_say);
  }
  if (outcome.results != without.outcome.results) {
    text += fmt::format("{}with it the result is {}, without it {}", text.empty() ? "" : "; ",
                        results_of(outcome), results_of(without.outcome));
  }
  return text;
}

}  // namespace

std::vector<Decision> decisions_in(const Bench& bench, const DraftWorld& world,
                                   const std::string& scenario, unsigned jobs, std::size_t& runs) {
  std::vector<Oddity> oddities = oddities_of(bench.captured(), world, scenario);
  if (oddities.size() > kMostOddities) oddities.resize(kMostOddities);
  Trial with = bench.play(scenario, {}, false);
  // What would come behind its end counts as well.
  with.heard.end += std::chrono::hours(24);
  std::vector<std::string> differences(oddities.size());
  parallel_for(oddities.size(), jobs, [&](std::size_t i) {
    pugi::xml_document document = scenario_tree(scenario);
    if (!oddities[i].undo(document.document_element())) return;
    const Trial without = bench.play(scenario_text(document), {}, false);
    if (without.valid) differences[i] = difference(with, without);
  });
  runs += oddities.size() + 1;
  std::vector<Decision> decided;
  for (std::size_t i = 0; i < oddities.size(); ++i) {
    if (!differences[i].empty()) decided.push_back({oddities[i].words, differences[i]});
  }
  return decided;
}

}  // namespace provlab::lab
