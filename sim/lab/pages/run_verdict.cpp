#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/pages/page_parts.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostCards = 14'000;
constexpr std::size_t kMostRows = 12'000;
constexpr std::size_t kMostSettings = 5'000;
constexpr std::size_t kMostLogs = 6'000;
constexpr std::size_t kMostSource = 10'000;
constexpr std::size_t kMostSentence = 500;
constexpr std::size_t kLinesAround = 6;
constexpr std::size_t kLongestLine = 300;

std::string sentence_of(const std::string& text) {
  return cut_text(text, kMostSentence);
}

/// The scenario's text, each line of an expectation marked as it came out.
class SourceText {
 public:
  explicit SourceText(const RunReport& run) {
    const std::string& text = run.detail->source;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    for (const Finding& finding : run.verdict.findings) {
      if (finding.line == 0 || !finding.not_judged.empty()) continue;
      Mark& mark = marks_[static_cast<std::size_t>(finding.line)];
      mark.held = mark.held && finding.held;
      if (!finding.held && mark.actual.empty()) mark.actual = finding.actual;
    }
  }

  void write(HtmlWriter& html, const std::string& file) const {
    html.open("figure", {{"class", "source"}, {"tabindex", "0"}, {"aria-label", "The scenario"}});
    html.element("figcaption", file);
    const std::vector<bool> kept = lines_with_room();
    std::size_t left_out = 0;
    html.raw("<ol>");
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!kept[i]) {
        ++left_out;
        continue;
      }
      gap(html, std::exchange(left_out, 0));
      line(html, i + 1);
    }
    gap(html, left_out);
    html.raw("</ol>");
    html.close();
  }

 private:
  struct Mark {
    bool held = true;
    std::string actual;
  };

  /// Those around what failed have it first.
  std::vector<bool> lines_with_room() const {
    std::vector<bool> kept(lines_.size());
    std::size_t room = kMostSource;
    const auto take = [&](std::size_t i) {
      if (i >= lines_.size() || kept[i]) return;
      const std::size_t size = html_escaped(cut_text(lines_[i], kLongestLine)).size() + 40;
      if (size > room) return;
      room -= size;
      kept[i] = true;
    };
    for (const auto& [number, mark] : marks_) {
      if (mark.held || number == 0) continue;
      take(number - 1);
      for (std::size_t away = 1; away <= kLinesAround; ++away) {
        if (number > away) take(number - 1 - away);
        take(number - 1 + away);
      }
    }
    for (std::size_t i = 0; i < lines_.size() && room > 40; ++i) take(i);
    return kept;
  }

  static void gap(HtmlWriter& html, std::size_t left_out) {
    if (left_out == 0) return;
    html.raw(fmt::format("<li class=\"gap\">⋮ {} {} left out here</li>", left_out,
                         left_out == 1 ? "line is" : "lines are"));
  }

  void line(HtmlWriter& html, std::size_t number) const {
    const auto mark = marks_.find(number);
    const std::string value = std::to_string(number);
    const std::string text = cut_text(lines_[number - 1], kLongestLine);
    if (mark == marks_.end()) {
      html.element("li", text, {{"value", value}});
      return;
    }
    html.open("li",
              {{"value", value}, {"id", "L" + value}, {"class", mark->second.held ? "ok" : "bad"}});
    html.text(text);
    if (!mark->second.held) html.element("b", "✗ " + sentence_of(mark->second.actual));
    html.close();
  }

  std::vector<std::string> lines_;
  std::map<std::size_t, Mark> marks_;
};

/// Draws both parts of the verdict.
class VerdictParts {
 public:
  explicit VerdictParts(const RunReport& run) : run_(run) {}

  std::string failures(const PageLinks& links) {
    html_.open("section", {{"aria-labelledby", "failed"}});
    html_.element("h2", "What was expected, and what happened", {{"id", "failed"}});
    html_.open("div", {{"class", has_source() ? "beside" : std::string_view()}});
    html_.open("div");
    RoomyList cards(kMostCards);
    for (const Finding& finding : run_.verdict.findings) {
      if (!finding.held) cards.add(card(finding, links));
    }
    html_.raw(cards.text() + cards.rest());
    html_.close();
    source();
    html_.close();
    html_.close();
    return html_.take();
  }

  std::string expectations() {
    html_.open("section", {{"aria-labelledby", "expectations"}});
    html_.element("h2", "Expectations", {{"id", "expectations"}});
    if (run_.verdict.findings.empty()) html_.element("p", "None was looked at.");
    const bool beside = run_.verdict.failed() == 0;
    html_.open("div", {{"class", beside && has_source() ? "beside" : std::string_view()}});
    html_.raw(
        "<div class=\"wide\"><table class=\"findings\"><thead><tr><th scope=\"col\">Held</th><th "
        "scope=\"col\" "
        "class=\"num\">Line</th><th scope=\"col\">Expectation</th></tr></thead><tbody>");
    RoomyList rows(kMostRows);
    for (const bool held : {false, true}) {
      for (const Finding& finding : run_.verdict.findings) {
        if (finding.held == held) rows.add(row(finding));
      }
    }
    html_.raw(rows.text() + "</tbody></table>" + rows.rest());
    html_.raw("</div>");
    if (beside) source();
    html_.close();
    html_.close();
    return html_.take();
  }

