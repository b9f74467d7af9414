#include "sim/lab/mapping/survey.hpp"

#include <algorithm>
#include <utility>

namespace provlab::lab {

namespace {

/// Adds the places that lie within.
void add_within(std::vector<Duration>& places, const Extent& extent,
                std::initializer_list<Duration> more) {
  for (const Duration place : more) {
    if (place >= extent.from && place <= extent.to) places.push_back(place);
  }
}

void put_in_order(std::vector<Duration>& places) {
  std::ranges::sort(places);
  const auto rest = std::ranges::unique(places);
  places.erase(rest.begin(), rest.end());
}

}  // namespace

Survey::Survey(Extent x, Extent y, Duration resolution, const AskPoints& ask)
    : x_(x), y_(y), resolution_(resolution), ask_(ask) {
  for (Duration at = x_.from; at < x_.to; at += resolution_) grid_.push_back(at);
  grid_.push_back(x_.to);
}

void Survey::run() {
  Duration y = y_.from;
  Row row = row_at(y, grid_);
  for (;;) {
    if (y == y_.to) {
      bands_.push_back({.y = {y, y}, .cells = flat(row)});
      return;
    }
    if (too_many(y)) {
      const Duration rest = next_row(y);
      const bool last = rest == y_.to;
      bands_.push_back({.y = {y, last ? rest : rest - kNext}, .cells = flat(row), .exact = false});
      if (last) return;
      row = row_at(y = rest, grid_);
      continue;
    }
    Row next = row_at(y + kNext, near(row));
    const auto cells = cells_of(row, next, y);
    if (!cells) {
      bands_.push_back({.y = {y, y}, .cells = flat(row)});
      y += kNext;
      Places places = near(next);
      places.insert(places.end(), grid_.begin(), grid_.end());
      row = row_at(y, std::move(places));
      continue;
    }
    const Duration first = meet(*cells, y);
    Places places;
    const Duration last = last_of(*cells, y + kNext, places);
    bands_.push_back({.y = {first, last}, .cells = *cells});
    if (last == y_.to) return;
    y = last + kNext;
    if (const auto end = extended(*cells, last)) {
      const Places around = near(*end);
      places.insert(places.end(), around.begin(), around.end());
    }
    places.insert(places.end(), grid_.begin(), grid_.end());
    row = row_at(y, std::move(places));
  }
}

Survey::Row Survey::row_at(Duration y, Places places) {
  add_within(places, x_, {x_.from, x_.to});
  put_in_order(places);
  std::map<Duration, std::size_t> known;
  const auto ask = [&](const Places& wanted) {
    std::vector<PlanePoint> points;
    for (const Duration x : wanted) points.push_back({x, y});
    const std::vector<std::size_t> outcomes = ask_(points);
    for (std::size_t i = 0; i < wanted.size(); ++i) known.emplace(wanted[i], outcomes[i]);
  };
  /// What lies between two unlike neighbours that are no neighbours yet.
  const auto between = [&known](Duration low, Duration high, Places& middles) {
    if (high - low > kNext && known.at(low) != known.at(high)) {
      middles.push_back(low + (high - low) / 2);
    }
  };
  ask(places);
  Places middles;
  for (std::size_t i = 1; i < places.size(); ++i) between(places[i - 1], places[i], middles);
  while (!middles.empty()) {
    ask(middles);
    Places next;
    for (const Duration middle : middles) {
      const auto at = known.find(middle);
      between(std::prev(at)->first, middle, next);
      between(middle, std::next(at)->first, next);
    }
    put_in_order(next);
    middles = std::move(next);
  }
  Row row;
  for (const auto& [x, outcome] : known) {
    if (row.empty() || row.back().outcome != outcome) row.push_back({outcome, x});
    row.back().last = x;
  }
  return row;
}

Survey::Places Survey::near(const Row& row) const {
  Places places;
  Duration first = x_.from;
  for (const Part& part : row) {
    places.push_back(Extent{first, part.last}.middle());
    first = part.last + kNext;
    add_within(places, x_, {part.last - kNext, part.last, first, first + kNext});
  }
  return places;
}

std::optional<std::vector<Cell>> Survey::cells_of(const Row& row, const Row& next,
                                                  Duration y) const {
  if (row.size() != next.size()) return std::nullopt;
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].outcome != next[i].outcome) return std::nullopt;
    const auto moved = (next[i].last - row[i].last).count();
    if (moved < -1 || moved > 1) return std::nullopt;
    Cell cell{.outcome = row[i].outcome, .end = {}};
    const int slope = static_cast<int>(moved);
    if (i + 1 < row.size()) cell.end = Line{.at = row[i].last - slope * y, .slope = slope};
    cells.push_back(cell);
  }
  return cells;
}

