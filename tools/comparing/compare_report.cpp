#include "tools/comparing/compare_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/comparing/comparison_text.hpp"
#include "sim/lab/pages/comparison_page.hpp"
#include "sim/lab/report/json_writer.hpp"
#include "sim/text/visible.hpp"

namespace provlab::tools {

namespace {

using lab::Comparison;
using lab::SideName;
using lab::Step;

constexpr std::size_t kMostExamples = 4;
constexpr std::size_t kMostGroups = 30;

/// Runs that have changed in one way.
struct Group {
  const ComparedPair* first = nullptr;
  std::vector<std::string> titles{};
};

/// What has changed, without what differs from run to run.
std::string kind_of_change(const ComparedPair& pair) {
  std::string kind;
  for (const lab::FacetDifference& each : pair.found.outcome) kind += each.name + ' ';
  if (pair.found.parting) {
    kind += "| ";
    for (const SideName side : lab::kBothSides) {
      const lab::ComparedRun& run = side == SideName::a ? pair.a : pair.b;
      const std::size_t first = pair.found.parting->first[lab::index_of(side)];
      kind += first == Step::kNone ? "-" : std::string(run.name(first));
      kind += ' ';
    }
  } else if (!pair.found.shifts.empty()) {
    kind += "times " + std::string(pair.a.name(pair.found.shifts.front().step[0]));
  }
  return kind;
}

std::vector<Group> groups_of(const CompareReport& report) {
  std::map<std::string, Group> by_kind;
  for (const ComparedPair& pair : report.pairs) {
    if (pair.found.same()) continue;
    Group& group = by_kind[kind_of_change(pair)];
    if (group.first == nullptr) group.first = &pair;
    group.titles.push_back(pair.title);
  }
  std::vector<Group> groups;
  for (auto& [kind, group] : by_kind) groups.push_back(std::move(group));
  std::ranges::stable_sort(groups, std::greater(),
                           [](const Group& group) { return group.titles.size(); });
  return groups;
}

std::string grouped_text(const CompareReport& report) {
  std::string text = fmt::format("A  {}\nB  {}\n", report.a, report.b);
  const std::vector<Group> groups = groups_of(report);
  std::size_t differ = 0;
  for (const Group& group : groups) differ += group.titles.size();
  for (std::size_t i = 0; i < std::min(groups.size(), kMostGroups); ++i) {
    const Group& group = groups[i];
    text += fmt::format("{} {}: {}\n  {}\n", group.titles.size(),
                        group.titles.size() == 1 ? "run" : "runs",
                        lab::comparison_line(group.first->a, group.first->b, group.first->found),
                        listed_titles(group.titles));
    if (!group.first->b.repeat.empty()) {
      text += fmt::format("  look at: {}\n", group.first->b.repeat);
    }
  }
  if (groups.size() > kMostGroups) {
    text += fmt::format("and {} more ways in which runs differ\n", groups.size() - kMostGroups);
  }
  if (!report.only_a.empty()) text += fmt::format("only in A: {}\n", listed_titles(report.only_a));
  if (!report.only_b.empty()) text += fmt::format("only in B: {}\n", listed_titles(report.only_b));
  text += fmt::format("{} runs are the same, {} differ\n", report.same, differ);
  return text;
}

class JsonOfComparison {
 public:
  explicit JsonOfComparison(const ComparedPair& pair) : pair_(pair) {}