 private:
  bool has_source() const { return run_.detail && !run_.detail->source.empty(); }
  void source() {
    if (has_source()) SourceText(run_).write(html_, run_.file);
  }

  /// Where an expectation stands: a link where the text is shown.
  void place(HtmlWriter& html, const Finding& finding) const {
    const std::string text = finding.line == 0 ? std::string("holds of every run")
                                               : fmt::format("{}:{}", run_.file, finding.line);
    const std::string link = fmt::format("#L{}", finding.line);
    const bool linked = finding.line != 0 && has_source();
    html.element(
        linked ? "a" : "span", text,
        {{"class", "quiet"}, {"href", linked ? std::string_view(link) : std::string_view()}});
  }

  std::string card(const Finding& finding, const PageLinks& links) const {
    HtmlWriter html;
    html.open("article", {{"class", "card bad"}});
    html.open("p", {{"class", "head"}});
    html.element("code", sentence_of(finding.text));
    html.text(" ");
    place(html, finding);
    html.close();
    html.open("dl", {{"class", "versus"}});
    html.element("dt", "expected");
    html.element("dd", sentence_of(finding.expected));
    html.element("dt", "actual");
    html.element("dd", sentence_of(finding.actual));
    if (!finding.why.empty()) {
      html.element("dt", "why");
      html.element("dd", sentence_of(finding.why));
    }
    html.close();
    if (links.has_event(finding.event)) {
      html.element("a", fmt::format("See event {}", finding.event),
                   {{"href", links.event(finding.event)}});
    } else if (const auto lines = run_.time_line(finding); !lines.empty()) {
      std::string text;
      for (const std::string& line : lines) text += line + "\n";
      html.element("pre", cut_text(text, 2 * kMostSentence));
    }
    html.close();
    return html.take();
  }

  std::string row(const Finding& finding) const {
    HtmlWriter html;
    html.open("tr");
    html.open("td");
    if (!finding.not_judged.empty()) {
      html.element("span", "not judged", {{"class", "badge"}});
    } else {
      html.element("span", finding.held ? "yes" : "no",
                   {{"class", finding.held ? "badge passed" : "badge failed"}});
    }
    html.close();
    html.element("td", finding.line == 0 ? "" : std::to_string(finding.line), {{"class", "num"}});
    html.open("td");
    // Where nothing failed its line stands beside it.
    const bool beside = run_.verdict.failed() == 0 && has_source() && finding.line != 0;
    if (!beside) html.element("code", sentence_of(finding.text));
    html.element("p", sentence_of(finding.expected));
    if (!finding.held)
      html.element("p", "But " + sentence_of(finding.actual), {{"class", "bad-text"}});
    if (!finding.not_judged.empty()) html.element("p", finding.not_judged, {{"class", "quiet"}});
    if (!finding.why.empty()) {
      html.element("p", "Why: " + sentence_of(finding.why), {{"class", "quiet"}});
    }
    html.close();
    html.close();
    return html.take();
  }

  const RunReport& run_;
  HtmlWriter html_;
};

}  // namespace

std::string failures_part(const RunReport& run, const PageLinks& links) {
  if (run.verdict.failed() == 0) return {};
  return VerdictParts(run).failures(links);
}

std::string expectations_part(const RunReport& run) {
  return VerdictParts(run).expectations();
}

std::string RoomyList::rest() const {
  if (left_out_ == 0) return {};
  return fmt::format("<p class=\"quiet\">And {} more, for which the page has no room.</p>",
                     left_out_);
}

std::string settings_part(const RunDetail& detail) {
  HtmlWriter html;
  html.open("section", {{"aria-labelledby", "settings"}});
  html.element("h2", "Settings that changed", {{"id", "settings"}});
  if (detail.settings.empty()) {
    html.element("p", "None: at the end the phone has the settings that it began with.");
    html.close();
    return html.take();
  }
  RoomyList rows(kMostSettings);
  for (const Difference& each : detail.settings) {
    HtmlWriter row;
    row.open("tr");
    row.open("td");
    row.element("code", each.path);
    row.close();
    row.element("td", each.order_only ? "the same settings" : each.from, {{"class", "old"}});
    row.element("td", each.order_only ? "in another order" : each.to, {{"class", "new"}});
    row.close();
    rows.add(row.take());
  }
  html.raw(
      "<div class=\"wide\"><table class=\"settings\"><thead><tr><th scope=\"col\">Setting</th><th "
      "scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead><tbody>");
  html.raw(rows.text() + "</tbody></table></div>" + rows.rest());
  html.close();
  return html.take();
}

std::string logs_part(const RunReport& run) {
  if (run.logs.empty()) return {};
  HtmlWriter html;
  html.element("h2", "What the daemons said", {{"id", "daemons"}});
  RoomyList logs(kMostLogs);
  for (const DaemonLog& log : run.logs) {
    HtmlWriter one;
    one.open("details");
    one.element("summary", log.daemon);
    one.element("pre", cut_text(log.text, kMostLogs / run.logs.size()));
    one.close();
    logs.add(one.take());
  }
  html.raw(logs.text() + logs.rest());
  return html.take();
}

}  // namespace provlab::lab
