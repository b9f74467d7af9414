#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/platform/text.hpp"
#include "sim/lab/language/specification.hpp"

/// One walk over the lines. Each belongs to the head (up to the first section), to the introduction
/// of a section (up to its first rule), or to the rule whose heading stands above it. What belongs
/// together is taken apart when the next heading, or the end, has come: quoted paragraphs, marks of
/// sources, and the single faults of section 9.

namespace provlab::lab {

namespace {

constexpr std::string_view kNotYet = "Not yet: ";
constexpr std::string_view kBeyondRuns = "Beyond runs: ";
constexpr std::string_view kWhole = "all of it";
constexpr std::string_view kFaults = "9";
constexpr std::string_view kInvariants = "10";

std::optional<unsigned> number_of(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('0')) {
    return std::nullopt;
  }
  return number;
}

/// Whether it is `S`, `V`, `W`, `P`, `D`, or `R` with the number of an RFC and perhaps a section.
bool is_mark(std::string_view mark) {
  if (mark.size() == 1) return std::string_view("SVWPD").contains(mark);
  if (!mark.starts_with("R ")) return false;
  mark.remove_prefix(2);
  const std::size_t blank = mark.find(' ');
  if (!number_of(mark.substr(0, blank))) return false;
  if (blank == mark.npos) return true;
  const std::string_view section = mark.substr(blank + 1);
  return !section.empty() && section.find_first_not_of("0123456789.") == section.npos &&
         section.front() != '.' && section.back() != '.';
}

/// A text's marks of sources, `[S, R 2131 3.7; a note]`. Brackets within backquotes are none.
Expected<std::vector<std::string>> marks_in(std::string_view text) {
  std::vector<std::string> marks;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '`') quoted = !quoted;
    if (quoted || text[at] != '[') continue;
    const std::size_t end = text.find(']', at);
    if (end == text.npos) return fail("a '[' without its ']'");
    std::string_view inside = text.substr(at + 1, end - at - 1);
    inside = inside.substr(0, inside.find(';'));
    while (!inside.empty()) {
      const std::size_t comma = inside.find(',');
      const std::string mark(trimmed(inside.substr(0, comma)));
      if (!is_mark(mark)) return fail(fmt::format("'{}' is no mark of a source", mark));
      if (std::ranges::find(marks, mark) == marks.end()) marks.push_back(mark);
      inside = comma == inside.npos ? std::string_view() : inside.substr(comma + 1);
    }
    at = end;
  }
  if (quoted) return fail("a backquote without its other one");
  return marks;
}

/// A heading's number, and what follows its blank.
std::pair<std::string_view, std::string_view> split(std::string_view heading) {
  const std::size_t blank = heading.find(' ');
  if (blank == heading.npos) return {heading, {}};
  return {heading.substr(0, blank), heading.substr(blank + 1)};
}

class SpecificationReader {
 public:
  Expected<Specification> read(std::string_view text) {
    for (; !text.empty(); ++line_) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      Expected<void> taken;
      if (line.starts_with("## ")) {
        taken = begin_section(line.substr(3));
      } else if (line.starts_with("### ")) {
        taken = begin_rule(line.substr(4));
      } else if (line.starts_with("##")) {
        taken = fail("no heading of a section or rule");
      } else {
        body_.push_back(line);
      }
      if (!taken) return std::unexpected(at_line(taken.error()));
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    if (const auto ended = end_section(); !ended) return std::unexpected(at_line(ended.error()));
    if (specification_.sections.empty()) return fail("there is no section");
    return std::move(specification_);
  }

 private:
  Error at_line(Error error) const {
    if (error.where.empty()) error.where = fmt::format("line {}", line_);
    return error;
  }

  Expected<void> begin_section(std::string_view heading) {
    auto& sections = specification_.sections;
    if (const auto ended = end_section(); !ended) return ended;
    const std::string expected = std::to_string(sections.size() + 1);
    const auto [number, name] = split(heading);
    if (number != expected || name.empty()) {
      return fail(fmt::format("a section that begins here begins with '## {} NAME'", expected));
    }
    sections.push_back({expected, std::string(name)});
    rules_of_section_ = 0;
    return {};
  }

  Expected<void> end_section() {
    if (const auto ended = end_part(); !ended) return ended;
    if (!specification_.sections.empty() && rules_of_section_ == 0) {
      return fail("the section above has no rule");
    }
    return {};
  }

  Expected<void> begin_rule(std::string_view heading) {
    if (const auto ended = end_part(); !ended) return ended;
    if (specification_.sections.empty()) return fail("a rule stands before all sections");
    const std::string& section = specification_.sections.back().number;
    ++rules_of_section_;
    std::string expected = fmt::format("{}.{}", section, rules_of_section_);
    if (section == kFaults) expected = kFaults;
    if (section == kInvariants) expected = fmt::format("I{}", rules_of_section_);
    const auto [number, title] = split(heading);
    if (number != expected || title.empty() || title.ends_with('.')) {
      return fail(
          fmt::format("a rule that begins here begins with '### {} TITLE', and its title "
                      "has no full stop",
                      expected));
    }
    if (section == kFaults && rules_of_section_ > 1) return fail("section 9 has one rule");
    rule_ = SpecRule{.number = expected, .title = std::string(title)};
    return {};
  }

