#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostProblems = 60;
constexpr std::size_t kMostQuoted = 400;

std::string_view index_folder_of(const std::string& file) {
  const std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : std::string_view(file).substr(0, slash);
}

/// How much of each run the index tells. It has room for so much (D45).
enum class Telling { with_about, by_name, not_passed };

class IndexPage {
 public:
  IndexPage(const SuiteReport& suite, PageChoice choice, Telling telling)
      : suite_(suite), choice_(choice), telling_(telling), with_(runs_with_pages(suite, choice)) {}

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
    which_pages();
    html_.close();
  }

  void which_pages() {
    if (std::ranges::find(with_, false) == with_.end()) return;
    html_.element(
        "p",
        choice_ == PageChoice::failed
            ? "Runs that failed have a page; --pages all writes those of all."
            : "Runs that failed have a page, and so has one of each scenario; --pages all "
              "writes those of all.",
        {{"class", "quiet"}});
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
    std::size_t told = 0;
    for (const Complaint& complaint : suite_.complaints) {
      if (++told > kMostProblems) break;
      html_.open("li", {{"class", "card bad"}});
      html_.element("code", complaint.line == 0
                                ? complaint.file
                                : fmt::format("{}:{}", complaint.file, complaint.line));
      html_.element("p", cut_text(complaint.text, kMostQuoted));
      html_.close();
    }
    html_.close();
    and_more(suite_.complaints.size());
    html_.close();
  }

  void and_more(std::size_t count) {
    if (count <= kMostProblems) return;
    html_.element("p", fmt::format("And {} more.", count - kMostProblems), {{"class", "quiet"}});
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
    std::size_t told = 0;
    for (std::size_t i = 0; i < suite_.runs.size() && told < kMostProblems; ++i) {
      if (is_good(suite_.runs[i].verdict.outcome)) continue;
      ++told;
      problem(suite_.runs[i]);
    }
    html_.close();
    and_more(not_passed());
    html_.close();
  }

  void problem(const RunReport& run) {
    constexpr std::size_t kMostFindings = 3;
    html_.open("li", {{"class", "card bad item"}});
    html_.open("p", {{"class", "head"}});
    badge(run.verdict.outcome);
    html_.text(" ");
    html_.element("a", run.title(), {{"href", page_path(run)}});
    html_.text(" ");
    html_.element("code", run.file, {{"class", "quiet"}});
    html_.close();
    if (!run.verdict.reason.empty()) {
      html_.element("p", cut_text(run.verdict.reason, kMostQuoted));
    }
    std::size_t told = 0;
    for (const Finding& finding : run.verdict.findings) {
      if (!finding.held && ++told <= kMostFindings) first_lines(finding);
    }
    if (told > kMostFindings) {
      html_.element("p", fmt::format("And {} more on its page.", told - kMostFindings),
                    {{"class", "quiet"}});
    }
    html_.close();
  }

  void first_lines(const Finding& finding) {
    html_.open("dl", {{"class", "versus"}});
    html_.element("dt", "expected");
    html_.element("dd", cut_text(finding.expected, kMostQuoted));
    html_.element("dt", "actual");
    html_.element("dd", cut_text(finding.actual, kMostQuoted));
    html_.close();
  }

  void folders() {
    std::map<std::string_view, std::vector<std::size_t>> folders;
    for (std::size_t i = 0; i < suite_.runs.size(); ++i) {
      folders[index_folder_of(suite_.runs[i].file)].push_back(i);
    }
    html_.element("h2", "All runs, by folder");
    if (telling_ == Telling::not_passed) {
      html_.element("p", "There are too many to list those that passed.", {{"class", "quiet"}});
    }
    for (const auto& [name, runs] : folders) {
      std::size_t bad = 0;
      for (const std::size_t i : runs) bad += !is_good(suite_.runs[i].verdict.outcome);
      html_.open("details", {{"class", bad == 0 ? "folder good" : "folder"}, {"open", "open"}});
      html_.open("summary");
      html_.element("h3", name);
      html_.element(
          "span", bad == 0 ? good_text(runs) : fmt::format("{} of {} not passed", bad, runs.size()),
          {{"class", bad == 0 ? "quiet" : "bad-text"}});
      html_.close();
      if (telling_ == Telling::with_about) {
        table(runs);
      } else {
        list(runs);
      }
      html_.close();
    }
  }

  void table(const std::vector<std::size_t>& runs) {
    html_.raw(
        "<table class=\"runs\"><thead><tr><th scope=\"col\">Outcome</th><th scope=\"col\">Run</th>"
        "<th scope=\"col\" class=\"about\">What it is about</th><th scope=\"col\" class=\"num\">"
        "Virtual time</th></tr></thead><tbody>");
    // Those that did not pass stand first.
    for (const bool passed : {false, true}) {
      for (const std::size_t i : runs) {
        if (is_good(suite_.runs[i].verdict.outcome) == passed) row(i);
      }
    }
    html_.raw("</tbody></table>");
  }

  /// Their names alone, which are many.
  void list(const std::vector<std::size_t>& runs) {
    html_.raw("<ul class=\"names\">");
    for (const bool passed : {false, true}) {
      if (passed && telling_ == Telling::not_passed) break;
      for (const std::size_t i : runs) {
        const RunReport& run = suite_.runs[i];
        if (is_good(run.verdict.outcome) != passed) continue;
        html_.open("li", {{"class", passed ? std::string_view() : "bad"}});
        if (run.verdict.outcome != Outcome::passed) {
          badge(run.verdict.outcome);
          html_.text(" ");
        }
        name(i);
        html_.close();
      }
    }
    html_.raw("</ul>\n");
  }

  std::string good_text(const std::vector<std::size_t>& runs) const {
    const auto out = std::ranges::count_if(runs, [this](std::size_t i) {
      return suite_.runs[i].verdict.outcome == Outcome::left_out;
    });
    std::string text = fmt::format("{} passed", runs.size() - static_cast<std::size_t>(out));
    if (out > 0) text += fmt::format(", {} left out", out);
    return text;
  }

  void row(std::size_t i) {
    const RunReport& run = suite_.runs[i];
    html_.open("tr", {{"class", is_good(run.verdict.outcome) ? "item good" : "item bad"}});
    html_.open("td");
    badge(run.verdict.outcome);
    html_.close();
    html_.open("td");
    name(i);
    html_.close();
    html_.element("td", run.about, {{"class", "about"}});
    html_.element("td", seconds_text(run.virtual_time), {{"class", "num"}});
    html_.close();
    html_.raw("\n");
  }

  /// A link where the run has a page.
  void name(std::size_t i) {
    const RunReport& run = suite_.runs[i];
    const std::string path = page_path(run);
    html_.open(with_[i] ? "a" : "span",
               {{"href", with_[i] ? std::string_view(path) : std::string_view()}});
    html_.text(run.scenario);
    if (!run.variant.empty()) html_.element("span", " " + run.variant, {{"class", "variant"}});
    html_.close();
  }

  const SuiteReport& suite_;
  PageChoice choice_;
  Telling telling_;
  std::vector<bool> with_;
  HtmlWriter html_;
};

}  // namespace

std::string index_page(const SuiteReport& suite, PageChoice choice) {
  for (const Telling telling : {Telling::with_about, Telling::by_name}) {
    std::string page = IndexPage(suite, choice, telling).make();
    if (page.size() <= kMostPageOctets) return page;
  }
  return IndexPage(suite, choice, Telling::not_passed).make();
}

}  // namespace provlab::lab
