#include "sim/lab/suite/neighbours.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

constexpr std::size_t kMostNeighbours = 4;

std::size_t likeness(std::string_view a, std::string_view b) {
  const auto begin = std::ranges::mismatch(a, b).in1 - a.begin();
  std::size_t end = 0;
  while (end < std::min(a.size(), b.size()) && a[a.size() - 1 - end] == b[b.size() - 1 - end]) {
    ++end;
  }
  return static_cast<std::size_t>(begin) + end;
}

}  // namespace

std::vector<std::size_t> passing_neighbours(const std::vector<RunReport>& runs,
                                            std::size_t failed) {
  std::vector<std::size_t> neighbours;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool fits = runs[i].file == runs[failed].file &&
                      runs[i].variant != runs[failed].variant &&
                      runs[i].verdict.outcome == Outcome::passed;
    if (fits) neighbours.push_back(i);
  }
  std::ranges::stable_sort(neighbours, std::greater(), [&](std::size_t i) {
    return likeness(runs[i].variant, runs[failed].variant);
  });
  if (neighbours.size() > kMostNeighbours) neighbours.resize(kMostNeighbours);
  return neighbours;
}

std::vector<std::size_t> failures_with_neighbours(const std::vector<RunReport>& runs) {
  std::vector<std::size_t> failures;
  for (std::size_t i = 0; i < runs.size() && failures.size() < kMostFailuresBeside; ++i) {
    const bool failed = !runs[i].variant.empty() && runs[i].verdict.outcome == Outcome::failed;
    if (failed && !passing_neighbours(runs, i).empty()) failures.push_back(i);
  }
  return failures;
}

}  // namespace provlab::lab
