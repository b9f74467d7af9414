// A kept plane, line by line: the axes, the resolution, the outcomes, the bands with their cells,
// and the borders that have a cause. What stands behind a '#' is for readers.
#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "core/platform/text.hpp"
#include "sim/lab/mapping/plane_text.hpp"
#include "sim/text/parse.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kBetween = " | ";

std::string axis_line(char name, const DelayAxis& axis) {
  return fmt::format("{} {}..{} {}\n", name, to_string(axis.extent.from), to_string(axis.extent.to),
                     visible(axis.answer));
}

std::string cell_line(const Cell& cell) {
  std::string line = "  " + outcome_letter(cell.outcome);
  if (cell.end) line += " to " + line_words(*cell.end, "y");
  return line + "\n";
}

std::string_view kind_word(BorderCause::Kind kind) {
  switch (kind) {
    case BorderCause::Kind::patience:
      return "patience";
    case BorderCause::Kind::answer:
      return "answer";
    case BorderCause::Kind::event:
      return "event";
  }
  return {};
}

std::string border_line(const Border& border) {
  const std::string place =
      border.line ? "x " + line_words(*border.line, "y") : "y " + to_string(border.last);
  std::string line = fmt::format("border {} {} {} to {} at {}", outcome_letter(border.before),
                                 outcome_letter(border.behind), to_string(border.along.from),
                                 to_string(border.along.to), place);
  if (border.cause) {
    const BorderCause& cause = *border.cause;
    for (const std::string& word : {std::string(kind_word(cause.kind)), to_string(cause.after),
                                    outcome_letter(cause.tie), cause.answer, cause.other}) {
      line.append(kBetween).append(visible(word));
    }
  }
  return line + "\n";
}

/// Reads word by word from the front of a line.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    return word;
  }
  bool skip(std::string_view word) { return next() == word; }
  std::string_view rest() const { return trimmed(rest_); }
  bool empty() const { return rest().empty(); }

 private:
  std::string_view rest_;
};

