#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/time.hpp"

/// What a scenario comes to over the delays of one or two of its answers.
namespace provlab::lab {

/// To the next moment that there is.
inline constexpr Duration kNext{1};

struct Extent {
  Duration from{};
  Duration to{};  ///< still within

  Duration middle() const { return from + (to - from) / 2; }
  bool operator==(const Extent&) const = default;
};

/// An answer, and how long after its request it leaves.
struct DelayAxis {
  std::string answer;
  Extent extent;

  bool operator==(const DelayAxis&) const = default;
};

struct PlanePoint {
  Duration x{};
  Duration y{};

  auto operator<=>(const PlanePoint&) const = default;
};

/// A border across x: x = at + slope * y is the last nanosecond before it.
struct Line {
  Duration at{};
  int slope = 0;  ///< 0: whatever y; 1: so far from y; -1: so much together with y

  Duration x_at(Duration y) const { return at + slope * y; }
  bool operator==(const Line&) const = default;
};

/// Of a band, from one border to the next.
struct Cell {
  std::size_t outcome = 0;
  std::optional<Line> end;  ///< nothing: up to the end of x

  bool operator==(const Cell&) const = default;
};

/// A part of y in which the same cells follow each other.
struct Band {
  Extent y;
  std::vector<Cell> cells;
  bool exact = true;  ///< false: the cells are those of y.from, and more changes than are told

  /// Of the point; it must lie within.
  std::size_t outcome_at(const PlanePoint& point) const;
  bool operator==(const Band&) const = default;
};

/// Why outcomes part at a border, as the traces of both sides say it.
struct BorderCause {
  enum class Kind : std::uint8_t {
    patience,  ///< the phone gives a source up
    answer,    ///< another answer arrives
    event      ///< something else that the phone does by itself
  };
  Kind kind = Kind::event;
  std::string answer;   ///< of an axis: it arrives then
  std::string other;    ///< the source; the other answer; what the phone does
  Duration after{};     ///< patience: since the source was asked
  std::size_t tie = 0;  ///< the outcome where both happen in one instant

  bool operator==(const BorderCause&) const = default;
};

/// A border between two outcomes, to the nanosecond.
struct Border {
  std::size_t before = 0;
  std::size_t behind = 0;
  std::optional<Line> line;  ///< across x; nothing: across y
  Duration last{};           ///< across y: the last nanosecond of `before`
  Extent along;              ///< on the other axis
  std::optional<BorderCause> cause;

  bool operator==(const Border&) const = default;
};

struct Plane {
  DelayAxis x;
  std::optional<DelayAxis> y;         ///< nothing: only x varies, and the one band has y 0
  Duration resolution{};              ///< what is smaller than a square of it may have been missed
  std::vector<std::string> outcomes;  ///< as OutcomeClass::to_string() has them
  std::vector<Band> bands;            ///< without a gap, in rising order
  std::vector<Border> borders;

  /// Nothing where the plane was not surveyed up to there.
  std::optional<std::size_t> outcome_at(const PlanePoint& point) const;
  bool operator==(const Plane&) const = default;
};

/// `A`, `B` … `Z`, `A1` …: what tables call an outcome.
std::string outcome_letter(std::size_t outcome);

}  // namespace provlab::lab
