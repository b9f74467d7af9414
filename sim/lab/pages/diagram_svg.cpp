// A diagram is drawn in rows. collect() makes a point of each sending, arrival and mark, in the
// order of events, up to a limit. arrange() gives each point its height: a row each, a little more
// where time has passed, and a strip that says so where half a second and more has. Then lifelines,
// strips, times, messages and marks are drawn from those heights. Columns knows what stands where
// from left to right, for the heading too, which is a drawing of its own.
#include "sim/lab/pages/diagram_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/platform/html_writer.hpp"
#include "sim/lab/pages/seconds_text.hpp"

namespace provlab::lab {

namespace {

// In pixels.
constexpr int kTimeWidth = 92;
constexpr int kNotesWidth = 250;
constexpr int kFirst = kTimeWidth + kNotesWidth;
constexpr int kRightMargin = 200;
constexpr int kComfortable = 1330;  ///< diagrams of few hosts stay within this width
constexpr int kRow = 22;
constexpr int kArrivalRow = 11;
constexpr int kSilenceRow = 46;
constexpr int kHeadingHeight = 46;
constexpr std::size_t kLongestLabel = 58;
constexpr std::size_t kLongestNote = 38;
constexpr Duration kSilence = std::chrono::milliseconds(500);

/// Where things stand from left to right.
class Columns {
 public:
  explicit Columns(const SequenceDiagram& diagram)
      : gaps_(std::max<int>(static_cast<int>(diagram.lifelines.size()) - 1, 1)),
        spacing_(std::clamp((kComfortable - kFirst - kRightMargin) / gaps_, 180, 280)) {}

  int of(std::size_t lifeline) const { return kFirst + static_cast<int>(lifeline) * spacing_; }
  int spacing() const { return spacing_; }
  int width() const { return kFirst + gaps_ * spacing_ + kRightMargin; }

 private:
  int gaps_;
  int spacing_;
};

/// The text, cut where a character ends.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

/// A row: something leaves, arrives or happens.
struct Point {
  enum class What { sending, arriving, mark };
  EventNumber event;
  Duration at;
  What what;
  std::size_t index;  ///< of the message or mark
  int y = 0;
};

class Drawing {
 public:
  Drawing(const SequenceDiagram& diagram, const DiagramOptions& options)
      : diagram_(diagram),
        options_(options),
        columns_(diagram),
        race_(diagram.answers_in_order().size() > 1) {}

  std::string draw() {
    collect();
    arrange();
    const std::string size = std::to_string(height_);
    svg_.open("svg",
              {{"xmlns", "http://www.w3.org/2000/svg"},
               {"class", "seq"},
               {"width", std::to_string(columns_.width())},
               {"height", size},
               {"viewBox", fmt::format("0 0 {} {}", columns_.width(), size)},
               {"role", "group"},
               {"aria-label", "Sequence diagram; the table of events says the same in words"}});
    for (std::size_t i = 0; i < diagram_.lifelines.size(); ++i) {
      line("life", columns_.of(i), 0, columns_.of(i), height_);
    }
    for (const auto& [y, length] : silences_) draw_silence(y, length);
    draw_times();
    for (const Point& point : points_) {
      if (point.what == Point::What::sending) draw(diagram_.messages[point.index], point);
      if (point.what == Point::What::mark) draw(diagram_.marks[point.index], point.y);
    }
    svg_.close();
    return svg_.take();
  }

 private:
  void collect() {
    for (std::size_t i = 0; i < diagram_.messages.size(); ++i) {
      const Message& message = diagram_.messages[i];
      if (message.transport && !options_.transport) continue;
      points_.push_back({message.sent_event, message.sent, Point::What::sending, i});
      if (message.received_event != 0) {
        points_.push_back({message.received_event, message.ended, Point::What::arriving, i});
      }
    }
    for (std::size_t i = 0; i < diagram_.marks.size(); ++i) {
      points_.push_back({diagram_.marks[i].event, diagram_.marks[i].at, Point::What::mark, i});
    }
    // Of one event, arrivals come before the marks that they lead to.
    std::ranges::stable_sort(points_, {}, [](const Point& point) { return point.event; });
    if (points_.size() > options_.most_points) points_.resize(options_.most_points);
  }

