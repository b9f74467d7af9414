#include "sim/lab/pages/map_page.hpp"

#include <fmt/format.h>

#include "sim/lab/mapping/plane_text.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/plane_svg.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostRows = 200;

class MapPageWriter {
 public:
  explicit MapPageWriter(const MapPage& map) : map_(map), plane_(map.plane) {}

  std::string make() {
    const std::string title = map_.scenario + ": which outcome comes when";
    html_.element("h1", title);
    html_.element("p", axes(), {{"class", "about"}});
    html_.element("p", map_.effort, {{"class", "quiet"}});
    if (!map_.missing.empty()) card(map_.missing, {});
    if (!map_.baseline.empty()) {
      card(map_.moved.empty() ? map_.baseline + ": nothing has changed"
                              : "Otherwise than in " + map_.baseline,
           map_.moved);
    }
    if (!plane_.bands.empty()) {
      if (plane_.y) html_.element("p", plane_.y->answer + " leaves after", {{"class", "quiet"}});
      html_.open("div", {{"class", "plane-figure"}});
      html_.raw(plane_svg(plane_, map_.before));
      html_.close();
      if (map_.before != nullptr && !map_.moved.empty()) {
        Legend legend;
        legend.entry("line-now", "border");
        legend.entry("line-before", "border in the baseline");
        html_.raw(legend.take());
      }
      outcomes();
      borders();
    }
    return framed_page(title, html_.take());
  }

 private:
  std::string axes() const {
    const auto words = [](const DelayAxis& axis, std::string_view where) {
      return fmt::format("{} leaves {} to {} after its request{}", axis.answer,
                         provlab::to_string(axis.extent.from), provlab::to_string(axis.extent.to),
                         where);
    };
    if (!plane_.y) {
      return words(plane_.x, "") +
             ": each point is a run, and what has one colour comes to one outcome. Rest the "
             "pointer on an area or a border to see what it is.";
    }
    return words(plane_.x, " (to the right)") + ", " + words(*plane_.y, " (upwards)") +
           ": each point is a run, and what has one colour comes to one outcome. Rest the pointer "
           "on an area or a border to see what it is.";
  }

  void card(const std::string& head, const std::vector<std::string>& lines) {
    html_.open("div", {{"class", lines.empty() ? "card" : "card bad"}});
    html_.element("p", head);
    if (!lines.empty()) {
      html_.open("ul", {{"class", "because"}});
      for (const std::string& line : lines) html_.element("li", line);
      html_.close();
    }
    html_.close();
  }

  void swatch(std::size_t outcome) {
    html_.element("span", outcome_letter(outcome),
                  {{"class", fmt::format("swatch o{}", outcome % 6)}});
  }

  void outcomes() {
    html_.element("h2", "Outcomes");
    html_.open("dl", {{"class", "planes"}});
    for (std::size_t i = 0; i < plane_.outcomes.size() && i < kMostRows; ++i) {
      html_.open("dt", {{"id", "outcome-" + outcome_letter(i)}});
      swatch(i);
      html_.close();
      html_.element("dd", plane_.outcomes[i]);
    }
    html_.close();
  }

  void borders() {
    if (plane_.borders.empty()) return;
    html_.element("h2", "Borders, to the nanosecond");
    html_.element("p",
                  "Up to a border it is the first of the two outcomes, with a nanosecond more the "
                  "second.",
                  {{"class", "quiet"}});
    html_.open("dl", {{"class", "planes"}});
    for (std::size_t i = 0; i < plane_.borders.size() && i < kMostRows; ++i) {
      const Border& border = plane_.borders[i];
      html_.open("dt", {{"id", fmt::format("border-{}", i + 1)}});
      swatch(border.before);
      html_.text(" ");
      swatch(border.behind);
      html_.close();
      html_.open("dd");
      html_.element("b", "up to " + border_place(plane_, border));
      if (plane_.y) html_.text(fmt::format(", for {}", along_words(border)));
      if (border.cause) {
        html_.empty("br");
        html_.element("span", cause_words(*border.cause), {{"class", "quiet"}});
      }
      html_.close();
    }
    html_.close();
    if (plane_.borders.size() > kMostRows) {
      html_.element("p", fmt::format("And {} more.", plane_.borders.size() - kMostRows));
    }
  }

  std::string along_words(const Border& border) const {
    return fmt::format("{} {} to {}", border.line ? plane_.y->answer : plane_.x.answer,
                       provlab::to_string(border.along.from), provlab::to_string(border.along.to));
  }

  const MapPage& map_;
  const Plane& plane_;
  HtmlWriter html_;
};

}  // namespace

std::string map_page(const MapPage& map) {
  return MapPageWriter(map).make();
}

}  // namespace provlab::lab
