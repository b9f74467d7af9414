#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "core/platform/html_writer.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/pages/seconds_text.hpp"

namespace provlab::lab {

namespace {

std::string_view index_folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : std::string_view(file).substr(0, slash);
}

class IndexPage {
 public:
  explicit IndexPage(const SuiteReport& suite) : suite_(suite) {}

  std::string make() {
    header();
    filters();
    html_.open("main", {{"id", "main"}});
    complaints();
    problems();
    folders();
    html_.element("p", "Nothing fits the search.", {{"id", "none"}, {"hidden", "hidden"}});
    html_.close();
    return framed_page("provlab: " + summary(), html_.take());
  }

 private:
  std::size_t not_passed() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        suite_.runs, [](const RunReport& run) { return !is_good(run.verdict.outcome); }));
  }

  std::string summary() const {
    std::string text = fmt::format("{} passed", suite_.count(Outcome::passed));
    for (const Outcome each : std::span(kOutcomes).subspan(1)) {
      if (suite_.count(each) > 0)
        text += fmt::format(", {} {}", suite_.count(each), to_string(each));
    }
    return text;
  }

  void tile(std::string_view type, std::size_t count, std::string_view what) {
    html_.open("li", {{"class", count == 0 ? "tile zero" : type}});
    html_.element("b", std::to_string(count));
    html_.text(" ");
    html_.element("span", what);
    html_.close();
  }

  void header() {
    html_.open("header", {{"class", "top"}});
    html_.element("p", "provlab", {{"class", "crumbs"}});
    html_.element("h1", suite_.exit_code() == 0 ? "Everything passed" : "Not everything passed");
    html_.open("ul", {{"class", "tiles"}, {"aria-label", "Counts"}});
    tile("tile failed", suite_.count(Outcome::failed), "failed");
    tile("tile broken", suite_.count(Outcome::broken), "broken");
    tile("tile invalid", suite_.count(Outcome::invalid), "invalid");
    tile("tile invalid", suite_.complaints.size(), "complaints about files");
    const auto rare = [this](Outcome outcome, std::string_view type, std::string_view what) {
      if (suite_.count(outcome) > 0) tile(type, suite_.count(outcome), what);
    };
    rare(Outcome::too_slow, "tile broken", "too slow a machine");
    rare(Outcome::left_out, "tile", "left out");
    tile("tile passed", suite_.count(Outcome::passed), "passed");
    html_.close();
    std::string where =
        fmt::format("{} {} of {} {}", suite_.runs.size(), suite_.runs.size() == 1 ? "run" : "runs",
                    suite_.files, suite_.files == 1 ? "scenario file" : "scenario files");
    if (suite_.shard.count > 1) {
      where += fmt::format("; this is shard {} of a suite of {} runs", suite_.shard.to_string(),
                           suite_.total);
    }
    where += fmt::format("; {:.2f} s wall time on {} {}",
                         std::chrono::duration<double>(suite_.wall_time).count(), suite_.jobs,
                         suite_.jobs == 1 ? "thread" : "threads");
    html_.element("p", where, {{"class", "quiet"}});
    html_.close();
  }

  void choice(std::string_view id, std::string_view label, bool first) {
    html_.empty("input", {{"type", "radio"},
                          {"name", "outcome"},
                          {"class", "filter"},
                          {"id", id},
                          {"checked", first ? std::string_view("checked") : std::string_view()}});
    html_.element("label", label, {{"for", id}});
  }

  /// Choosing by outcome works by style sheet alone; searching takes the script.
  void filters() {
    choice("f-all", "All", true);
    choice("f-bad", fmt::format("Not passed ({})", not_passed()), false);
    choice("f-passed", fmt::format("Passed ({})", suite_.count(Outcome::passed)), false);
    html_.open("p", {{"class", "search needs-script"}, {"role", "search"}});
    html_.element("label", "Search ", {{"for", "search"}});
    html_.empty("input", {{"type", "search"},
                          {"id", "search"},
                          {"placeholder", "name, variant or file  ( / )"},
                          {"autocomplete", "off"}});
    html_.element("span", "", {{"id", "found"}, {"class", "quiet"}, {"aria-live", "polite"}});
    html_.close();
  }

  void complaints() {
    if (suite_.complaints.empty()) return;
    html_.open("section", {{"aria-labelledby", "complaints"}});
    html_.element("h2", "Files that are no valid scenarios", {{"id", "complaints"}});
    html_.open("ul", {{"class", "plain"}});
    for (const Complaint& complaint : suite_.complaints) {
      html_.open("li", {{"class", "card bad"}});
      html_.element("code", complaint.line == 0
                                ? complaint.file
                                : fmt::format("{}:{}", complaint.file, complaint.line));
      html_.element("p", complaint.text);
      html_.close();
    }
    html_.close();
    html_.close();
  }

  void badge(Outcome outcome) {
    html_.element("span", to_string(outcome),
                  {{"class", "badge " + std::string(to_string(outcome))}});
  }

  void problems() {
    if (not_passed() == 0) return;
    html_.open("section", {{"aria-labelledby", "problems"}, {"class", "problems"}});
    html_.element("h2", "What did not pass", {{"id", "problems"}});
    html_.open("ul", {{"class", "plain"}});
    for (const RunReport& run : suite_.runs) {
      if (is_good(run.verdict.outcome)) continue;
      html_.open("li", {{"class", "card bad item"}, {"data-find", run.title() + " " + run.file}});
      html_.open("p", {{"class", "head"}});
      badge(run.verdict.outcome);
      html_.text(" ");
      html_.element("a", run.title(), {{"href", page_path(run)}});
      html_.text(" ");
      html_.element("code", run.file, {{"class", "quiet"}});
      html_.close();
      if (!run.verdict.reason.empty()) html_.element("p", run.verdict.reason);
      for (const Finding& finding : run.verdict.findings) {
        if (!finding.held) first_lines(finding);
      }
      html_.close();
    }
    html_.close();
    html_.close();
  }

  void first_lines(const Finding& finding) {
    html_.open("dl", {{"class", "versus"}});
    html_.element("dt", "expected");
    html_.element("dd", finding.expected);
    html_.element("dt", "actual");
    html_.element("dd", finding.actual);
    html_.close();
  }

  void folders() {
    std::map<std::string_view, std::vector<const RunReport*>> folders;
    for (const RunReport& run : suite_.runs) folders[index_folder_of(run.file)].push_back(&run);
    html_.element("h2", "All runs, by folder");
    for (const auto& [folder, runs] : folders) {
      std::size_t bad = 0;
      for (const RunReport* run : runs) bad += !is_good(run->verdict.outcome);
      html_.open("details", {{"class", bad == 0 ? "folder good" : "folder"}, {"open", "open"}});
      html_.open("summary");
      html_.element("h3", folder);
      html_.element(
          "span", bad == 0 ? good_text(runs) : fmt::format("{} of {} not passed", bad, runs.size()),
          {{"class", bad == 0 ? "quiet" : "bad-text"}});
      html_.close();
      html_.open("table", {{"class", "runs"}});
      html_.raw(
          "<thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">Run</th>"
          "<th scope=\"col\" class=\"about\">What it is about</th><th scope=\"col\" "
          "class=\"num\">Virtual time"
          "</th></tr></thead>");
      html_.open("tbody");
      // Those that did not pass stand first.
      for (const bool passed : {false, true}) {
        for (const RunReport* run : runs) {
          if (is_good(run->verdict.outcome) == passed) row(*run);
        }
      }
      html_.close();
      html_.close();
      html_.close();
    }
  }

  static std::string good_text(const std::vector<const RunReport*>& runs) {
    const auto out = std::ranges::count_if(
        runs, [](const RunReport* run) { return run->verdict.outcome == Outcome::left_out; });
    std::string text = fmt::format("{} passed", runs.size() - static_cast<std::size_t>(out));
    if (out > 0) text += fmt::format(", {} left out", out);
    return text;
  }

  void row(const RunReport& run) {
    html_.open("tr", {{"class", is_good(run.verdict.outcome) ? "item good" : "item bad"},
                      {"data-find", run.title() + " " + run.file}});
    html_.open("td");
    badge(run.verdict.outcome);
    html_.close();
    html_.open("td");
    html_.open("a", {{"href", page_path(run)}});
    html_.text(run.scenario);
    if (!run.variant.empty()) html_.element("span", " " + run.variant, {{"class", "variant"}});
    html_.close();
    html_.close();
    html_.element("td", run.about, {{"class", "about"}});
    html_.element("td", seconds_text(run.virtual_time), {{"class", "num"}});
    html_.close();
    html_.raw("\n");
  }

  const SuiteReport& suite_;
  HtmlWriter html_;
};

}  // namespace

std::string index_page(const SuiteReport& suite) {
  return IndexPage(suite).make();
}

}  // namespace provlab::lab
