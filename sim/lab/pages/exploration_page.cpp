#include "sim/lab/pages/exploration_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/pages/diagram_svg.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/sequence_diagram.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

/// A part, and how its run is drawn.
struct DrawnPart {
  const ExplorationPage::Part& part;
  std::string id;
  TraceLog log{};
  SequenceDiagram diagram{};
  bool broken = false;
};

DrawnPart drawn_part(const ExplorationPage::Part& part, std::string id, bool broken) {
  DrawnPart drawn{.part = part, .id = std::move(id), .broken = broken};
  if (!part.run || !part.run->detail) return drawn;
  auto log = TraceLog::parse(part.run->detail->trace);
  if (!log) return drawn;
  drawn.log = std::move(*log);
  drawn.diagram = sequence_diagram(drawn.log, part.run->detail->contents);
  for (const Finding& finding : part.run->verdict.findings) {
    if (finding.held || finding.event == 0 || finding.event > drawn.log.events().size()) continue;
    drawn.diagram.marks.push_back({finding.event, drawn.log.event(finding.event).at, 0,
                                   Mark::Kind::failure, "✗ " + finding.text,
                                   cut_text("but " + finding.actual, 300)});
  }
  mark_no_return(drawn.diagram, part.what_if ? &*part.what_if : nullptr, drawn.log,
                 "⚑ too late for another outcome");
  std::ranges::stable_sort(drawn.diagram.marks, {}, &Mark::event);
  return drawn;
}

class ExplorationPageWriter {
  using Part = ExplorationPage::Part;

  static constexpr std::size_t kMostRows = 500;
  static constexpr std::size_t kMostLines = 60;
  static constexpr std::size_t kMostOfDrawing = 20'000;  ///< octets, each
  static constexpr std::size_t kLongestSentence = 400;
  static constexpr int kBarWidth = 200;

 public:
  explicit ExplorationPageWriter(const ExplorationPage& page) : page_(page) {
    for (std::size_t i = 0; i < page.broken.size(); ++i) {
      if (page.broken[i].run) {
        drawn_.push_back(drawn_part(page.broken[i], fmt::format("broken-{}", i + 1), true));
      }
    }
    for (std::size_t i = 0; i < page.outcomes.size(); ++i) {
      if (page.outcomes[i].run) {
        drawn_.push_back(drawn_part(page.outcomes[i], fmt::format("outcome-{}", i + 1), false));
      }
    }
  }

  std::string make() {
    header();
    html_.open("main", {{"id", "main"}});
    if (!page_.broken.empty()) table("What broke", "broken", "broken", page_.broken);
    table("What it can come to", "outcomes", "outcome", page_.outcomes);
    extent();
    runs();
    html_.close();
    return framed_page(title(), html_.take());
  }

 private:
  std::string title() const {
    return fmt::format("{}: what can come of it in any order", page_.scenario);
  }

  void header() {
    html_.open("header", {{"class", "top"}});
    html_.open("h1");
    const bool good = page_.broken.empty();
    html_.element("span", good ? "no invariant broke" : "failed",
                  {{"class", good ? "badge passed" : "badge failed"}});
    html_.text(" " + title());
    html_.close();
    if (!page_.about.empty()) html_.element("p", cut_text(page_.about, 600), {{"class", "about"}});
    html_.element("p",
                  fmt::format("The scenario was played again and again, each time with the packets "
                              "to the phone in another order ({}). Its race and expectations are "
                              "left aside: what must hold in every order are the invariants.",
                              page_.conditions),
                  {{"class", "about"}});
    html_.open("ul", {{"class", "tiles"}, {"aria-label", "In short"}});
    for (const ExplorationPage::Fact& each : page_.figures) {
      html_.open("li", {{"class", "tile neutral"}});
      html_.element("b", each.text);
      html_.text(" " + each.name);
      html_.close();
    }
    html_.close();
    if (!page_.missing.empty()) html_.element("p", page_.missing, {{"class", "card"}});
    baseline();
    html_.close();
  }

  void baseline() {
    if (page_.baseline.empty()) return;
    const bool holds = page_.appeared.empty() && page_.gone.empty();
    html_.open("div", {{"class", holds ? "card" : "card bad"}});
    html_.element("p", holds ? page_.baseline + ": nothing has changed"
                             : "Otherwise than in " + page_.baseline);
    if (!holds) {
      html_.open("ul", {{"class", "because"}});
      lines("new: ", page_.appeared);
      lines("gone: ", page_.gone);
      html_.close();
    }
    html_.close();
  }

