#pragma once
#include <array>
#include <vector>

#include "sim/lab/comparing/compared_run.hpp"

namespace provlab::lab {

enum class SideName : std::uint8_t { a, b };
inline constexpr std::array kBothSides{SideName::a, SideName::b};
constexpr SideName other(SideName side) {
  return side == SideName::a ? SideName::b : SideName::a;
}
constexpr std::size_t index_of(SideName side) {
  return static_cast<std::size_t>(side);
}

/// Which steps of two runs are the same one (D54).
///  1. What nothing led to is matched by its meaning, in its order among its equals.
///  2. What a matched step led to is matched in the same way, among what its match led to. So what
///  happens at the same time without one being the cause of the other has no order, and a packet
///  is the same one however late it comes.
///  3. What is left and counts is matched by its meaning alone: it came about in another way. What
///  it led to is matched as before.
class Matching {
 public:
  Matching(const ComparedRun& a, const ComparedRun& b);

  /// The same step of the other run; Step::kNone where it has none.
  std::size_t partner(SideName side, std::size_t step) const {
    return partners_[index_of(side)][step];
  }
  bool is_matched(SideName side, std::size_t step) const {
    return partner(side, step) != Step::kNone;
  }
  /// Matched by its meaning alone (3).
  bool otherwise(SideName side, std::size_t step) const { return otherwise_[index_of(side)][step]; }

 private:
  /// Nothing where `b` is Step::kNone.
  void join(std::size_t a, std::size_t b, bool otherwise);

  std::array<std::vector<std::size_t>, 2> partners_;
  std::array<std::vector<bool>, 2> otherwise_;
};

}  // namespace provlab::lab
