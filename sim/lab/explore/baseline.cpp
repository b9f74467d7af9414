#include "sim/lab/explore/baseline.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "sim/lab/machine/input_file.hpp"
#include "sim/text/parse.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

Expected<Baseline> read_baseline(const std::string& file) {
  const auto content = read_file(file, kMostScenarioOctets);
  if (!content) return fail(content.error().text + " (--update writes a baseline)", file);
  std::istringstream stream(*content);
  Baseline baseline;
  std::string* when = nullptr;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::string_view text = line;
    if (text.starts_with("window ")) {
      const auto window = parse_duration(text.substr(7));
      if (!window) return fail(window.error().text, fmt::format("{}:{}", file, number));
      baseline.delivery.window = *window;
    } else if (text.starts_with("faults ") || text.starts_with("losses ")) {
      baseline.delivery.doubles = text.starts_with("faults ");
      const auto [end, error] =
          std::from_chars(text.data() + 7, text.data() + text.size(), baseline.delivery.faults);
      if (error != std::errc() || end != text.data() + text.size()) {
        return fail("faults is followed by a number", fmt::format("{}:{}", file, number));
      }
    } else if (text == "answers of the race") {
      baseline.racers_only = true;
    } else if (text.starts_with("winner ")) {
      when = &baseline.classes[line];
    } else if (text.starts_with("  when ") && when != nullptr) {
      *when = text.substr(7);
    } else {
      return fail("this is no line of a baseline; remove the file to have --update write it anew",
                  fmt::format("{}:{}", file, number));
    }
  }
  return baseline;
}

OutcomeClasses outcome_names(const Exploration& found) {
  OutcomeClasses classes;
  for (const OutcomeRow& row : found.outcomes) classes[visible(row.outcome.to_string())] = {};
  return classes;
}

}  // namespace provlab::lab