  void lines(std::string_view head, const std::vector<std::string>& all) {
    for (std::size_t i = 0; i < std::min(all.size(), kMostLines); ++i) {
      html_.element("li", fmt::format("{}{}", head, cut_text(all[i], kLongestSentence)));
    }
    if (all.size() > kMostLines) {
      html_.element("li", fmt::format("{}and {} more", head, all.size() - kMostLines));
    }
  }

  void heading(std::string_view text, std::string_view id) {
    html_.element("h2", text, {{"id", id}});
  }

  void table(std::string_view head, std::string_view id, std::string_view name,
             const std::vector<Part>& parts) {
    html_.open("section", {{"aria-labelledby", id}});
    heading(head, id);
    if (name == "outcome") html_.element("p", page_.counts, {{"class", "quiet"}});
    html_.raw(fmt::format(
        "<div class=\"wide\"><table class=\"outcomes\"><thead><tr><th scope=\"col\" class=\"num\">"
        "</th><th scope=\"col\">{}</th><th scope=\"col\" colspan=\"2\">In how many {}</th>"
        "<th scope=\"col\">What would have led to another outcome</th></tr></thead><tbody>",
        name == "broken" ? "Invariant" : "Outcome", html_escaped(page_.unit)));
    for (std::size_t i = 0; i < std::min(parts.size(), kMostRows); ++i) {
      row(parts[i], i + 1, fmt::format("{}-{}", name, i + 1), name == "broken");
    }
    html_.raw("</tbody></table></div>");
    if (parts.size() > kMostRows) {
      html_.element("p", fmt::format("And {} more, which --json has.", parts.size() - kMostRows),
                    {{"class", "quiet"}});
    }
    html_.close();
  }

  void row(const Part& part, std::size_t number, const std::string& id, bool bad) {
    html_.open("tr");
    html_.element("td", std::to_string(number), {{"class", "num"}});
    html_.open("td");
    const std::string link = "#" + id;
    html_.element(part.run ? "a" : "span", cut_text(part.title, kLongestSentence),
                  {{"href", part.run ? std::string_view(link) : std::string_view()}});
    if (part.natural) html_.element("span", "natural order", {{"class", "badge passed"}});
    for (const ExplorationPage::Fact& each : part.facts) {
      html_.element("div", fmt::format("{}: {}", each.name, cut_text(each.text, kLongestSentence)),
                    {{"class", "quiet"}});
    }
    html_.close();
    html_.element("td", std::to_string(part.count), {{"class", "num"}});
    html_.open("td", {{"class", "bars"}});
    bar(part.count, bad);
    html_.close();
    html_.element("td", nearest_words(part), {{"class", "nearest"}});
    html_.close();
  }

  void bar(std::size_t count, bool bad) {
    const std::size_t all = std::max<std::size_t>(page_.all, 1);
    const std::size_t width = std::max<std::size_t>(kBarWidth * std::min(count, all) / all, 1);
    const std::string drawn = std::to_string(width);
    html_.open("svg", {{"class", bad ? "share-of own" : "share-of"},
                       {"viewBox", fmt::format("0 0 {} 10", kBarWidth)},
                       {"preserveAspectRatio", "none"},
                       {"aria-hidden", "true"}});
    html_.empty("rect", {{"width", drawn}, {"height", "10"}});
    html_.close();
  }

  static std::string nearest_words(const Part& part) {
    if (!part.what_if) return "was not looked for";
    if (part.what_if->nearest) return cut_text(part.what_if->nearest->words, kLongestSentence);
    return fmt::format("nothing in {} runs with {} changed", part.what_if->runs,
                       part.what_if->steps == 1
                           ? std::string("one packet")
                           : fmt::format("up to {} packets", part.what_if->steps));
  }

  void extent() {
    html_.open("section", {{"aria-labelledby", "extent"}});
    heading("How much was tried", "extent");
    html_.open("ul", {{"class", "because"}});
    lines("", page_.extent);
    html_.close();
    html_.close();
  }

