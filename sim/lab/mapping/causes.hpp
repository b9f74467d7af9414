#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"
#include "sim/lab/mapping/trial.hpp"

namespace provlab::lab {

/// The borders of bands, each once, across x first. Those across y that only carry a slanting
/// border one nanosecond on are left out.
std::vector<Border> borders_of(const std::vector<Band>& bands, const Extent& x);

/// Two points at a border, one nanosecond apart, where neither ends.
struct BorderSides {
  PlanePoint before;
  PlanePoint behind;
};
BorderSides sides_of(const Border& border);

/// What happens in the same nanosecond as an answer of the axes arrives, on one side of the border,
/// and a nanosecond apart on the other; nothing where nothing does.
std::optional<BorderCause> cause_of(const Border& border, const WatchedTrial& before,
                                    const WatchedTrial& behind,
                                    const std::vector<std::string>& axes);

}  // namespace provlab::lab
