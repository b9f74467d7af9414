#include "sim/lab/neighbours/delay_gap.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

/// So many coincidences are looked at for one delay.
constexpr std::size_t kMostCoincidences = 2'000;

/// Delays between the ends with which one that moves meets one that stays, each once.
std::vector<Duration> coincidences(const DelayGap& gap, const std::vector<Duration>& moving,
                                   const std::vector<Duration>& staying) {
  std::vector<Duration> delays;
  for (const Duration& from : moving) {
    for (const Duration& to : staying) {
      const Duration delay = gap.from + (to - from);
      if (delay > gap.from && delay < gap.to) delays.push_back(delay);
      if (delays.size() == kMostCoincidences) break;
    }
  }
  std::ranges::sort(delays);
  delays.erase(std::unique(delays.begin(), delays.end()), delays.end());
  return delays;
}

}  // namespace

Duration DelayGap::next(const std::vector<Duration>& moving, const std::vector<Duration>& staying) {
  const std::vector<Duration> delays = coincidences(*this, moving, staying);
  if (!delays.empty()) return delays[delays.size() / 2];
  if (!from_is_tried) return from + Duration(1);
  if (!to_is_tried) return to - Duration(1);
  halved = true;
  return from + (to - from) / 2;
}

DelayGap DelayGap::below(Duration middle) const {
  return {.from = from,
          .to = middle,
          .from_is_tried = from_is_tried,
          .to_is_tried = halved || to - middle == Duration(1)};
}

DelayGap DelayGap::above(Duration middle) const {
  return {.from = middle,
          .to = to,
          .from_is_tried = halved || middle - from == Duration(1),
          .to_is_tried = to_is_tried};
}

}  // namespace provlab::lab
