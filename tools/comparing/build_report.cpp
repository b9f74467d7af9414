#include "tools/comparing/build_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/pages/changes_page.hpp"
#include "sim/lab/pages/comparison_page.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/lab/report/junit.hpp"
#include "sim/text/visible.hpp"

namespace provlab::tools {

namespace {

constexpr std::size_t kMostChanges = 40;
constexpr std::size_t kMostLetters = 160;

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string compared_words(const BuildReport& report) {
  std::string text = counted(report.runs, "run");
  if (report.explorations > 0) text += ", " + counted(report.explorations, "exploration");
  if (report.maps > 0) text += ", " + counted(report.maps, "map");
  const std::size_t all = report.runs + report.explorations + report.maps;
  return fmt::format("{} compared: {} the same, {} differ", text,
                     all - std::min(all, report.differ()), report.differ());
}

std::string example_lines(const BuildChange& change) {
  std::string text;
  for (const lab::SideName side : lab::kBothSides) {
    const std::string& example = change.notice.example[lab::index_of(side)];
    if (change.notice.example[0].empty() && change.notice.example[1].empty()) continue;
    text += fmt::format("    {}  {}\n", side == lab::SideName::a ? 'A' : 'B',
                        example.empty() ? "nothing" : shortened(example, kMostLetters));
  }
  return text;
}

std::string change_text(const BuildChange& change) {
  std::string text = fmt::format("{}: {}\n{}    in {}\n", change.titles.size(), change.notice.text,
                                 example_lines(change), listed_titles(change.titles));
  if (!change.look.empty()) text += fmt::format("    look at: {}\n", change.look);
  return text;
}

}  // namespace

void BuildReport::add(lab::Notice notice, const std::string& title, const std::string& look) {
  const auto [place, fresh] = by_text_.emplace(notice.text, changes_.size());
  if (fresh) changes_.push_back({.notice = std::move(notice), .titles = {}, .look = look});
  std::vector<std::string>& titles = changes_[place->second].titles;
  if (titles.empty() || titles.back() != title) titles.push_back(title);
}

std::vector<const BuildChange*> BuildReport::changes() const {
  std::vector<const BuildChange*> all;
  for (const BuildChange& change : changes_) all.push_back(&change);
  std::ranges::stable_sort(all, std::greater(),
                           [](const BuildChange* change) { return change->titles.size(); });
  return all;
}

std::string build_text(const BuildReport& report) {
  std::string text = fmt::format("A  {}\nB  {}\n", report.a, report.b);
  const auto changes = report.changes();
  for (std::size_t i = 0; i < std::min(changes.size(), kMostChanges); ++i) {
    text += change_text(*changes[i]);
  }
  if (changes.size() > kMostChanges) {
    text += fmt::format("and {} more ways in which they differ\n", changes.size() - kMostChanges);
  }
  return visible(text + compared_words(report) + "\n", Layout::lines);
}

std::string build_json(const BuildReport& report) {
  lab::JsonWriter json;
  json.object();
  json.member("kind", std::string_view("builds"));
  json.member("version", 1);
  json.member("a", report.a);
  json.member("b", report.b);
  json.member("same", report.all_same());
  json.member("runs", report.runs);
  json.member("explorations", report.explorations);
  json.member("maps", report.maps);
  json.member("differ", report.differ());
  json.seconds("wall_seconds", report.time, 6);
  json.array("changes");
  for (const BuildChange* change : report.changes()) {
    json.object();
    json.member("text", change->notice.text);
    json.member("a", change->notice.example[0]);
    json.member("b", change->notice.example[1]);
    json.member("count", change->titles.size());
    json.array("in");
    for (const std::string& title : change->titles) json.text(title);
    json.end_array();
    json.member("look", change->look);
    json.end_object();
  }
  json.end_array();
  json.array("not_compared");
  for (const std::string& note : report.notes) json.text(note);
  json.end_array();
  json.end_object();
  return json.out + "\n";
}

std::string build_junit(const BuildReport& report) {
  std::vector<lab::JUnitCase> cases;
  for (const BuildChange* change : report.changes()) {
    cases.push_back({.classname = "builds",
                     .name = visible(change->notice.text),
                     .result = lab::JUnitCase::Result::failure,
                     .message = counted(change->titles.size(), "time"),
                     .type = "change",
                     .text = visible(change_text(*change), Layout::lines)});
  }
  cases.push_back({.classname = "builds",
                   .name = "all that was compared",
                   .time = report.time,
                   .out = visible(compared_words(report) + "\n", Layout::lines)});
  return lab::junit_document("provlab compare", cases, report.time);
}

std::string build_page(const BuildReport& report) {
  lab::ChangesPage page{.a = report.a,
                        .b = report.b,
                        .summary = compared_words(report),
                        .changes = {},
                        .notes = report.notes,
                        .example = {},
                        .drawn = {}};
  if (const ComparedPair* const pair = report.example.get()) {
    page.example = pair->title;
    page.drawn = lab::comparison_part(lab::drawn(pair->a, pair->b, pair->found));
  }
  for (const BuildChange* change : report.changes()) {
    page.changes.push_back({.notice = change->notice,
                            .where = listed_titles(change->titles),
                            .look = change->look,
                            .count = change->titles.size()});
  }
  return lab::changes_page(page);
}

}  // namespace provlab::tools