  void arrange() {
    int y = 8;
    ends_.assign(diagram_.messages.size(), -1);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      Point& point = points_[i];
      const Duration gap = i == 0 ? Duration::zero() : point.at - points_[i - 1].at;
      if (gap >= kSilence) {
        silences_.emplace_back(y + kSilenceRow / 2 + 4, gap);
        y += kSilenceRow;
      } else if (gap > Duration::zero()) {
        const double milliseconds = std::chrono::duration<double, std::milli>(gap).count();
        y += std::clamp(static_cast<int>(4 * std::log2(1 + milliseconds)), 2, 26);
      }
      const bool arriving = point.what == Point::What::arriving;
      const bool told = arriving && diagram_.messages[point.index].part != Message::Part::plain;
      y += arriving && !told ? kArrivalRow : kRow;
      point.y = y;
      if (arriving) ends_[point.index] = y;
    }
    height_ = y + 24;
  }

  void line(std::string_view type, int x1, int y1, int x2, int y2) {
    svg_.empty("line", {{"class", type},
                        {"x1", std::to_string(x1)},
                        {"y1", std::to_string(y1)},
                        {"x2", std::to_string(x2)},
                        {"y2", std::to_string(y2)}});
  }
  void words(std::string_view type, int x, int y, std::string_view text) {
    svg_.element("text", text,
                 {{"class", type}, {"x", std::to_string(x)}, {"y", std::to_string(y)}});
  }
  void cross(int x, int y) {
    svg_.empty("path",
               {{"class", "x"}, {"d", fmt::format("M{} {}l10 10m0 -10l-10 10", x - 5, y - 5)}});
  }
  void head(int x, int y, bool rightwards) {
    const int back = rightwards ? -9 : 9;
    svg_.empty("path", {{"class", "h"}, {"d", fmt::format("M{} {}l{} -4v8z", x, y, back)}});
  }

  void draw_silence(int y, Duration length) {
    svg_.empty("rect", {{"class", "silence"},
                        {"x", "0"},
                        {"y", std::to_string(y - 11)},
                        {"width", std::to_string(columns_.width())},
                        {"height", "22"}});
    words("quiet", kTimeWidth + 12, y + 4,
          fmt::format("⋮ {} without anything to show, cut short", seconds_text(length)));
  }

  void draw_times() {
    std::optional<Duration> last;
    int last_y = -kRow;
    for (const Point& point : points_) {
      if ((last && *last == point.at) || point.y - last_y < 13) continue;
      words("t", kTimeWidth - 10, point.y + 4, seconds_text(point.at));
      last = point.at;
      last_y = point.y;
    }
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
      case Message::Part::plain:
        break;
    }
    if (message.transport) return "m tcp";
    return message.again ? "m again" : "m";
  }

  static std::string label_of(const Message& message) {
    std::string text = shortened(message.label, kLongestLabel);
    if (message.segments > 1) text += fmt::format(" ({} segments)", message.segments);
    if (message.again && text.find("(attempt") == text.npos) text += " (again)";
    return text;
  }

  std::string story_of(const Message& message) const {
    const std::string to = message.to ? diagram_.lifelines[*message.to].host : "nobody";
    std::string text =
        fmt::format("{} from {} to {}, sent at {}", message.label,
                    diagram_.lifelines[message.from].host, to, seconds_text(message.sent));
    if (message.received_event != 0) text += ", arrived at " + seconds_text(message.ended);
    if (!message.lost.empty()) text += "; lost: " + message.lost;
    if (message.part == Message::Part::winner) text += "; this answer won";
    if (message.part == Message::Part::late) text += "; late: another source had won";
    if (message.again) text += "; not for the first time";
    return text;
  }

