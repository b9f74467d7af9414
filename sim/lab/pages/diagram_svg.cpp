// diagram_rows() gives each point its height. What stands at the phone's lifeline (times, notes,
// heads of arrows that arrive there) goes into one drawing, everything else into the other, whose
// left edge is that lifeline. The style sheet puts them beside each other and keeps the first where
// it is; labels at the phone follow it, as far as their arrow reaches (`--m`). Every run of a suite
// may have such a drawing, so nothing stands here that style sheet or script can add.
#include "sim/lab/pages/diagram_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/pages/diagram_rows.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

// In pixels.
constexpr int kRightMargin = 220;
constexpr int kComfortable = 800;  ///< worlds of six hosts fit into a page of 1200 pixels
constexpr int kHeadingHeight = 46;
constexpr int kLetterWidth = 7;   ///< nearly
constexpr int kCapitalWidth = 9;  ///< of those that stand in a row, as in NOERROR
constexpr int kBarWidth = 10;
constexpr int kBarStep = 16;
constexpr std::size_t kLongestLabel = 58;
constexpr std::size_t kLongestNote = 38;
constexpr int kBoldLetterWidth = 8;

/// Where lifelines stand, from the phone's on.
class Columns {
 public:
  explicit Columns(const SequenceDiagram& diagram)
      : gaps_(std::max<int>(static_cast<int>(diagram.lifelines.size()) - 1, 1)),
        spacing_(std::clamp((kComfortable - kRightMargin) / gaps_, 116, 280)) {}

  int of(std::size_t lifeline) const { return static_cast<int>(lifeline) * spacing_; }
  int spacing() const { return spacing_; }
  int width() const { return gaps_ * spacing_ + kRightMargin; }

 private:
  int gaps_;
  int spacing_;
};

