#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>

#include "sim/lab/report/reports.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

// A run's place: its row is the folder of its file, its column the file, and the variant if any.
struct Place {
  std::string row;
  std::string column;
};

Place place_of(const RunReport& run) {
  const std::filesystem::path file(run.file);
  std::string column = file.stem().string();
  if (!run.variant.empty()) column += ":" + run.variant;
  return {visible(file.parent_path().filename().string()), visible(column)};
}

std::string cell_of(const RunReport& run) {
  switch (run.verdict.outcome) {
    case Outcome::passed:
      return fmt::format("ok {:.1f} s", std::chrono::duration<double>(run.wall_time).count());
    case Outcome::left_out:
      return "left out";
    default:
      return std::string(to_string(run.verdict.outcome));
  }
}

constexpr std::size_t kMostReasons = 20;

}  // namespace

std::string left_out_text(const SuiteReport& suite, std::size_t most) {
  std::map<std::string, std::size_t> reasons;
  for (const RunReport& run : suite.runs) {
    if (run.verdict.outcome == Outcome::left_out) ++reasons[run.verdict.reason];
  }
  std::vector<std::pair<std::string, std::size_t>> sorted(reasons.begin(), reasons.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const auto& each) { return each.second; });
  std::string text;
  std::size_t others = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i < most) {
      text += shown("{} left out: {}\n", sorted[i].second, sorted[i].first);
    } else {
      others += sorted[i].second;
    }
  }
  if (others > 0) {
    text += fmt::format("{} left out for {} other {}\n", others, sorted.size() - most,
                        sorted.size() - most == 1 ? "reason" : "reasons");
  }
  return text;
}

std::string table_of(const SuiteReport& suite) {
  std::vector<std::string> rows, columns;
  std::map<std::pair<std::string, std::string>, std::string> cells;
  const auto note = [](std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  for (const RunReport& run : suite.runs) {
    const Place place = place_of(run);
    note(rows, place.row);
    note(columns, place.column);
    cells[{place.row, place.column}] = cell_of(run);
  }
  std::size_t first = 0;
  for (const std::string& row : rows) first = std::max(first, row.size());
  std::map<std::string, std::size_t> widths;
  for (const std::string& column : columns) {
    std::size_t& width = widths[column];
    width = column.size();
    for (const std::string& row : rows) width = std::max(width, cells[{row, column}].size());
  }
  std::string text;
  const auto line = [&](const std::string& title, auto&& cell) {
    std::string words = fmt::format("{:<{}}", title, first);
    for (const std::string& column : columns) {
      words += fmt::format("  {:<{}}", cell(column), widths[column]);
    }
    text += words.substr(0, words.find_last_not_of(' ') + 1) + "\n";
  };
  line("", [](const std::string& column) { return column; });
  for (const std::string& row : rows) {
    line(row, [&](const std::string& column) {
      const std::string& cell = cells[{row, column}];
      return cell.empty() ? std::string("-") : cell;
    });
  }
  return text + left_out_text(suite, kMostReasons);
}

}  // namespace provlab::lab
