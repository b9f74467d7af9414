#include "sim/lab/editing/diagnostics.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

/// What a complaint quotes of its line, the best first: `name="value"` at its beginning, words in
/// single quotes, and `<name` of elements.
std::vector<std::string_view> quotes_of(std::string_view text) {
  std::vector<std::string_view> quotes;
  if (const std::size_t open = text.find("=\""); open < text.find_first_of(" <'")) {
    const std::size_t close = text.find('"', open + 2);
    if (close != text.npos) quotes.push_back(text.substr(0, close + 1));
  }
  for (std::size_t at = text.find('\''); at != text.npos; at = text.find('\'', at + 1)) {
    const std::size_t end = text.find('\'', at + 1);
    if (end == text.npos) break;
    if (end > at + 1) quotes.push_back(text.substr(at + 1, end - at - 1));
    at = end;
  }
  for (std::size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find_first_of(" />=", at + 1);
    if (end != text.npos && end > at + 1) quotes.push_back(text.substr(at, end - at));
  }
  return quotes;
}

bool is_part_of_word(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

/// Where `quote` stands in the line as a word of its own; npos where it does not.
std::size_t find_quote(std::string_view line, std::string_view quote) {
  for (std::size_t at = line.find(quote); at != line.npos; at = line.find(quote, at + 1)) {
    const std::size_t end = at + quote.size();
    const bool begins =
        at == 0 || !is_part_of_word(line[at - 1]) || !is_part_of_word(quote.front());
    const bool ends =
        end == line.size() || !is_part_of_word(line[end]) || !is_part_of_word(quote.back());
    if (begins && ends) return at;
  }
  return line.npos;
}

LooseDocument::Span range_of(const Complaint& complaint, const TextPositions& positions) {
  const std::size_t last = positions.lines() - 1;
  const auto number =
      complaint.line < 1 ? 0 : std::min(static_cast<std::size_t>(complaint.line) - 1, last);
  const std::string_view line = positions.line(number);
  const std::size_t begin = positions.begin_of_line(number);
  for (const std::string_view quote : quotes_of(complaint.text)) {
    const std::size_t found = find_quote(line, quote);
    if (found != line.npos) return {begin + found, begin + found + quote.size()};
  }
  const std::string_view written = trimmed(line);
  const auto indent = static_cast<std::size_t>(written.data() - line.data());
  return {begin + indent, begin + indent + written.size()};
}

}  // namespace

std::vector<Diagnostic> diagnostics_of(OpenScenario& scenario, const TextPositions& positions) {
  std::vector<Diagnostic> diagnostics;
  for (Complaint& complaint : scenario.judge()) {
    Diagnostic diagnostic{range_of(complaint, positions), std::move(complaint.text), {}, {}};
    if (complaint.file != scenario.file()) {
      const auto files = scenario.files();
      const auto named = std::ranges::find(files, complaint.file, &OpenScenario::NamedFile::path);
      diagnostic.range = named == files.end() ? LooseDocument::Span{} : named->value;
      diagnostic.other_file = std::move(complaint.file);
      diagnostic.other.line = complaint.line < 1 ? 0 : static_cast<std::size_t>(complaint.line) - 1;
      diagnostic.other.character =
          complaint.column < 1 ? 0 : static_cast<std::size_t>(complaint.column) - 1;
    }
    diagnostics.push_back(std::move(diagnostic));
  }
  return diagnostics;
}

}  // namespace provlab::lab
