#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// The outcomes at points, in their order. An exception out of it ends the survey.
using AskPoints = std::function<std::vector<std::size_t>(std::span<const PlanePoint>)>;

/// Finds which outcome is where in a plane, with borders to the nanosecond (D59).
///  1. A row is asked at points one resolution apart; between two unlike ones its borders are found
///  by bisection.
///  2. The next nanosecond of y shows how the borders of a row run on: they stay, or go along with
///  y one to one, up or down.
///  3. A band goes on as far as that holds: it is asked again one resolution further, at points one
///  resolution apart and on both sides of each border, and where it fails the end is found by
///  bisection. What follows is extended back in the same way, so that both meet.
///  4. What holds a square of the resolution is not missed. Where more changes in one resolution of
///  y than kMostBands, the part up to the next row is not exact, and says so.
class Survey {
 public:
  static constexpr std::size_t kMostBands = 24;

  /// `ask` must outlive it; `resolution` is more than nothing.
  Survey(Extent x, Extent y, Duration resolution, const AskPoints& ask);

  void run();
  /// Those that were finished, also where an exception has ended run().
  const std::vector<Band>& bands() const { return bands_; }

 private:
  struct Part {
    std::size_t outcome = 0;
    Duration last{};
  };
  using Row = std::vector<Part>;
  using Places = std::vector<Duration>;  ///< on x

  /// The row at y with exact borders, asked first at these places.
  Row row_at(Duration y, Places places);
  /// Where borders of the row can be one nanosecond further, and between them.
  Places near(const Row& row) const;
  /// The cells that a row and the next nanosecond's have in common; nothing where they differ in
  /// more than borders that move along.
  std::optional<std::vector<Cell>> cells_of(const Row& row, const Row& next, Duration y) const;
  static std::vector<Cell> flat(const Row& row);
  /// The cells at y; nothing where one of them is not there any more.
  std::optional<Row> extended(const std::vector<Cell>& cells, Duration y) const;
  /// Where the plane is not as the cells have it at y, of their borders and middles and of `also`.
  /// Nothing where they cannot reach so far.
  std::optional<Places> unlike(const std::vector<Cell>& cells, Duration y, const Places& also);
  bool holds(const std::vector<Cell>& cells, Duration y, const Places& also);
  /// The last y up to which they hold, from y, where they do; what was unlike behind it.
  Duration last_of(const std::vector<Cell>& cells, Duration y, Places& unlike_places);
  /// The first y from which they hold, down from y, where they do. Shortens the band before.
  Duration meet(const std::vector<Cell>& cells, Duration y);
  Duration next_row(Duration y) const;
  /// Whether a band that begins at y is one too many.
  bool too_many(Duration y);

  Extent x_;
  Extent y_;
  Duration resolution_;
  const AskPoints& ask_;
  Places grid_;
  std::vector<Band> bands_;
  std::map<Duration, std::size_t> begun_;  ///< bands, by the row below them
};

}  // namespace provlab::lab
