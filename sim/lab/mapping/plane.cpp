#include "sim/lab/mapping/plane.hpp"

#include <algorithm>

namespace provlab::lab {

std::size_t Band::outcome_at(const PlanePoint& point) const {
  const Duration row = exact ? point.y : y.from;
  const auto cell = std::ranges::find_if(
      cells, [&](const Cell& each) { return !each.end || point.x <= each.end->x_at(row); });
  return cell->outcome;
}

std::optional<std::size_t> Plane::outcome_at(const PlanePoint& point) const {
  const auto band =
      std::ranges::find_if(bands, [&](const Band& each) { return point.y <= each.y.to; });
  if (band == bands.end() || point.y < band->y.from) return std::nullopt;
  return band->outcome_at(point);
}

std::string outcome_letter(std::size_t outcome) {
  constexpr std::size_t kLetters = 26;
  const std::string letter(1, static_cast<char>('A' + outcome % kLetters));
  return outcome < kLetters ? letter : letter + std::to_string(outcome / kLetters);
}

}  // namespace provlab::lab