std::optional<Duration> time_in(std::string_view text) {
  const auto time = parse_duration(text);
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<std::size_t> outcome_in(std::string_view letter) {
  if (letter.empty() || letter[0] < 'A' || letter[0] > 'Z') return std::nullopt;
  std::size_t number = 0;
  if (letter.size() > 1) {
    const auto [end, wrong] =
        std::from_chars(letter.data() + 1, letter.data() + letter.size(), number);
    if (wrong != std::errc() || end != letter.data() + letter.size() || number > 1'000'000) {
      return std::nullopt;
    }
  }
  return number * 26 + static_cast<std::size_t>(letter[0] - 'A');
}

/// `9.9s`, `y + 38ms`, `y - 1s`, `5s - y`, up to the end of the words.
std::optional<Line> line_in(std::string_view text) {
  Words words(text);
  const std::string_view first = words.next();
  if (words.empty()) {
    const auto at = time_in(first);
    return at ? std::optional(Line{.at = *at}) : std::nullopt;
  }
  const std::string_view sign = words.next();
  const std::string_view second = words.next();
  if (!words.empty() || (sign != "+" && sign != "-")) return std::nullopt;
  if (second == "y" && sign == "-") {
    const auto at = time_in(first);
    return at ? std::optional(Line{.at = *at, .slope = -1}) : std::nullopt;
  }
  const auto at = time_in(second);
  if (first != "y" || !at) return std::nullopt;
  return Line{.at = sign == "-" ? -*at : *at, .slope = 1};
}

class PlaneReader {
 public:
  /// What is wrong with the line; empty: nothing.
  std::string take(const std::string& line) {
    Words words(line);
    const std::string_view word = words.next();
    bool read = false;
    if (line.starts_with("  ")) {
      read = take_cell(word, words);
    } else if (word == "x" || word == "y") {
      read = take_axis(word == "x", words);
    } else if (word == "resolution") {
      const auto time = time_in(words.rest());
      read = time && *time > Duration::zero();
      if (read) plane.resolution = *time;
    } else if (word == "outcome") {
      const auto number = outcome_in(words.next());
      read = number == plane.outcomes.size();
      plane.outcomes.emplace_back(words.rest());
    } else if (word == "from" || word == "about") {
      read = take_band(word == "from", words);
    } else if (word == "border") {
      read = take_border(words);
    }
    return read ? "" : "this is no line of a map";
  }

  /// What the whole lacks; empty: nothing.
  std::string missing() const {
    if (plane.x.answer.empty()) return "there is no line 'x FROM..TO ANSWER'";
    if (plane.bands.empty()) return "there is no band";
    for (const Band& band : plane.bands) {
      if (band.cells.empty() || band.cells.back().end) return "a band has no last cell";
    }
    return {};
  }

  Plane plane;

 private:
  bool known(std::optional<std::size_t> outcome) const {
    return outcome && *outcome < plane.outcomes.size();
  }

  bool take_axis(bool is_x, Words& words) {
    const std::string_view extent = words.next();
    const std::size_t dots = extent.find("..");
    if (dots == extent.npos) return false;
    const auto from = time_in(extent.substr(0, dots));
    const auto to = time_in(extent.substr(dots + 2));
    if (!from || !to || *from > *to || words.empty()) return false;
    const DelayAxis axis{.answer = std::string(words.rest()), .extent = {*from, *to}};
    if (is_x) {
      plane.x = axis;
    } else {
      plane.y = axis;
    }
    return true;
  }

  bool take_band(bool exact, Words& words) {
    const auto from = time_in(words.next());
    if (!from || !words.skip("to")) return false;
    const auto to = time_in(words.next());
    if (!to || *from > *to) return false;
    plane.bands.push_back({.y = {*from, *to}, .cells = {}, .exact = exact});
    return words.empty();
  }

  bool take_cell(std::string_view letter, Words& words) {
    const auto outcome = outcome_in(letter);
    if (!known(outcome) || plane.bands.empty()) return false;
    auto& cells = plane.bands.back().cells;
    if (!cells.empty() && !cells.back().end) return false;
    Cell cell{.outcome = *outcome, .end = {}};
    if (!words.empty()) {
      if (!words.skip("to")) return false;
      cell.end = line_in(words.rest());
      if (!cell.end) return false;
    }
    cells.push_back(cell);
    return true;
  }

  bool take_border(Words& words) {
    const auto before = outcome_in(words.next());
    const auto behind = outcome_in(words.next());
    const auto from = time_in(words.next());
    if (!words.skip("to")) return false;
    const auto to = time_in(words.next());
    if (!words.skip("at")) return false;
    const std::string_view axis = words.next();
    if (!known(before) || !known(behind) || !from || !to) return false;
    std::string_view rest = words.rest();
    const std::size_t end = std::min(rest.find(kBetween), rest.size());
    Border border{.before = *before,
                  .behind = *behind,
                  .line = {},
                  .last = {},
                  .along = {*from, *to},
                  .cause = {}};
    const auto line = line_in(rest.substr(0, end));
    if (!line || (axis != "x" && (axis != "y" || line->slope != 0))) return false;
    if (axis == "x") {
      border.line = *line;
    } else {
      border.last = line->at;
    }
    rest.remove_prefix(end);
    if (!rest.empty() && !take_cause(rest.substr(kBetween.size()), border)) return false;
    plane.borders.push_back(std::move(border));
    return true;
  }

  bool take_cause(std::string_view text, Border& border) {
    const auto next = [&text] {
      const std::size_t end = std::min(text.find(kBetween), text.size());
      const std::string_view word = text.substr(0, end);
      text.remove_prefix(std::min(end + kBetween.size(), text.size()));
      return word;
    };
    BorderCause cause;
    const std::string_view kind = next();
    const auto after = time_in(next());
    const auto tie = outcome_in(next());
    cause.answer = next();
    cause.other = text;
    for (const auto each :
         {BorderCause::Kind::patience, BorderCause::Kind::answer, BorderCause::Kind::event}) {
      if (kind_word(each) != kind || !after || !known(tie)) continue;
      cause.kind = each;
      cause.after = *after;
      cause.tie = *tie;
      border.cause = std::move(cause);
      return true;
    }
    return false;
  }
};

}  // namespace

std::string plane_file(const Plane& plane, const std::string& name) {
  std::string text = fmt::format(
      "# What {} comes to over the delays of its answers, by 'provlab map': bands of y, and in "
      "each "
      "the outcomes along x.\n"
      "# Written by --baseline with --update, compared without it.\n",
      visible(name));
  text += axis_line('x', plane.x);
  if (plane.y) text += axis_line('y', *plane.y);
  text += fmt::format("resolution {}\n", to_string(plane.resolution));
  for (std::size_t i = 0; i < plane.outcomes.size(); ++i) {
    text += fmt::format("outcome {} {}\n", outcome_letter(i), visible(plane.outcomes[i]));
  }
  for (const Band& band : plane.bands) {
    text += fmt::format("{} {} to {}\n", band.exact ? "from" : "about", to_string(band.y.from),
                        to_string(band.y.to));
    for (const Cell& cell : band.cells) text += cell_line(cell);
  }
  for (const Border& border : plane.borders) text += border_line(border);
  return text;
}

Expected<Plane> read_plane(const std::string& text, const std::string& file) {
  PlaneReader reader;
  std::istringstream stream(text);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::string wrong = reader.take(line);
    if (!wrong.empty()) {
      return fail(wrong + "; remove the file to have --update write it anew",
                  fmt::format("{}:{}", file, number));
    }
  }
  const std::string missing = reader.missing();
  if (!missing.empty()) {
    return fail(missing + "; remove the file to have --update write it anew", file);
  }
  return std::move(reader.plane);
}

}  // namespace provlab::lab
