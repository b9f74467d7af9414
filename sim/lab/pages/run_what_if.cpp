#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/mapping/plane.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostOutcomes = 12;
constexpr std::size_t kMostWords = 300;

std::string_view bar_type(const ReachableOutcome& outcome, bool own, const WhatIfWords& words) {
  if (own) return words.failed ? "own" : "share";
  return outcome.wanted && words.failed ? "good" : "other";
}

/// What could be reached, each with the letter of its bar beside the diagram.
class ReachTable {
 public:
  ReachTable(const WhatIf& found, const PageLinks& links, const WhatIfWords& words)
      : found_(found), links_(links), words_(words) {}

  std::string rows() {
    for (std::size_t i = 0; i < std::min(kMostOutcomes, found_.outcomes.size()); ++i) row(i);
    return html_.take();
  }

 private:
  void row(std::size_t index) {
    const ReachableOutcome& outcome = found_.outcomes[index];
    const bool own = index == 0;
    html_.open("tr");
    html_.open("td");
    html_.element("span", outcome_letter(index),
                  {{"class", fmt::format("swatch {}", bar_type(outcome, own, words_))}});
    html_.close();
    html_.open("td");
    html_.element("span", cut_text(outcome.words, kMostWords));
    if (own) {
      html_.element("span", "this run", {{"class", words_.failed ? "badge failed" : "badge"}});
    }
    if (outcome.wanted && !words_.wanted.empty()) {
      html_.element("span", words_.wanted, {{"class", "badge passed"}});
    }
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
  HtmlWriter html_;
};

}  // namespace

std::vector<ReachBar> reach_bars(const WhatIf* found, const WhatIfWords& words) {
  std::vector<ReachBar> bars;
  if (found == nullptr || found->outcomes.size() < 2) return bars;
  for (std::size_t i = 0; i < std::min(kMostOutcomes, found->outcomes.size()); ++i) {
    const ReachableOutcome& outcome = found->outcomes[i];
    bars.push_back({.last = outcome.last,
                    .type = bar_type(outcome, i == 0, words),
                    .letter = outcome_letter(i),
                    .words = fmt::format(
                        "{}: {}, {}", outcome_letter(i), cut_text(outcome.words, kMostWords),
                        i == 0 ? std::string("as this run") : "lost with " + outcome.last_packet)});
  }
  return bars;
}

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
  const bool several = found.outcomes.size() > 1;
  html.element("p",
               fmt::format("Tried were {} runs with {} to the phone later, swapped, twice or "
                           "lost{}.{}",
                           found.runs,
                           found.steps == 1 ? std::string("one packet")
                                            : fmt::format("up to {} packets", found.steps),
                           found.whole ? "" : ", until the budget ended it",
                           several ? " The bars beside the diagram say how long each outcome could "
                                     "still be reached: a bar ends with the last packet to which "
                                     "something else had to happen for it."
                                   : ""),
               {{"class", "quiet"}});
  if (!several) return html.take();
  html.raw(
      "<div class=\"wide\"><table class=\"what-if\"><thead><tr><th scope=\"col\">Bar</th>"
      "<th scope=\"col\">Outcome</th><th scope=\"col\">Could be reached</th><th scope=\"col\" "
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
  if (run.what_if->nearest) {
    words.command = run.repeat() + " --token " + run.what_if->nearest->token;
  }
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
