#include "sim/lab/mapping/plane_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

constexpr int kColumns = 60;
constexpr int kRows = 16;

std::string drawn_row(const Plane& plane, Duration y) {
  const Extent& x = plane.x.extent;
  std::string letters;
  for (int i = 0; i < kColumns; ++i) {
    const auto outcome =
        plane.outcome_at({x.from + (x.to - x.from) * (2 * i + 1) / (2 * kColumns), y});
    letters += outcome ? outcome_letter(*outcome).front() : ' ';
  }
  return letters;
}

}  // namespace

std::string line_words(const Line& line, const std::string& y) {
  if (line.slope == 0) return to_string(line.at);
  if (line.slope < 0) return fmt::format("{} - {}", to_string(line.at), y);
  if (line.at < Duration::zero()) return fmt::format("{} - {}", y, to_string(-line.at));
  return fmt::format("{} + {}", y, to_string(line.at));
}

std::string border_place(const Plane& plane, const Border& border) {
  const std::string y = plane.y ? plane.y->answer : "";
  if (!border.line) return fmt::format("{} {}", y, to_string(border.last));
  return fmt::format("{} {}{}", plane.x.answer, border.line->slope == 0 ? "" : "= ",
                     line_words(*border.line, y));
}

std::string cause_words(const BorderCause& cause) {
  std::string what;
  switch (cause.kind) {
    case BorderCause::Kind::patience:
      what = fmt::format("{} arrives as the patience with {} ends, {} after it was asked",
                         cause.answer, cause.other, to_string(cause.after));
      break;
    case BorderCause::Kind::answer:
      what = fmt::format("{} and {} arrive together", cause.answer, cause.other);
      break;
    case BorderCause::Kind::event:
      what = fmt::format("{} arrives as {}", cause.answer, cause.other);
      break;
  }
  return fmt::format("{}; in one instant it is {}", what, outcome_letter(cause.tie));
}

std::string sides_words(const Border& border) {
  return fmt::format("{} | {}", outcome_letter(border.before), outcome_letter(border.behind));
}

std::string plane_drawing(const Plane& plane) {
  const Extent& x = plane.x.extent;
  std::string text;
  const int rows = plane.y ? kRows : 1;
  const Extent y = plane.y ? plane.y->extent : Extent{};
  for (int row = rows - 1; row >= 0; --row) {
    const Duration middle = y.from + (y.to - y.from) * (2 * row + 1) / (2 * rows);
    const bool named = plane.y && (row == rows - 1 || row == 0);
    text += fmt::format("  {:>10} |{}|\n", !named ? "" : to_string(row == 0 ? y.from : y.to),
                        drawn_row(plane, middle));
  }
  const std::string from = to_string(x.from);
  text += fmt::format("  {:>10}  {}{:>{}}\n", "", from, to_string(x.to),
                      kColumns - static_cast<int>(from.size()));
  return text;
}

}  // namespace provlab::lab
