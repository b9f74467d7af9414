#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostOutcomes = 12;
constexpr std::size_t kMostWords = 300;
constexpr int kWidth = 200;

/// How long each outcome could be reached, as bars from power-on: a step for each packet with which
/// one was lost, since time would show nothing of a race.
class ReachTable {
 public:
  ReachTable(const WhatIf& found, const PageLinks& links, const WhatIfWords& words)
      : found_(found), links_(links), words_(words) {
    for (const ReachableOutcome& each : found.outcomes) {
      if (each.last != 0) steps_.insert(each.last);
    }
  }

  std::string rows() {
    for (std::size_t i = 0; i < std::min(kMostOutcomes, found_.outcomes.size()); ++i) {
      row(found_.outcomes[i], i == 0);
    }
    return html_.take();
  }

 private:
  int end_of(const ReachableOutcome& outcome) const {
    const auto step = std::distance(steps_.begin(), steps_.upper_bound(outcome.last));
    return static_cast<int>(kWidth * step / (static_cast<std::ptrdiff_t>(steps_.size()) + 1));
  }

  void row(const ReachableOutcome& outcome, bool own) {
    const std::string width = std::to_string(own ? kWidth : end_of(outcome));
    html_.open("tr");
    html_.open("td");
    html_.open("svg", {{"class", "reach"},
                       {"viewBox", fmt::format("0 0 {} 10", kWidth)},
                       {"preserveAspectRatio", "none"},
                       {"aria-hidden", "true"}});
    html_.empty("rect", {{"class", own ? words_.failed ? "own" : "share"
                                   : outcome.wanted && words_.failed ? "good"
                                                                     : "other"},
                         {"width", width},
                         {"height", "10"}});
    html_.close();
    html_.close();
    html_.open("td");
    html_.element("span", cut_text(outcome.words, kMostWords));
    if (own)
      html_.element("span", "this run", {{"class", words_.failed ? "badge failed" : "badge"}});
    if (outcome.wanted && !words_.wanted.empty())
      html_.element("span", words_.wanted, {{"class", "badge passed"}});
    html_.close();
    html_.open("td");
    if (own) {
      html_.text("to the end");
    } else {
      html_.text("until " + seconds_text(outcome.until) + ": ");
      const std::string link = links_.event(outcome.last);
      html_.element(link.empty() ? "span" : "a", cut_text(outcome.last_packet, kMostWords),
                    {{"href", link.empty() ? std::string_view() : std::string_view(link)}});
    }
    html_.close();
    html_.element("td", own ? "" : std::to_string(outcome.runs), {{"class", "num"}});
    html_.close();
  }

  const WhatIf& found_;
  const PageLinks& links_;
  const WhatIfWords& words_;
  std::set<EventNumber> steps_;
  HtmlWriter html_;
};

}  // namespace

std::string what_if_table(const WhatIf& found, const PageLinks& links, const WhatIfWords& words) {
  HtmlWriter html;
  html.open("p", {{"class", "about"}});
  if (found.nearest) {
    html.element("b", fmt::format("{}: ", words.nearest));
    html.text(cut_text(found.nearest->words, 2 * kMostWords) + ".");
    html.close();
    html.open("p");
    html.element("code", words.command);
    html.text(words.shows);
  } else {
    html.text(words.none);
  }
  html.close();
  html.element("p",
               fmt::format("Tried were {} runs with {} to the phone later, swapped, twice or "
                           "lost{}. A bar ends with the last packet to which something else had to "
                           "happen for that outcome.",
                           found.runs,
                           found.steps == 1 ? std::string("one packet")
                                            : fmt::format("up to {} packets", found.steps),
                           found.whole ? "" : ", until the budget ended it"),
               {{"class", "quiet"}});
  html.raw(
      "<div class=\"wide\"><table class=\"what-if\"><thead><tr><th scope=\"col\">Could be "
      "reached</th><th scope=\"col\">Outcome</th><th scope=\"col\">Lost with</th><th scope=\"col\" "
      "class=\"num\">Runs</th></tr></thead><tbody>");
  html.raw(ReachTable(found, links, words).rows() + "</tbody></table></div>");
  if (found.outcomes.size() > kMostOutcomes) {
    html.element("p", fmt::format("And {} more outcomes.", found.outcomes.size() - kMostOutcomes),
                 {{"class", "quiet"}});
  }
  return html.take();
}

std::string what_if_part(const RunReport& run, const PageLinks& links) {
  if (!run.what_if) return {};
  WhatIfWords words;
  if (run.what_if->nearest) words.command = "--token " + run.what_if->nearest->token;
  HtmlWriter html;
  html.open("section", {{"aria-labelledby", "what-if"}});
  html.element("h2", "What would have changed it", {{"id", "what-if"}});
  html.raw(what_if_table(*run.what_if, links, words));
  html.close();
  return html.take();
}

void mark_no_return(SequenceDiagram& diagram, const WhatIf* found, const TraceLog& log,
                    std::string words) {
  const ReachableOutcome* const last = found == nullptr ? nullptr : found->no_return();
  if (last == nullptr || last->last == 0 || last->last > log.events().size()) return;
  diagram.marks.push_back({last->last, last->until, 0, Mark::Kind::trouble, std::move(words),
                           "the last packet to which something else could happen"});
}

}  // namespace provlab::lab