/// The text, cut where a character ends.
std::string cut_label(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

int width_of(std::string_view label) {
  int width = 0;
  for (const char c : label) width += c >= 'A' && c <= 'Z' ? kCapitalWidth : kLetterWidth;
  return width;
}

/// One of the two drawings.
class Canvas {
 public:
  Canvas(std::string_view type, int width, int height, std::string_view label) {
    const bool hidden = label.empty();
    const std::string text_width = std::to_string(width);
    svg_.open("svg", {{"class", type},
                      {"width", width == 0 ? std::string_view() : std::string_view(text_width)},
                      {"height", std::to_string(height)},
                      {"role", hidden ? std::string_view() : "group"},
                      {"aria-hidden", hidden ? "true" : std::string_view()},
                      {"aria-label", hidden ? std::string_view() : label}});
  }

  HtmlWriter& svg() { return svg_; }
  void line(std::string_view type, int x1, int y1, int x2, int y2) {
    svg_.empty("path", {{"class", type}, {"d", fmt::format("M{} {}L{} {}", x1, y1, x2, y2)}});
  }
  void words(std::string_view type, int x, int y, std::string_view text,
             std::string_view style = {}) {
    svg_.element("text", text,
                 {{"class", type},
                  {"x", unless_zero(x)},
                  {"y", std::to_string(y)},
                  {"style", style.empty() ? std::string_view() : style}});
  }
  void cross(int x, int y) {
    svg_.empty("path",
               {{"class", "x"}, {"d", fmt::format("M{} {}l10 10m0 -10l-10 10", x - 5, y - 5)}});
  }
  void head(int x, int y, bool rightwards) {
    const int back = rightwards ? -9 : 9;
    svg_.empty("path", {{"class", "h"}, {"d", fmt::format("M{} {}l{} -4v8z", x, y, back)}});
  }
  void box(std::string_view type, int x) {
    svg_.empty("rect", {{"class", type},
                        {"x", std::to_string(x - 62)},
                        {"y", "5"},
                        {"width", "124"},
                        {"height", "36"},
                        {"rx", "4"}});
  }
  void dot(int x, int y) {
    svg_.empty("circle", {{"cx", unless_zero(x)}, {"cy", std::to_string(y)}});
  }
  std::string take() {
    svg_.close();
    return svg_.take();
  }

 private:
  /// Zero is what is meant where nothing is said.
  std::string_view unless_zero(int number) {
    number_ = std::to_string(number);
    return number == 0 ? std::string_view() : std::string_view(number_);
  }

  HtmlWriter svg_;
  std::string number_;
};

class Drawing {
 public:
  Drawing(const SequenceDiagram& diagram, const DiagramOptions& options, std::size_t most)
      : diagram_(diagram),
        options_(options),
        columns_(diagram),
        race_(diagram.answers_in_order().size() > 1),
        rows_(options.rows != nullptr ? *options.rows
                                      : diagram_rows(diagram, options.transport, most)),
        side_("seq side", 0, rows_.height, ""),
        world_("seq world", columns_.width(), rows_.height,
               "Sequence diagram; the table of events says the same in words") {}

  std::string draw() {
    const std::string names = heading();
    for (std::size_t i = 1; i < diagram_.lifelines.size(); ++i) {
      world_.line("life", columns_.of(i), 0, columns_.of(i), rows_.height);
    }
    for (const DiagramGap& gap : rows_.gaps) draw_gap(gap);
    draw_reach();
    const std::size_t longest = draw_times();
    side_.svg().open("g", {{"class", "at"}});
    side_.line("life", 0, 0, 0, rows_.height);
    for (const DiagramPoint& point : rows_.points) {
      if (point.what == DiagramPoint::What::sending) draw(diagram_.messages[point.index], point);
      if (point.what == DiagramPoint::What::mark) draw(diagram_.marks[point.index], point.y);
    }
    side_.svg().close();
    const std::size_t bars = options_.reach.empty() ? 0 : options_.reach.size() * kBarStep + 8;
    const auto width = std::max<std::size_t>(longest * kLetterWidth + 14, 72) + bars;
    return fmt::format(
        "<div class=\"sheet\" style=\"--t:{}px\">{}<div class=\"lanes\">{}{}</div></div>", width,
        names, side_.take(), world_.take());
  }

 private:
  /// The hosts' names, which stay in sight while the diagram scrolls.
  std::string heading() {
    Canvas side("seq side", 0, kHeadingHeight, "");
    for (std::size_t i = 0; i < options_.reach.size(); ++i) {
      side.words("which", bar_of(i) + kBarWidth / 2, 28, options_.reach[i].letter);
    }
    side.svg().open("g", {{"class", "at"}});
    side.words("l r quiet", -72, 28, "what the phone does");
    host(side, 0, 0);
    side.svg().close();
    Canvas world("seq world", columns_.width(), kHeadingHeight, "");
    for (std::size_t i = 1; i < diagram_.lifelines.size(); ++i) host(world, i, columns_.of(i));
    return "<div class=\"lanes heads\">" + side.take() + world.take() + "</div>";
  }
  void host(Canvas& canvas, std::size_t i, int x) const {
    canvas.box(i == 0 ? "box phone" : "box", x);
    canvas.words("host", x, 21, cut_label(diagram_.lifelines[i].host, 18));
    canvas.words("address", x, 35, diagram_.lifelines[i].address);
  }

  static int bar_of(std::size_t index) { return 4 + static_cast<int>(index) * kBarStep; }

  void draw_reach() {
    for (std::size_t i = 0; i < options_.reach.size(); ++i) {
      const ReachBar& bar = options_.reach[i];
      int end = bar.last == 0 ? rows_.height : 0;
      for (const DiagramPoint& point : rows_.points) {
        if (point.event <= bar.last) end = std::max(end, point.y);
      }
      HtmlWriter& svg = side_.svg();
      svg.open("rect", {{"class", fmt::format("reach {}", bar.type)},
                        {"x", std::to_string(bar_of(i))},
                        {"width", std::to_string(kBarWidth)},
                        {"height", std::to_string(end)}});
      svg.element("title", bar.words);
      svg.close();
    }
  }

  void draw_gap(const DiagramGap& gap) {
    for (Canvas* canvas : {&side_, &world_}) {
      canvas->svg().empty("rect", {{"class", "silence"},
                                   {"x", "0"},
                                   {"y", std::to_string(gap.y - 11)},
                                   {"width", "100%"},
                                   {"height", "22"}});
    }
    const std::string said =
        gap.left_out == 0
            ? fmt::format("⋮ {} without anything to show", seconds_text(gap.silence))
            : fmt::format("⋮ {} messages and marks are left out: the page has no room for them",
                          gap.left_out);
    world_.words("quiet ph", 12, gap.y + 4, said, follows(columns_.width()));
  }

  /// The number of characters of the longest.
  std::size_t draw_times() {
    std::size_t longest = 0;
    std::optional<Duration> last;
    int last_y = -100;
    for (const DiagramPoint& point : rows_.points) {
      if ((last && *last == point.at) || point.y - last_y < 13) continue;
      const std::string text = seconds_text(point.at);
      longest = std::max(longest, text.size());
      side_.words("t", 0, point.y + 4, text);
      last = point.at;
      last_y = point.y;
    }
    return longest;
  }

  static std::string_view class_of(const Message& message) {
    if (!message.lost.empty()) return "m lost";
    switch (message.part) {
      case Message::Part::winner:
        return "m win";
      case Message::Part::late:
        return "m late";
      case Message::Part::racing:
        return "m race";
      case Message::Part::alone:
        return "m alone";
      case Message::Part::plain:
        break;
    }
    if (message.transport) return "m tcp";
    return message.again ? "m again" : "m";
  }

  static std::string label_of(const Message& message) {
    std::string text = cut_label(message.label, kLongestLabel);
    if (message.segments > 1) text += fmt::format(" ({} segments)", message.segments);
    if (message.again && text.find("(attempt") == text.npos) text += " (again)";
    return text;
  }

  /// How far a label at the phone may follow it.
  static std::string follows(int reach) {
    return reach <= 0 ? std::string() : fmt::format("--m:{}px", reach);
  }

  void draw(const Message& message, const DiagramPoint& point) {
    const int from = columns_.of(message.from);
    const int target = message.to ? columns_.of(*message.to) : from + columns_.spacing() / 2;
    const bool rightwards = target >= from;
    int end_x = target;
    int end_y = rows_.ends[point.index];
    if (end_y < 0) {  // it does not arrive
      end_x = from + (target - from) * 3 / 5;
      end_y = point.y + 11;
    }
    HtmlWriter& svg = world_.svg();
    const std::string link = options_.links.message(message.sent_event);
    svg.open("a", {{"class", class_of(message)},
                   {"href", link.empty() ? std::string_view() : std::string_view(link)}});
    world_.line("s", from, point.y, end_x, end_y);
    const bool at_phone = end_x == 0;
    if (!message.lost.empty()) {
      world_.cross(end_x, end_y);
    } else if (!at_phone) {
      world_.head(end_x, end_y, rightwards);
    }
    const int side = rightwards ? 10 : -10;
    const std::string label = label_of(message);
    // One that has no room between its host and the phone begins at the phone.
    const bool too_long = at_phone && width_of(label) > from - 14;
    if (message.from == 0 || too_long) {
      world_.words("l ph", 10, point.y - 5, label,
                   follows(std::max(end_x, from) - columns_.spacing()));
    } else {
      world_.words(rightwards ? "l" : "l r", from + side, point.y - 5, label);
    }
    if (!message.lost.empty()) {
      const std::string why = cut_label(message.lost, kLongestLabel);
      const bool has_room = rightwards || width_of(why) <= end_x - 14;
      world_.words(rightwards || !has_room ? "why" : "why r", end_x + (has_room ? side : 10),
                   end_y + 4, why);
    }
    const std::string_view said = tag_of(message);
    if (!at_phone && !said.empty()) tag(world_, end_x, end_y, rightwards, said);
    svg.close();
    if (at_phone && message.lost.empty()) arrival(message, end_y, said);
  }

  std::string_view tag_of(const Message& message) const {
    if (!message.lost.empty()) return {};
    if (message.part == Message::Part::winner) return race_ ? "★ first: wins" : "★ its URL is used";
    if (message.part == Message::Part::late) return "late: ignored";
    return {};
  }

  /// A word at an arrow's head, on the far side of the lifeline.
  static void tag(Canvas& canvas, int x, int y, bool rightwards, std::string_view text) {
    canvas.words(rightwards ? "tag" : "tag r", x + (rightwards ? 10 : -10), y + 4, text);
  }

  /// The head of an arrow at the phone, which is there wherever the world has been moved.
  void arrival(const Message& message, int y, std::string_view said) {
    side_.svg().open("g", {{"class", class_of(message)}});
    side_.head(0, y, false);
    if (!said.empty()) tag(side_, 0, y, false, said);
    side_.svg().close();
  }

  void draw(const Mark& mark, int y) {
    static constexpr std::string_view kClasses[] = {"k",     "k run", "k race",
                                                    "k win", "k bad", "k fail"};
    const std::string_view type = kClasses[static_cast<std::size_t>(mark.kind)];
    const std::string link = options_.links.event(mark.event);
    const std::string_view href = link.empty() ? std::string_view() : std::string_view(link);
    const bool at_phone = mark.lifeline == 0;
    const int x = columns_.of(mark.lifeline);
    const bool ruled = mark.kind == Mark::Kind::race || mark.kind == Mark::Kind::failure;
    Canvas& canvas = at_phone ? side_ : world_;
    canvas.svg().open("a", {{"class", type}, {"href", href}});
    canvas.dot(x, y);
    if (at_phone) {
      side_.words("l r", -12, y + 4, cut_label(mark.text, kLongestNote));
    } else {
      world_.words("l", x + 12, y - 5, cut_label(mark.text, kLongestLabel));
    }
    canvas.svg().close();
    if (!ruled) return;
    // What is said at length.
    HtmlWriter& beside = world_.svg();
    beside.open("g", {{"class", type}});
    world_.line("rule", x + 8, y, columns_.width(), y);
    const int room = (columns_.width() - x - 14) / kBoldLetterWidth;
    world_.words("l ph", x + 14, y - 5, cut_label(mark.detail, static_cast<std::size_t>(room)),
                 follows(columns_.width()));
    beside.close();
  }

  const SequenceDiagram& diagram_;
  const DiagramOptions& options_;
  Columns columns_;
  bool race_;
  DiagramRows rows_;
  Canvas side_;
  Canvas world_;
};

}  // namespace

std::string diagram_svg(const SequenceDiagram& diagram, const DiagramOptions& options) {
  constexpr std::size_t kFew = 16;
  std::size_t most = 600;
  for (;;) {
    std::string drawn = Drawing(diagram, options, most).draw();
    if (options.rows != nullptr || drawn.size() <= options.most_octets || most <= kFew) {
      return drawn;
    }
    const std::size_t things = std::min(most, diagram.messages.size() + diagram.marks.size());
    most = std::max(kFew, things * options.most_octets / drawn.size() * 9 / 10);
  }
}

}  // namespace provlab::lab
