#include "sim/lab/neighbours/delay_gap.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

/// So many coincidences are looked at for one delay.
constexpr std::size_t kMostCoincidences = 2'000;

/// Delays between the ends with which two moments come together.
std::vector<Duration> coincidences(const DelayGap& gap, const std::vector<Duration>& moments) {
  std::vector<Duration> delays;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    for (std::size_t j = i + 1; j < moments.size(); ++j) {
      const Duration delay = gap.from + (moments[j] - moments[i]);
      if (delay >= gap.to || delays.size() == kMostCoincidences) break;
      delays.push_back(delay);
    }
  }
  return delays;
}

}  // namespace

Duration DelayGap::next(const std::vector<Duration>& moments) {
  std::vector<Duration> delays = coincidences(*this, moments);
  if (!delays.empty()) {
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
    std::ranges::nth_element(delays, middle);
    return *middle;
  }
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
