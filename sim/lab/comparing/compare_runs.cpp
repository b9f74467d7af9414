#include "sim/lab/comparing/compare_runs.hpp"

#include <algorithm>
#include <map>

#include "sim/lab/comparing/chain.hpp"
#include "sim/lab/comparing/reasons.hpp"

namespace provlab::lab {

namespace {

/// Lines of `a` that `b` does not have as often.
std::vector<std::string> lines_without(const std::vector<std::string>& a,
                                       const std::vector<std::string>& b) {
  std::map<std::string_view, std::size_t> there;
  for (const std::string& line : b) ++there[line];
  std::vector<std::string> alone;
  for (const std::string& line : a) {
    auto found = there.find(line);
    if (found != there.end() && found->second > 0) {
      --found->second;
    } else {
      alone.push_back(line);
    }
  }
  return alone;
}

class RunComparer {
 public:
  RunComparer(const ComparedRun& a, const ComparedRun& b, const Matching& matching, Duration slack)
      : runs_{&a, &b}, matching_(matching), slack_(slack) {}

  Comparison run() {
    facets();
    for (const SideName side : kBothSides) sort_out(side);
    find_parting();
    shifts();
    if (found_.parting) {
      found_.parting->because = reasons_for({*runs_[0], *runs_[1], matching_}, found_);
      for (const SideName side : kBothSides) {
        found_.chain[index_of(side)] = chain_of(run_of(side), found_.alone[index_of(side)]);
      }
    }
    return std::move(found_);
  }

 private:
  const ComparedRun& run_of(SideName side) const { return *runs_[index_of(side)]; }

  void facets() {
    for (const Facet& a : runs_[0]->facets) {
      const Facet* const b = runs_[1]->facet(a.name);
      if (b == nullptr) continue;
      if (a.lines == b->lines) {
        if (!a.lines.empty()) found_.same_facets.push_back(a.name);
        continue;
      }
      FacetDifference difference{
          .name = a.name,
          .alone = {lines_without(a.lines, b->lines), lines_without(b->lines, a.lines)}};
      difference.order_only = difference.alone[0].empty() && difference.alone[1].empty();
      if (difference.order_only) difference.alone = {a.lines, b->lines};
      found_.outcome.push_back(std::move(difference));
    }
  }

  void sort_out(SideName side) {
    const ComparedRun& run = run_of(side);
    for (std::size_t i = 0; i < run.steps.size(); ++i) {
      const bool matched = matching_.is_matched(side, i);
      if (run.steps[i].weight == Step::Weight::link) {
        if (!matched) ++found_.packets[index_of(side)];
      } else if (run.steps[i].weight == Step::Weight::told) {
        if (!matched) found_.alone[index_of(side)].push_back(i);
        if (matched && side == SideName::a) ++found_.same_in_all;
      }
    }
  }

  void find_parting() {
    if (found_.alone[0].empty() && found_.alone[1].empty()) return;
    Parting parting;
    parting.at = Duration::max();
    for (const SideName side : kBothSides) {
      const auto& alone = found_.alone[index_of(side)];
      if (alone.empty()) continue;
      parting.first[index_of(side)] = alone.front();
      parting.at = std::min(parting.at, run_of(side).steps[alone.front()].at);
    }
    const ComparedRun& a = *runs_[0];
    for (std::size_t i = 0; i < a.steps.size() && a.steps[i].at <= parting.at; ++i) {
      if (i == parting.first[0]) break;
      if (a.steps[i].weight == Step::Weight::told && matching_.is_matched(SideName::a, i)) {
        ++found_.same_before;
      }
    }
    found_.parting = std::move(parting);
  }

  void shifts() {
    const ComparedRun& a = *runs_[0];
    const ComparedRun& b = *runs_[1];
    // Of packets those count that lead to something.
    std::vector<bool> leads(a.steps.size());
    for (std::size_t i = a.steps.size(); i-- > 0;) {
      if (a.steps[i].weight != Step::Weight::link) leads[i] = true;
      if (leads[i] && a.steps[i].cause != Step::kNone) leads[a.steps[i].cause] = true;
    }
    for (std::size_t i = 0; i < a.steps.size(); ++i) {
      const std::size_t match = matching_.partner(SideName::a, i);
      if (match == Step::kNone || !leads[i]) continue;
      const Step& one = a.steps[i];
      const Step& two = b.steps[match];
      const Duration apart = two.at - one.at;
      if (one.weight == Step::Weight::told && apart != Duration{}) ++found_.shifted;
      if (std::chrono::abs(apart) > std::chrono::abs(found_.furthest)) found_.furthest = apart;
      add_shift(i, match, own_shift(i, match));
      for (std::size_t k = 0; k < std::min(one.moments.size(), two.moments.size()); ++k) {
        const Duration moved = two.moments[k] - one.moments[k];
        // A clock goes with the time of the run, or stands for itself.
        if (std::chrono::abs(moved) > slack_ && std::chrono::abs(moved - apart) > slack_) {
          add_shift(i, match, moved);
        }
      }
    }
  }

  /// How much of a step's difference in time does not come from what led to it.
  Duration own_shift(std::size_t i, std::size_t match) {
    const Step& one = runs_[0]->steps[i];
    const Step& two = runs_[1]->steps[match];
    const Duration apart = two.at - one.at;
    if (matching_.otherwise(SideName::a, i)) {
      return found_.parting || std::chrono::abs(apart) <= slack_ ? Duration{} : apart;
    }
    if (runs_[0]->capture || runs_[1]->capture) {
      if (one.weight != Step::Weight::told) return {};
      const Duration moved = apart - last_apart_;
      last_apart_ = apart;
      return moved;
    }
    if (one.cause == Step::kNone) return apart;
    return apart - (runs_[1]->steps[two.cause].at - runs_[0]->steps[one.cause].at);
  }

  void add_shift(std::size_t a, std::size_t b, Duration by) {
    if (by == Duration{}) return;
    if (std::chrono::abs(by) <= slack_) {
      ++found_.slight;
    } else {
      found_.shifts.push_back({.step = {a, b}, .by = by});
    }
  }

  BothSides<const ComparedRun*> runs_;
  const Matching& matching_;
  Duration slack_;
  Duration last_apart_{};  // of captures
  Comparison found_;
};

}  // namespace

Comparison compare_runs(const ComparedRun& a, const ComparedRun& b, const Matching& matching,
                        Duration slack) {
  return RunComparer(a, b, matching, slack).run();
}

}  // namespace provlab::lab
