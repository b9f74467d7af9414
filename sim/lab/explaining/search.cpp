#include "sim/lab/explaining/search.hpp"

#include <algorithm>
#include <set>

#include "sim/lab/explaining/candidates.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

/// How much less likely a kind is than a lost packet, in places at which paces differ.
std::size_t cost_of(AssumptionKind kind) {
  switch (kind) {
    case AssumptionKind::lost:
      return 0;
    case AssumptionKind::late:
      return 2;
    case AssumptionKind::doubled:
      return 3;
    case AssumptionKind::setting:
      return 4;
    case AssumptionKind::stored:
      return 5;
    case AssumptionKind::release:
      return 6;
    case AssumptionKind::reading:
      return 7;
    case AssumptionKind::knob:
      return 8;
  }
  return 9;
}
constexpr std::size_t kPerPlace = 5;
constexpr std::size_t kPerAssumption = 10'000;

/// So much of what the phone in the capture says comes before they part.
std::size_t same_of(const Trial& trial) {
  return trial.divergence ? trial.divergence->same : ~std::size_t{0};
}

class Search {
 public:
  Search(const Bench& bench, const DraftWorld& world, bool closer, const SearchLimits& limits)
      : bench_(bench),
        world_(world),
        closer_(closer),
        limits_(limits),
        captured_says_(said_by_phone(bench.captured())) {}

  SearchResult run(const std::string& scenario) {
    Hypothesis root{.assumptions = {}, .text = scenario, .trial = bench_.play(scenario, {}, true)};
    ++result_.runs;
    tried_.insert(scenario);
    base_apart_ = root.trial.likeness.apart;
    base_same_ = same_of(root.trial);
    std::vector<Hypothesis> frontier;
    frontier.push_back(std::move(root));
    for (std::size_t depth = 0; depth < limits_.assumptions && result_.found.empty(); ++depth) {
      frontier = extend_all(frontier, depth + 1 < limits_.assumptions);
    }
    std::ranges::stable_sort(result_.found, {}, &Hypothesis::cost);
    return std::move(result_);
  }

 private:
  /// Runs of one batch, between which budget and progress are looked at.
  static constexpr std::size_t kBatch = 64;
  /// Beyond so many hypotheses nobody reads on.
  static constexpr std::size_t kEnoughFound = 12;

  bool over() {
    const bool ended = result_.runs >= limits_.runs || (limits_.enough && limits_.enough());
    if (ended) result_.exhausted = false;
    return ended;
  }

  /// Each with one assumption more, the most promising first; `keep`: those that explain nothing
  /// are the next frontier.
  std::vector<Hypothesis> extend_all(std::vector<Hypothesis>& frontier, bool keep) {
    std::vector<Hypothesis> next;
    for (Hypothesis& each : frontier) {
      if (over() || result_.found.size() >= kEnoughFound) break;
      extend(each, keep, next);
    }
    std::ranges::stable_sort(next, [this](const Hypothesis& a, const Hypothesis& b) {
      if (same_of(a.trial) != same_of(b.trial)) return same_of(a.trial) > same_of(b.trial);
      if (a.trial.likeness.apart != b.trial.likeness.apart) {
        return a.trial.likeness.apart < b.trial.likeness.apart;
      }
      if (is_about_parting(a) != is_about_parting(b)) return is_about_parting(a);
      return a.cost() < b.cost();
    });
    return next;
  }

  /// Whether it speaks of what the phone in the capture asks for where ours parts from it: that may
  /// be half of the truth, although it comes to nothing alone.
  bool is_about_parting(const Hypothesis& hypothesis) const {
    if (base_same_ >= captured_says_.size()) return false;
    const Said& said = bench_.captured().said[captured_says_[base_same_].place];
    const auto* http = said.as<HttpSaid>();
    const auto* dns = said.as<DnsSaid>();
    const std::string target = http != nullptr ? http->target : dns != nullptr ? dns->name : "";
    return target.size() > 1 && std::ranges::any_of(hypothesis.assumptions, [&](const auto& each) {
             return each.words.find(target) != std::string::npos;
           });
  }

