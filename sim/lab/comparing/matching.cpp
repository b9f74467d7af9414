#include "sim/lab/comparing/matching.hpp"

#include <map>

namespace provlab::lab {

namespace {

/// Steps of B that are waiting for their match, in their order.
class Waiting {
 public:
  void add(std::size_t cause, std::uint64_t meaning, std::size_t step) {
    steps_[{cause, meaning}].steps.push_back(step);
  }
  /// The next one that nobody has taken; Step::kNone: there is none.
  std::size_t next(std::size_t cause, std::uint64_t meaning,
                   const std::vector<std::size_t>& partners) {
    const auto found = steps_.find({cause, meaning});
    if (found == steps_.end()) return Step::kNone;
    auto& [steps, next] = found->second;
    while (next < steps.size() && partners[steps[next]] != Step::kNone) ++next;
    return next < steps.size() ? steps[next] : Step::kNone;
  }

 private:
  struct Queue {
    std::vector<std::size_t> steps{};
    std::size_t next = 0;
  };
  std::map<std::pair<std::size_t, std::uint64_t>, Queue> steps_;
};

}  // namespace

Matching::Matching(const ComparedRun& a, const ComparedRun& b) {
  partners_ = {std::vector<std::size_t>(a.steps.size(), Step::kNone),
               std::vector<std::size_t>(b.steps.size(), Step::kNone)};
  otherwise_ = {std::vector<bool>(a.steps.size()), std::vector<bool>(b.steps.size())};
  Waiting by_cause;
  Waiting by_meaning;
  for (std::size_t i = 0; i < b.steps.size(); ++i) {
    by_cause.add(b.steps[i].cause, b.steps[i].meaning, i);
    by_meaning.add(Step::kNone, b.steps[i].meaning, i);
  }
  const auto match_by_cause = [&](std::size_t i) {
    std::size_t cause = a.steps[i].cause;
    if (cause != Step::kNone && (cause = partners_[0][cause]) == Step::kNone) return;
    join(i, by_cause.next(cause, a.steps[i].meaning, partners_[1]), false);
  };
  for (std::size_t i = 0; i < a.steps.size(); ++i) match_by_cause(i);
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    if (partners_[0][i] == Step::kNone) match_by_cause(i);
    if (partners_[0][i] != Step::kNone || a.steps[i].weight == Step::Weight::link) continue;
    join(i, by_meaning.next(Step::kNone, a.steps[i].meaning, partners_[1]), true);
  }
}

void Matching::join(std::size_t a, std::size_t b, bool otherwise) {
  if (b == Step::kNone) return;
  partners_[0][a] = b;
  partners_[1][b] = a;
  otherwise_[0][a] = otherwise;
  otherwise_[1][b] = otherwise;
}

}  // namespace provlab::lab