  void write(lab::JsonWriter& json) {
    const Comparison& found = pair_.found;
    json.object();
    json.member("title", pair_.title);
    json.member("a", pair_.a.title);
    json.member("b", pair_.b.title);
    json.member("same", found.same());
    json.member("only_times", found.only_times());
    outcome(json);
    if (found.parting) parting(json, *found.parting);
    json.member("same_steps", found.same_in_all);
    json.member("only_a_steps", found.alone[0].size());
    json.member("only_b_steps", found.alone[1].size());
    json.member("shifted_steps", found.shifted);
    json.seconds("furthest_seconds", found.furthest, 9);
    json.array("shifts");
    for (std::size_t i = 0; i < std::min<std::size_t>(found.shifts.size(), 100); ++i) {
      json.object();
      step(json, "a", SideName::a, found.shifts[i].step[0]);
      json.seconds("by_seconds", found.shifts[i].by, 9);
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }

 private:
  void outcome(lab::JsonWriter& json) const {
    json.array("outcome");
    for (const lab::FacetDifference& each : pair_.found.outcome) {
      json.object();
      json.member("what", each.name);
      if (each.order_only) json.member("order_only", true);
      for (const SideName side : lab::kBothSides) {
        json.array(side == SideName::a ? "a" : "b");
        for (const std::string& line : each.alone[lab::index_of(side)]) json.text(line);
        json.end_array();
      }
      json.end_object();
    }
    json.end_array();
    json.array("same_in_outcome");
    for (const std::string& name : pair_.found.same_facets) json.text(name);
    json.end_array();
  }

  void parting(lab::JsonWriter& json, const lab::Parting& parting) const {
    json.object("parting");
    json.seconds("at_seconds", parting.at, 9);
    json.member("same_before", pair_.found.same_before);
    for (const SideName side : lab::kBothSides) {
      const std::size_t first = parting.first[lab::index_of(side)];
      if (first != Step::kNone) step(json, side == SideName::a ? "a" : "b", side, first);
    }
    json.array("because");
    for (const std::string& reason : parting.because) json.text(reason);
    json.end_array();
    for (const SideName side : lab::kBothSides) {
      json.array(side == SideName::a ? "followed_a" : "followed_b");
      for (const std::size_t each : pair_.found.chain[lab::index_of(side)]) {
        step(json, {}, side, each);
      }
      json.end_array();
    }
    json.end_object();
  }

  void step(lab::JsonWriter& json, std::string_view key, SideName side, std::size_t at) const {
    const lab::ComparedRun& run = side == SideName::a ? pair_.a : pair_.b;
    if (key.empty()) {
      json.object();
    } else {
      json.object(key);
    }
    json.seconds("at_seconds", run.steps[at].at, 9);
    json.member("host", run.steps[at].host);
    json.member("words", run.words(at));
    if (!run.capture) {
      json.member("event", run.name(at));
      json.member("n", run.steps[at].event);
    }
    json.end_object();
  }

  const ComparedPair& pair_;
};

}  // namespace

std::string listed_titles(const std::vector<std::string>& titles) {
  std::string text;
  for (std::size_t i = 0; i < std::min(titles.size(), kMostExamples); ++i) {
    text += (i == 0 ? "" : ", ") + titles[i];
  }
  if (titles.size() > kMostExamples) {
    text += fmt::format(" and {} more", titles.size() - kMostExamples);
  }
  return text;
}

bool CompareReport::all_same() const {
  return only_a.empty() && only_b.empty() &&
         std::ranges::all_of(pairs, [](const ComparedPair& pair) { return pair.found.same(); });
}

std::string compare_text(const CompareReport& report) {
  const bool single = report.pairs.size() == 1 && report.same == 0 && report.only_a.empty() &&
                      report.only_b.empty();
  if (!single) return visible(grouped_text(report), Layout::lines);
  const ComparedPair& pair = report.pairs.front();
  return visible(lab::comparison_text(pair.a, pair.b, pair.found), Layout::lines);
}

std::string compare_json(const CompareReport& report) {
  lab::JsonWriter json;
  json.object();
  json.member("version", 1);
  json.member("a", report.a);
  json.member("b", report.b);
  json.member("same", report.all_same());
  json.member("same_runs", report.same);
  json.array("runs");
  for (const ComparedPair& pair : report.pairs) JsonOfComparison(pair).write(json);
  json.end_array();
  json.array("only_a");
  for (const std::string& title : report.only_a) json.text(title);
  json.end_array();
  json.array("only_b");
  for (const std::string& title : report.only_b) json.text(title);
  json.end_array();
  json.end_object();
  return json.out + "\n";
}

std::string compare_page(const ComparedPair& pair) {
  if (!pair.diagrams) return lab::comparison_page(lab::drawn(pair.a, pair.b, pair.found));
  return lab::comparison_page(
      {pair.a, pair.b, pair.found, (*pair.diagrams)[0], (*pair.diagrams)[1]});
}

}  // namespace provlab::tools