  void draw(const Message& message, const Point& point) {
    const int from = columns_.of(message.from);
    const int target = message.to ? columns_.of(*message.to) : from + columns_.spacing() / 2;
    const bool rightwards = target >= from;
    int end_x = target;
    int end_y = ends_[point.index];
    if (end_y < 0) {  // it does not arrive, or behind what is drawn
      end_x = from + (target - from) * 3 / 5;
      end_y = point.y + kArrivalRow;
    }
    svg_.open("a",
              {{"class", class_of(message)}, {"href", fmt::format("#e{}", message.sent_event)}});
    svg_.element("title", story_of(message));
    line("hit", from, point.y, end_x, end_y);
    line("s", from, point.y, end_x, end_y);
    if (message.lost.empty()) {
      head(end_x, end_y, rightwards);
    } else {
      cross(end_x, end_y);
    }
    const int side = rightwards ? 10 : -10;
    words(rightwards ? "l" : "l r", from + side, point.y - 5, label_of(message));
    if (!message.lost.empty()) {
      words(rightwards ? "why" : "why r", end_x + side, end_y + 4,
            shortened(message.lost, kLongestLabel));
    } else if (message.part == Message::Part::winner) {
      tag(end_x, end_y, rightwards, race_ ? "★ first: wins" : "★ its URL is used");
    } else if (message.part == Message::Part::late) {
      tag(end_x, end_y, rightwards, "late: ignored");
    }
    svg_.close();
  }

  /// A word at an arrow's head, on the far side of the lifeline.
  void tag(int x, int y, bool rightwards, std::string_view text) {
    words(rightwards ? "tag" : "tag r", x + (rightwards ? 10 : -10), y + 4, text);
  }

  void draw(const Mark& mark, int y) {
    static constexpr std::string_view kClasses[] = {"k",     "k run", "k race",
                                                    "k win", "k bad", "k fail"};
    const int x = columns_.of(mark.lifeline);
    svg_.open("a", {{"class", kClasses[static_cast<std::size_t>(mark.kind)]},
                    {"href", fmt::format("#e{}", mark.event)}});
    svg_.element("title", fmt::format("{}: {}", seconds_text(mark.at), mark.text));
    if (mark.kind == Mark::Kind::race || mark.kind == Mark::Kind::failure) {
      line("rule", x + 8, y, columns_.width(), y);
      words("l", x + 14, y - 5, mark.detail);
    }
    svg_.empty("circle", {{"cx", std::to_string(x)}, {"cy", std::to_string(y)}, {"r", "4.5"}});
    const bool left = mark.lifeline == 0;
    words(left ? "l r" : "l", x + (left ? -12 : 12), y + (left ? 4 : -5),
          shortened(mark.text, left ? kLongestNote : kLongestLabel));
    svg_.close();
  }

  const SequenceDiagram& diagram_;
  const DiagramOptions& options_;
  Columns columns_;
  bool race_;
  int height_ = 0;
  std::vector<Point> points_;
  std::vector<int> ends_;  ///< where messages arrive; -1: nowhere
  std::vector<std::pair<int, Duration>> silences_;
  HtmlWriter svg_;
};

}  // namespace

std::string diagram_svg(const SequenceDiagram& diagram, const DiagramOptions& options) {
  return Drawing(diagram, options).draw();
}

std::string diagram_heading(const SequenceDiagram& diagram) {
  const Columns columns(diagram);
  HtmlWriter svg;
  svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", "seq heads"},
                   {"width", std::to_string(columns.width())},
                   {"height", std::to_string(kHeadingHeight)},
                   {"aria-hidden", "true"}});
  svg.element("text", "time",
              {{"class", "t"}, {"x", std::to_string(kTimeWidth - 10)}, {"y", "28"}});
  svg.element("text", "what the phone does",
              {{"class", "l r quiet"}, {"x", std::to_string(kFirst - 72)}, {"y", "28"}});
  for (std::size_t i = 0; i < diagram.lifelines.size(); ++i) {
    const int x = columns.of(i);
    svg.empty("rect", {{"class", i == 0 ? "box phone" : "box"},
                       {"x", std::to_string(x - 62)},
                       {"y", "5"},
                       {"width", "124"},
                       {"height", "36"},
                       {"rx", "4"}});
    svg.element("text", shortened(diagram.lifelines[i].host, 18),
                {{"class", "host"}, {"x", std::to_string(x)}, {"y", "21"}});
    svg.element("text", diagram.lifelines[i].address,
                {{"class", "address"}, {"x", std::to_string(x)}, {"y", "35"}});
  }
  svg.close();
  return svg.take();
}

}  // namespace provlab::lab