std::vector<Cell> Survey::flat(const Row& row) {
  std::vector<Cell> cells;
  for (const Part& part : row) cells.push_back({part.outcome, Line{.at = part.last}});
  cells.back().end.reset();
  return cells;
}

std::optional<Survey::Row> Survey::extended(const std::vector<Cell>& cells, Duration y) const {
  Row row;
  Duration first = x_.from;
  for (const Cell& cell : cells) {
    const Duration last = cell.end ? cell.end->x_at(y) : x_.to;
    if (last < first || last > x_.to || (cell.end && last == x_.to)) return std::nullopt;
    row.push_back({cell.outcome, last});
    first = last + kNext;
  }
  return row;
}

std::optional<Survey::Places> Survey::unlike(const std::vector<Cell>& cells, Duration y,
                                             const Places& also) {
  const auto row = extended(cells, y);
  if (!row) return std::nullopt;
  Places places = also;
  Duration first = x_.from;
  for (const Part& part : *row) {
    places.push_back(Extent{first, part.last}.middle());
    places.push_back(part.last);
    first = part.last + kNext;
    add_within(places, x_, {first});
  }
  put_in_order(places);
  std::vector<PlanePoint> points;
  for (const Duration x : places) points.push_back({x, y});
  const std::vector<std::size_t> outcomes = ask_(points);
  // Of many in one cell the outermost are enough to find where it ends.
  std::map<Duration, Extent> wrong;  // by the end of the cell
  auto part = row->begin();
  for (std::size_t i = 0; i < places.size(); ++i) {
    while (places[i] > part->last) ++part;
    if (outcomes[i] == part->outcome) continue;
    wrong.try_emplace(part->last, Extent{places[i], places[i]}).first->second.to = places[i];
  }
  Places outermost;
  for (const auto& [end, extent] : wrong) {
    outermost.insert(outermost.end(), {extent.from, extent.to});
  }
  return outermost;
}

bool Survey::holds(const std::vector<Cell>& cells, Duration y, const Places& also) {
  const auto wrong = unlike(cells, y, also);
  return wrong && wrong->empty();
}

Duration Survey::last_of(const std::vector<Cell>& cells, Duration y, Places& unlike_places) {
  Duration good = y;
  std::optional<Duration> bad;
  while (!bad && good < y_.to) {
    const Duration row = next_row(good);
    auto wrong = unlike(cells, row, grid_);
    if (wrong && wrong->empty()) {
      good = row;
    } else {
      bad = row;
      if (wrong) unlike_places = std::move(*wrong);
    }
  }
  while (bad && *bad - good > kNext) {
    const Duration middle = good + (*bad - good) / 2;
    (holds(cells, middle, unlike_places) ? good : *bad) = middle;
  }
  return good;
}

Duration Survey::meet(const std::vector<Cell>& cells, Duration y) {
  if (bands_.empty() || !bands_.back().exact) return y;
  Band& before = bands_.back();
  /// Where the band before has borders and cells counts too: it is those that must be gone.
  const auto holds_at = [&](Duration at) {
    const auto row = extended(before.cells, at);
    return holds(cells, at, row ? near(*row) : Places{});
  };
  Duration bad = before.y.from;
  Duration good = y;
  if (good - bad <= kNext || !holds_at(good - kNext)) return y;
  good -= kNext;
  while (good - bad > kNext) {
    const Duration middle = bad + (good - bad) / 2;
    (holds_at(middle) ? good : bad) = middle;
  }
  before.y.to = good - kNext;
  return good;
}

Duration Survey::next_row(Duration y) const {
  const auto rows = (y - y_.from) / resolution_;
  return std::min(y_.to, y_.from + (rows + 1) * resolution_);
}

bool Survey::too_many(Duration y) {
  return ++begun_[next_row(y)] > kMostBands;
}

}  // namespace provlab::lab