  void runs() {
    if (drawn_.empty()) return;
    html_.open("section", {{"aria-labelledby", "runs"}});
    heading("One run of each", "runs");
    html_.element(
        "p",
        "Of all runs that come to it, the one with the fewest departures from the natural "
        "order. Time runs downwards: a row for each thing that happens, so distances say "
        "order, not length.",
        {{"class", "quiet"}});
    std::vector<SequenceDiagram> diagrams;
    for (const DrawnPart& each : drawn_) diagrams.push_back(each.diagram);
    Legend legend;
    legend.of_runs(diagrams, !page_.broken.empty(), "an invariant breaks");
    html_.raw(legend.take());
    html_.close();
    for (const DrawnPart& each : drawn_) part(each);
    const std::size_t all = page_.outcomes.size() + page_.broken.size();
    if (all > drawn_.size()) {
      html_.element("p",
                    fmt::format("{} more stand in the table alone: the page has room for so many "
                                "diagrams.",
                                all - drawn_.size()),
                    {{"class", "card"}});
    }
  }

  void part(const DrawnPart& drawn) {
    const Part& part = drawn.part;
    html_.open("section", {{"aria-labelledby", drawn.id}});
    html_.open("h2", {{"id", drawn.id}});
    html_.element("span", drawn.broken ? "broken" : drawn.id.substr(drawn.id.find('-') + 1),
                  {{"class", drawn.broken ? "badge failed" : "badge"}});
    html_.text(" " + cut_text(part.title, kLongestSentence));
    html_.close();
    html_.open("dl", {{"class", "facts"}});
    for (const ExplorationPage::Fact& each : part.facts) {
      fact(each.name, cut_text(each.text, kLongestSentence));
    }
    fact("comes about in", fmt::format("{} of {} {}", part.count, page_.all, page_.unit));
    fact("when", cut_text(part.when, kLongestSentence));
    html_.element("dt", "play it again");
    html_.open("dd");
    const std::string id = drawn.id + "-command";
    html_.element("code", part.repeat, {{"id", id}});
    html_.element("button", "Copy",
                  {{"type", "button"}, {"class", "copy needs-script"}, {"data-copy", id}});
    html_.close();
    html_.close();
    what_if(part);
    diagram(drawn);
    html_.close();
  }

  void fact(std::string_view name, std::string_view text) {
    html_.element("dt", name);
    html_.element("dd", text);
  }

  void what_if(const Part& part) {
    if (!part.what_if) {
      html_.element("p", "What would have led to another outcome was not looked for.",
                    {{"class", "quiet"}});
      return;
    }
    html_.element("h3", "What would have changed it", {{"class", "lead"}});
    html_.raw(what_if_table(*part.what_if, PageLinks(), words_of(part)));
  }

  static WhatIfWords words_of(const Part& part) {
    return {.nearest = "The nearest run with another outcome",
            .none = "None of the runs that were tried comes to another outcome.",
            .wanted = {},
            .failed = false,
            .command = part.compare,
            .shows = " shows both beside each other."};
  }

  void diagram(const DrawnPart& drawn) {
    if (drawn.log.events().empty()) {
      html_.element("p", "Its run is too long to be drawn.", {{"class", "quiet"}});
      return;
    }
    const auto same = std::ranges::find_if(
        drawn_, [&drawn](const DrawnPart& each) { return each.part.token == drawn.part.token; });
    if (same->id != drawn.id) {
      html_.open("p");
      html_.text("Its run is the one that is drawn ");
      html_.element("a", "above", {{"href", "#" + same->id}});
      html_.text(".");
      html_.close();
      return;
    }
    const PageLinks no_links;
    const std::vector<ReachBar> reach =
        reach_bars(drawn.part.what_if ? &*drawn.part.what_if : nullptr, words_of(drawn.part));
    html_.raw(figure_part(
        "figure", "Sequence diagram",
        diagram_svg(drawn.diagram,
                    {.links = no_links, .most_octets = kMostOfDrawing, .reach = reach})));
  }

  const ExplorationPage& page_;
  std::vector<DrawnPart> drawn_;
  HtmlWriter html_;
};

}  // namespace

std::string exploration_page(const ExplorationPage& page) {
  return ExplorationPageWriter(page).make();
}

}  // namespace provlab::lab
