#include "sim/lab/language/rule_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"

/// The specification is Markdown of a plain kind: paragraphs, lists of one level, tables. Here each
/// becomes wrapped lines. A table becomes columns, of which the last is wrapped; where the others
/// leave it no room, each cell gets lines of its own.

namespace provlab::lab {

namespace {

/// Columns at the terminal: UTF-8 characters, none of which is wide here.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return lines;
}

/// How long the beginning `- ` or `12. ` of a list item is; 0 where the line begins none.
std::size_t item_mark(std::string_view line) {
  if (line.starts_with("- ")) return 2;
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != line.npos && line.substr(digits).starts_with(". ") ? digits + 2
                                                                                     : 0;
}

using Row = std::vector<std::string_view>;

/// `| a | b |` as its cells.
Row cells_of(std::string_view line) {
  Row cells;
  for (line = trimmed(line, "|");;) {
    const std::size_t bar = line.find('|');
    cells.push_back(trimmed(line.substr(0, bar)));
    if (bar == line.npos) return cells;
    line.remove_prefix(bar + 1);
  }
}

void add_table(std::string& out, const std::vector<std::string_view>& lines) {
  std::vector<Row> rows;
  std::vector<std::size_t> widths;
  for (const std::string_view line : lines) {
    if (line.starts_with("| ---")) continue;
    const Row& row = rows.emplace_back(cells_of(line));
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::size_t left = 2;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) left += widths[i] + 2;
  for (const Row& row : rows) {
    std::string first = "  ";
    std::string indent(left, ' ');
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      if (left > kTerminalWidth * 2 / 3) {
        add_wrapped(out, row[i], first, "    ");
        first = indent = "    ";
      } else {
        first.append(row[i]).append(widths[i] + 2 - columns_of(row[i]), ' ');
      }
    }
    add_wrapped(out, row.back(), first, indent);
  }
}

}  // namespace

void add_wrapped(std::string& out, std::string_view words, std::string_view first,
                 std::string_view indent) {
  std::string line(first);
  bool empty = true;
  for (words = trimmed(words); !words.empty(); words = trimmed(words)) {
    const std::string_view word = words.substr(0, words.find_first_of(kWhiteSpace));
    words.remove_prefix(word.size());
    if (!empty && columns_of(line) + 1 + columns_of(word) > kTerminalWidth) {
      out += line + '\n';
      line = indent;
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
  }
  out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
}

std::string rule_text(const SpecRule& rule) {
  std::string out = fmt::format("{}  {}\n\n", rule.number, rule.title);
  const auto lines = lines_of(rule.text);
  for (std::size_t i = 0; i < lines.size();) {
    if (lines[i].empty()) {
      out += '\n';
      ++i;
      continue;
    }
    // What belongs together: the rows of a table, or the lines of a paragraph or an item.
    const bool table = lines[i].starts_with('|');
    std::size_t end = i + 1;
    while (end < lines.size() && !lines[end].empty() && table == lines[end].starts_with('|') &&
           (table || item_mark(lines[end]) == 0)) {
      ++end;
    }
    const std::vector<std::string_view> block(lines.begin() + static_cast<std::ptrdiff_t>(i),
                                              lines.begin() + static_cast<std::ptrdiff_t>(end));
    if (table) {
      add_table(out, block);
    } else {
      const std::size_t mark = item_mark(lines[i]);
      std::string words(block.front().substr(mark));
      for (std::size_t j = 1; j < block.size(); ++j) words.append(" ").append(block[j]);
      add_wrapped(out, words, "  " + std::string(block.front().substr(0, mark)),
                  std::string(2 + mark, ' '));
    }
    i = end;
  }
  for (const NotYet& part : rule.not_yet) {
    out += '\n';
    add_wrapped(out, "Not yet: " + part.text, "  > ", "  > ");
  }
  for (const BeyondRuns& part : rule.beyond_runs) {
    out += '\n';
    add_wrapped(out, fmt::format("Beyond runs: {} ({})", part.part, part.reason), "  > ", "  > ");
  }
  return out;
}

}  // namespace provlab::lab
