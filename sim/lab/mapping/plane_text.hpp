#pragma once
#include <string>

#include "core/platform/error.hpp"
#include "sim/lab/mapping/plane.hpp"

namespace provlab::lab {

/// `9.938s`, `multicast-answer + 38ms`, `5s - multicast-answer`.
std::string line_words(const Line& line, const std::string& y);
/// Where a border lies: `redirect-answer 9.938s`.
std::string border_place(const Plane& plane, const Border& border);
/// `multicast-answer arrives as the patience with multicast ends, 5s after it was asked; in the
/// same instant it is B`.
std::string cause_words(const BorderCause& cause);
/// The outcome of the border's two sides: `A | B`.
std::string sides_words(const Border& border);

/// The plane as a drawing of letters, y upwards; each stands for the point in its middle.
std::string plane_drawing(const Plane& plane);

/// A plane as a file that is kept; read_plane() undoes it. `name` is the scenario's.
std::string plane_file(const Plane& plane, const std::string& name);
/// Errors name the line of `file`.
Expected<Plane> read_plane(const std::string& text, const std::string& file);

}  // namespace provlab::lab
