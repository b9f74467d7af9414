#include "sim/lab/pages/plane_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "sim/lab/mapping/plane_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr double kLeft = 96;  ///< room for times; in narrow windows letters are larger
constexpr double kTop = 20;
constexpr double kWidth = 640;
constexpr double kHeight = 340;
constexpr double kRowHeight = 90;
constexpr double kBelow = 64;
constexpr double kRight = 40;
constexpr std::size_t kColours = 6;
constexpr std::size_t kMostAreas = 600;

/// The largest of 1, 2 or 5 with zeros behind it that makes a handful of ticks.
Duration tick_of(const Extent& extent) {
  Duration tick{1};
  for (int i = 0; (extent.to - extent.from) / tick > 6; ++i) tick = tick * (i % 3 == 1 ? 5 : 4) / 2;
  return tick;
}

class PlaneDrawing {
 public:
  PlaneDrawing(const Plane& plane, const Plane* before)
      : plane_(plane),
        before_(before),
        y_extent_(plane.y ? plane.y->extent : Extent{Duration(0), Duration(1)}),
        height_(plane.y ? kHeight : kRowHeight) {}

  std::string draw() {
    svg_.open("svg", {{"class", "plane"},
                      {"role", "img"},
                      {"aria-label", "Which outcome comes when"},
                      {"viewBox",
                       fmt::format("0 0 {} {}", kLeft + kWidth + kRight, kTop + height_ + kBelow)},
                      {"xmlns", "http://www.w3.org/2000/svg"}});
    for (std::size_t i = 0; i < plane_.bands.size() && i < kMostAreas; ++i) areas(plane_.bands[i]);
    ticks_of_x();
    if (plane_.y) ticks_of_y();
    borders_before();  // what has not moved lies above them
    for (std::size_t i = 0; i < plane_.borders.size() && i < kMostAreas; ++i) border(i);
    svg_.close();
    return svg_.take();
  }

 private:
  static double part(Duration at, const Extent& extent) {
    return static_cast<double>((at - extent.from).count()) /
           static_cast<double>((extent.to - extent.from).count());
  }
  double x_of(Duration at) const { return kLeft + kWidth * part(at, plane_.x.extent); }
  double y_of(Duration at) const { return kTop + height_ * (1 - part(at, y_extent_)); }

  void text(double x, double y, std::string_view type, std::string_view words) {
    svg_.element(
        "text", words,
        {{"class", type}, {"x", fmt::format("{:.1f}", x)}, {"y", fmt::format("{:.1f}", y)}});
  }

  void areas(const Band& band) {
    const Extent rows = plane_.y ? band.y : y_extent_;
    std::optional<Line> begin;
    for (const Cell& cell : band.cells) {
      const auto left = [&](Duration y) { return begin ? begin->x_at(y) : plane_.x.extent.from; };
      const auto right = [&](Duration y) {
        return cell.end ? cell.end->x_at(y) : plane_.x.extent.to;
      };
      area(cell, rows, {left(rows.from), right(rows.from)}, {left(rows.to), right(rows.to)});
      begin = cell.end;
    }
  }

  void area(const Cell& cell, const Extent& rows, const Extent& low, const Extent& high) {
    const double bottom = y_of(rows.from);
    const double top = y_of(rows.to);
    if (bottom - top < 0.05) return;
    const std::string letter = outcome_letter(cell.outcome);
    svg_.open("a", {{"href", "#outcome-" + letter}});
    svg_.open("path",
              {{"class", fmt::format("area o{}", cell.outcome % kColours)},
               {"d", fmt::format("M{:.2f} {:.2f}L{:.2f} {:.2f}L{:.2f} {:.2f}L{:.2f} {:.2f}z",
                                 x_of(low.from), bottom, x_of(low.to), bottom, x_of(high.to), top,
                                 x_of(high.from), top)}});
    svg_.element("title", area_words(cell, rows));
    svg_.close();
    const double wide = (x_of(low.to) - x_of(low.from) + x_of(high.to) - x_of(high.from)) / 2;
    if (wide > 24 && bottom - top > 20) {
      text((x_of(low.from) + x_of(low.to) + x_of(high.from) + x_of(high.to)) / 4,
           (bottom + top) / 2 + 6, "which", letter);
    }
    svg_.close();
  }