  void extend(Hypothesis& from, bool keep, std::vector<Hypothesis>& next) {
    // What was kept as a leaf was played without its packets.
    if (from.trial.packets.empty())
      from.trial = bench_.play(from.text, unseen_by_tap(from.assumptions), true);
    std::vector<Hypothesis> todo;
    for (const auto& candidates :
         {mishap_candidates(bench_.captured(), world_, from.trial),
          device_candidates(bench_.captured(), world_, from.trial, from.text)}) {
      for (const Assumption& each : candidates) {
        std::string text = with_assumptions(from.text, {each});
        if (text.empty() || !tried_.insert(text).second) continue;
        Hypothesis hypothesis{
            .assumptions = from.assumptions, .text = std::move(text), .trial = {}};
        hypothesis.assumptions.push_back(each);
        todo.push_back(std::move(hypothesis));
      }
    }
    for (std::size_t first = 0; first < todo.size() && !over(); first += kBatch) {
      const std::size_t count =
          std::min({kBatch, todo.size() - first, limits_.runs - result_.runs});
      parallel_for(count, limits_.jobs, [&](std::size_t i) {
        Hypothesis& each = todo[first + i];
        each.trial = bench_.play(each.text, unseen_by_tap(each.assumptions), false);
      });
      result_.runs += count;
      for (std::size_t i = 0; i < count; ++i) take(std::move(todo[first + i]), keep, next);
      if (limits_.progress) limits_.progress(result_.runs, explained_);
    }
  }

  void take(Hypothesis&& hypothesis, bool keep, std::vector<Hypothesis>& next) {
    const Trial& trial = hypothesis.trial;
    if (!trial.valid) return;
    // What was said is of no use any more, and there are many.
    hypothesis.trial.heard.said.clear();
    if (trial.explains() && (!closer_ || trial.likeness.apart < base_apart_)) {
      result_.found.push_back(std::move(hypothesis));
      return;
    }
    note_progress(hypothesis);
    const bool as_far = same_of(trial) > base_same_ ||
                        (same_of(trial) == base_same_ && trial.likeness.apart <= base_apart_);
    if (keep && as_far) next.push_back(std::move(hypothesis));
  }

  void note_progress(const Hypothesis& hypothesis) {
    const std::size_t same = same_of(hypothesis.trial);
    if (same <= base_same_ || (result_.farthest && same <= same_of(result_.farthest->trial)))
      return;
    result_.farthest = hypothesis;
    explained_ = same < captured_says_.size() ? captured_says_[same].at : bench_.captured().end;
  }

  const Bench& bench_;
  const DraftWorld& world_;
  bool closer_;
  const SearchLimits& limits_;
  std::vector<PhoneSays> captured_says_;
  std::set<std::string> tried_;
  std::size_t base_apart_ = 0;
  std::size_t base_same_ = 0;
  Duration explained_{};
  SearchResult result_;
};

}  // namespace

std::size_t Hypothesis::cost() const {
  std::size_t cost = assumptions.size() * kPerAssumption + trial.likeness.apart * kPerPlace;
  for (const Assumption& each : assumptions) cost += cost_of(each.kind);
  return cost;
}

SearchResult search(const Bench& bench, const DraftWorld& world, const std::string& scenario,
                    bool closer, const SearchLimits& limits) {
  return Search(bench, world, closer, limits).run(scenario);
}

std::string with_assumptions(const std::string& scenario,
                             const std::vector<Assumption>& assumptions) {
  pugi::xml_document document = scenario_tree(scenario);
  for (const Assumption& each : assumptions) {
    if (!each.change(document.document_element())) return {};
  }
  return scenario_text(document);
}

}  // namespace provlab::lab
