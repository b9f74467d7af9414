#include "sim/lab/pages/aligned_rows.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace provlab::lab {

namespace {

/// The longest part of them that rises on both sides.
SameEvents rising(SameEvents same) {
  std::ranges::sort(same);
  std::vector<std::size_t> ends;  // the pair that ends the best sequence of each length
  std::vector<std::size_t> before(same.size(), SIZE_MAX);
  for (std::size_t i = 0; i < same.size(); ++i) {
    const auto at = std::ranges::lower_bound(ends, same[i].second, {},
                                             [&](std::size_t end) { return same[end].second; });
    if (at != ends.begin()) before[i] = *(at - 1);
    if (at == ends.end()) {
      ends.push_back(i);
    } else {
      *at = i;
    }
  }
  SameEvents chain;
  for (std::size_t i = ends.empty() ? SIZE_MAX : ends.back(); i != SIZE_MAX; i = before[i]) {
    chain.push_back(same[i]);
  }
  std::ranges::reverse(chain);
  return chain;
}

/// Rows that are moved down from some point on.
class MovedRows {
 public:
  explicit MovedRows(DiagramRows& rows) : rows_(rows), moves_(rows.points.size()) {
    for (std::size_t i = rows.points.size(); i-- > 0;) places_[rows.points[i].event] = i;
  }

  std::optional<std::size_t> place(EventNumber event) const {
    const auto found = places_.find(event);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }
  int y(std::size_t place) const { return rows_.points[place].y + by_; }
  void move(std::size_t place, int by) {
    moves_[place] += by;
    by_ += by;
  }

  void apply() {
    std::size_t next_gap = 0;
    int by = 0;
    for (std::size_t i = 0; i < rows_.points.size(); ++i) {
      by += moves_[i];
      DiagramPoint& point = rows_.points[i];
      for (; next_gap < rows_.gaps.size() && rows_.gaps[next_gap].y < point.y; ++next_gap) {
        rows_.gaps[next_gap].y += by;
      }
      point.y += by;
      if (point.what == DiagramPoint::What::arriving) rows_.ends[point.index] = point.y;
    }
    for (; next_gap < rows_.gaps.size(); ++next_gap) rows_.gaps[next_gap].y += by;
    rows_.height += by;
  }

 private:
  DiagramRows& rows_;
  std::vector<int> moves_;
  std::map<EventNumber, std::size_t> places_;
  int by_ = 0;
};

}  // namespace

void align_rows(DiagramRows& a, DiagramRows& b, SameEvents same) {
  MovedRows one(a);
  MovedRows two(b);
  std::erase_if(
      same, [&](const auto& pair) { return !one.place(pair.first) || !two.place(pair.second); });
  for (const auto& [event_a, event_b] : rising(std::move(same))) {
    const std::size_t at_a = *one.place(event_a);
    const std::size_t at_b = *two.place(event_b);
    const int apart = two.y(at_b) - one.y(at_a);
    if (apart > 0) one.move(at_a, apart);
    if (apart < 0) two.move(at_b, -apart);
  }
  one.apply();
  two.apply();
  a.height = b.height = std::max(a.height, b.height);
}

}  // namespace provlab::lab
