#include "sim/lab/mapping/causes.hpp"

#include <algorithm>
#include <array>

namespace provlab::lab {

namespace {

/// Of a band at y, from where to where.
struct Piece {
  std::size_t outcome = 0;
  Extent x;
};

std::vector<Piece> pieces_of(const Band& band, Duration y, const Extent& x) {
  std::vector<Piece> pieces;
  Duration from = x.from;
  for (const Cell& cell : band.cells) {
    const Duration last = cell.end ? cell.end->x_at(band.exact ? y : band.y.from) : x.to;
    pieces.push_back({cell.outcome, {from, last}});
    from = last + kNext;
  }
  return pieces;
}

void add_across_x(const Band& band, std::vector<Border>& borders) {
  for (std::size_t i = 0; i + 1 < band.cells.size(); ++i) {
    const Cell& cell = band.cells[i];
    const std::size_t behind = band.cells[i + 1].outcome;
    const auto same = std::ranges::find_if(borders, [&](const Border& each) {
      return each.line == cell.end && each.before == cell.outcome && each.behind == behind &&
             each.along.to + kNext == band.y.from;
    });
    if (same != borders.end()) {
      same->along.to = band.y.to;
    } else {
      borders.push_back({.before = cell.outcome,
                         .behind = behind,
                         .line = cell.end,
                         .last = {},
                         .along = band.y,
                         .cause = {}});
    }
  }
}

void add_across_y(const Band& band, const Band& next, const Extent& x,
                  std::vector<Border>& borders) {
  const auto below = pieces_of(band, band.y.to, x);
  const auto above = pieces_of(next, next.y.from, x);
  std::vector<Border> found;
  auto one = below.begin();
  auto other = above.begin();
  for (Duration from = x.from; from <= x.to;) {
    const Duration last = std::min(one->x.to, other->x.to);
    if (one->outcome != other->outcome && last - from > kNext) {
      found.push_back({.before = one->outcome,
                       .behind = other->outcome,
                       .line = {},
                       .last = band.y.to,
                       .along = {from, last},
                       .cause = {}});
    }
    if (last == one->x.to) ++one;
    if (last == other->x.to) ++other;
    from = last + kNext;
  }
  std::ranges::move(found, std::back_inserter(borders));
}

Duration apart(Instant a, Instant b) {
  return a < b ? b - a : a - b;
}

/// Both sides as one: what is a nanosecond apart in one and together in the other stands there.
class Coincidence {
 public:
  Coincidence(const Border& border, const WatchedTrial& before, const WatchedTrial& behind,
              const std::vector<std::string>& axes)
      : border_(border), sides_{&before, &behind}, axes_(axes) {}

  std::optional<BorderCause> find() {
    for (const auto look : {&Coincidence::patience, &Coincidence::answers, &Coincidence::deeds}) {
      if ((this->*look)()) return cause_;
    }
    return std::nullopt;
  }

 private:
  /// Takes what happens at a moment of one side, where an answer of an axis arrives within a
  /// nanosecond of it on either side.
  bool meets(Instant moment, BorderCause cause, EventNumber except = 0) {
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      for (const WatchedTrial::Arrival& arrival : sides_[i]->arrivals) {
        if (std::ranges::find(axes_, arrival.answer) == axes_.end()) continue;
        if (arrival.answer == cause.other || arrival.packet == except) continue;
        if (apart(arrival.at, moment) > kNext) continue;
        if (cause_ && arrival.at != moment) continue;
        cause.answer = arrival.answer;
        cause.tie = (i == 0) == (arrival.at == moment) ? border_.before : border_.behind;
        cause_ = cause;
        if (arrival.at == moment) return true;
      }
    }
    return cause_.has_value();
  }

  bool patience() {
    for (const WatchedTrial* side : sides_) {
      for (const auto& given : side->given_up) {
        if (meets(given.at, {.kind = BorderCause::Kind::patience,
                             .answer = {},
                             .other = given.source,
                             .after = given.after})) {
          return true;
        }
      }
    }
    return false;
  }

  bool answers() {
    for (const WatchedTrial* side : sides_) {
      for (const auto& arrival : side->arrivals) {
        if (meets(arrival.at,
                  {.kind = BorderCause::Kind::answer, .answer = {}, .other = arrival.answer},
                  arrival.packet)) {
          return true;
        }
      }
    }
    return false;
  }

  bool deeds() {
    for (const WatchedTrial* side : sides_) {
      for (const auto& deed : side->deeds) {
        if (meets(deed.at, {.kind = BorderCause::Kind::event, .answer = {}, .other = deed.words})) {
          return true;
        }
      }
    }
    return false;
  }

  const Border& border_;
  std::array<const WatchedTrial*, 2> sides_;
  const std::vector<std::string>& axes_;
  std::optional<BorderCause> cause_;
};

}  // namespace

std::vector<Border> borders_of(const std::vector<Band>& bands, const Extent& x) {
  std::vector<Border> borders;
  for (const Band& band : bands) {
    if (band.exact) add_across_x(band, borders);
  }
  for (std::size_t i = 1; i < bands.size(); ++i) {
    if (bands[i - 1].exact && bands[i].exact) add_across_y(bands[i - 1], bands[i], x, borders);
  }
  return borders;
}

BorderSides sides_of(const Border& border) {
  const Duration middle = border.along.middle();
  if (border.line) {
    const Duration x = border.line->x_at(middle);
    return {.before = {x, middle}, .behind = {x + kNext, middle}};
  }
  return {.before = {middle, border.last}, .behind = {middle, border.last + kNext}};
}

std::optional<BorderCause> cause_of(const Border& border, const WatchedTrial& before,
                                    const WatchedTrial& behind,
                                    const std::vector<std::string>& axes) {
  return Coincidence(border, before, behind, axes).find();
}

}  // namespace provlab::lab