  /// What stands between two headings: the head, the introduction of a section, or a rule. An error
  /// in it is placed at its heading.
  Expected<void> end_part() {
    const unsigned begin = std::exchange(part_begin_, line_);
    auto ended = take_part();
    if (!ended) ended.error().where = fmt::format("line {}", begin);
    return ended;
  }

  Expected<void> take_part() {
    const std::vector<std::string_view> body = std::exchange(body_, {});
    if (specification_.sections.empty()) return {};
    auto rule = std::exchange(rule_, std::nullopt);
    std::string text;
    std::vector<std::string> quotes;
    bool quoted = false;
    for (const std::string_view line : body) {
      const bool continued = std::exchange(quoted, line.starts_with('>'));
      if (!quoted) {
        // A quoted paragraph leaves no gap of two empty lines.
        if (!line.empty() || !text.ends_with("\n\n")) text.append(line).append("\n");
      } else if (!line.starts_with("> ")) {
        return fail("a line of a quoted paragraph has no blank behind its '>'");
      } else if (continued) {
        quotes.back().append(line.substr(1));
      } else {
        quotes.emplace_back(line.substr(2));
      }
    }
    text = trimmed(text);
    auto marks = marks_in(text);
    if (!marks) return std::unexpected(marks.error());
    if (!rule) {
      if (!quotes.empty()) return fail("a quoted paragraph stands outside all rules");
      marks_of_section_ = std::move(*marks);
      return {};
    }
    rule->text = text;
    rule->sources = marks->empty() ? marks_of_section_ : std::move(*marks);
    return add(std::move(*rule), quotes);
  }

  Expected<void> add(SpecRule rule, const std::vector<std::string>& quotes) {
    const auto about = [&](std::string_view what) {
      return fail(fmt::format("rule {}: {}", rule.number, what));
    };
    if (rule.text.empty()) return about("there is no text");
    if (rule.sources.empty()) return about("there is no mark of a source");
    for (const std::string_view quote : quotes) {
      if (quote.starts_with(kNotYet)) {
        const std::string_view text = quote.substr(kNotYet.size());
        rule.not_yet.push_back({std::string(text), text.starts_with(kWhole)});
      } else if (quote.starts_with(kBeyondRuns) && quote.ends_with(')') && quote.contains(" (")) {
        const std::size_t bracket = quote.find(" (");
        const std::string_view part =
            quote.substr(kBeyondRuns.size(), bracket - kBeyondRuns.size());
        rule.beyond_runs.push_back(
            {std::string(part), std::string(quote.substr(bracket + 2, quote.size() - bracket - 3)),
             part == kWhole});
      } else {
        return about(
            "a quoted paragraph is neither 'Not yet: ...' nor 'Beyond runs: PART (REASON)'");
      }
    }
    specification_.rules.push_back(rule);
    return rule.number == kFaults ? add_faults(rule) : Expected<void>();
  }

  /// The items `- 9.WORD TITLE. TEXT` of the rule about faults, each with its indented lines.
  Expected<void> add_faults(const SpecRule& rule) {
    std::vector<std::string> items;
    bool in_item = false;
    for (std::string_view rest = rule.text; !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      if (in_item && line.starts_with("  ")) {
        items.back().append(line.substr(1));
      } else if ((in_item = line.starts_with("- "))) {
        items.emplace_back(line.substr(2));
      }
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    }
    for (const std::string_view item : items) {
      const auto [number, sentences] = split(item);
      const std::size_t stop = sentences.find(". ");
      if (!number.starts_with("9.") || stop == sentences.npos || specification_.find(number)) {
        return fail(fmt::format("'{}': a fault is '- 9.WORD TITLE. TEXT', each WORD once", item));
      }
      specification_.rules.push_back({.number = std::string(number),
                                      .title = std::string(sentences.substr(0, stop)),
                                      .text = std::string(sentences.substr(stop + 2)),
                                      .sources = rule.sources});
    }
    return {};
  }

  Specification specification_;
  std::optional<SpecRule> rule_;        ///< the one whose heading came last
  std::vector<std::string_view> body_;  ///< the lines since the last heading
  std::vector<std::string> marks_of_section_;
  unsigned rules_of_section_ = 0;
  unsigned line_ = 1;
  unsigned part_begin_ = 1;  ///< the line of the last heading
};

}  // namespace

Expected<Specification> read_specification(std::string_view text) {
  return SpecificationReader().read(text);
}

}  // namespace provlab::lab