  std::string area_words(const Cell& cell, const Extent& rows) const {
    const std::string y = plane_.y ? plane_.y->answer : "";
    std::string words =
        fmt::format("{}: {}\n{} up to {}", outcome_letter(cell.outcome),
                    plane_.outcomes[cell.outcome], plane_.x.answer,
                    cell.end ? line_words(*cell.end, y) : provlab::to_string(plane_.x.extent.to));
    if (plane_.y) {
      words += fmt::format("\nfor {} {} to {}", y, provlab::to_string(rows.from),
                           provlab::to_string(rows.to));
    }
    return words;
  }

  std::string path_of(const Border& border) const {
    const Extent along = plane_.y || !border.line ? border.along : y_extent_;
    double x1 = 0;
    double x2 = 0;
    double y1 = 0;
    double y2 = 0;
    if (border.line) {
      x1 = x_of(border.line->x_at(along.from));
      x2 = x_of(border.line->x_at(along.to));
      y1 = y_of(along.from);
      y2 = y_of(along.to);
    } else {
      x1 = x_of(along.from);
      x2 = x_of(along.to);
      y1 = y2 = y_of(border.last);
    }
    return fmt::format("M{:.2f} {:.2f}L{:.2f} {:.2f}", x1, y1, x2, y2);
  }

  void border(std::size_t index) {
    const Border& border = plane_.borders[index];
    const std::string path = path_of(border);
    svg_.open("a", {{"href", fmt::format("#border-{}", index + 1)}});
    svg_.open("g", {{"class", "border"}});
    svg_.element("title",
                 fmt::format("{}  up to {}{}", sides_words(border), border_place(plane_, border),
                             border.cause ? "\n" + cause_words(*border.cause) : ""));
    svg_.empty("path", {{"class", "hit"}, {"d", path}});
    svg_.empty("path", {{"class", "line"}, {"d", path}});
    svg_.close();
    svg_.close();
  }

  /// Those that are no borders any more where they were.
  void borders_before() {
    if (before_ == nullptr) return;
    std::set<std::string> drawn;
    for (const Border& border : plane_.borders) drawn.insert(path_of(border));
    for (std::size_t i = 0; i < std::min(before_->borders.size(), kMostAreas); ++i) {
      const Border& border = before_->borders[i];
      const std::string path = path_of(border);
      if (drawn.contains(path)) continue;
      svg_.open("path", {{"class", "before"}, {"d", path}});
      svg_.element("title",
                   fmt::format("in the baseline: up to {}", border_place(*before_, border)));
      svg_.close();
    }
  }

  void ticks_of_x() {
    const Extent& extent = plane_.x.extent;
    const Duration tick = tick_of(extent);
    const double base = kTop + height_;
    for (Duration at = extent.from; at <= extent.to; at += tick) {
      svg_.empty("path",
                 {{"class", "tick"}, {"d", fmt::format("M{:.1f} {:.1f}v6", x_of(at), base)}});
      text(x_of(at), base + 26, "time middle", provlab::to_string(at));
    }
    text(kLeft + kWidth / 2, base + 56, "axis middle", plane_.x.answer + " leaves after");
  }

  void ticks_of_y() {
    const Extent& extent = plane_.y->extent;
    const Duration tick = tick_of(extent);
    for (Duration at = extent.from; at <= extent.to; at += tick) {
      svg_.empty("path",
                 {{"class", "tick"}, {"d", fmt::format("M{:.1f} {:.1f}h-6", kLeft, y_of(at))}});
      text(kLeft - 10, y_of(at) + 5, "time end", provlab::to_string(at));
    }
  }

  const Plane& plane_;
  const Plane* before_;
  Extent y_extent_;
  double height_;
  HtmlWriter svg_;
};

}  // namespace

std::string plane_svg(const Plane& plane, const Plane* before) {
  return PlaneDrawing(plane, before).draw();
}

}  // namespace provlab::lab
