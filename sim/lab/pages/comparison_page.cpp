#include "sim/lab/pages/comparison_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/platform/text.hpp"
#include "sim/lab/comparing/reasons.hpp"
#include "sim/lab/pages/aligned_rows.hpp"
#include "sim/lab/pages/diagram_svg.hpp"
#include "sim/lab/pages/page_frame.hpp"
#include "sim/lab/pages/page_parts.hpp"
#include "sim/lab/pages/seconds_text.hpp"
#include "sim/lab/pages/sequence_diagram.hpp"
#include "sim/text/html_writer.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostLinesOfFacet = 24;
constexpr std::size_t kMostStepsOfChain = 40;
constexpr std::size_t kMostShiftRows = 20;
constexpr std::size_t kLongestSentence = 400;
constexpr std::size_t kMostOfDrawing = 50'000;  ///< octets, each

std::string_view letter_class(SideName side) {
  return side == SideName::a ? "a" : "b";
}

class ComparisonPage {
 public:
  ComparisonPage(ComparedDrawings& drawings, std::string_view home, std::string_view home_name)
      : drawings_(drawings),
        found_(drawings.found),
        matching_(drawings.a, drawings.b),
        home_(home),
        home_name_(home_name) {
    for (const SideName side : kBothSides) mark(side);
  }

  std::string make() {
    header();
    html_.open("main", {{"id", "main"}});
    body();
    html_.close();
    return framed_page(fmt::format("{} beside {}", drawings_.a.title, drawings_.b.title),
                       html_.take());
  }

  std::string make_part() {
    html_.element("p", in_short());
    body();
    return html_.take();
  }

 private:
  void body() {
    outcome();
    if (found_.parting) {
      parting();
      followed();
    }
    shifts();
    diagrams();
  }

  const ComparedRun& run(SideName side) const {
    return side == SideName::a ? drawings_.a : drawings_.b;
  }
  SequenceDiagram& diagram(SideName side) {
    return side == SideName::a ? drawings_.diagram_a : drawings_.diagram_b;
  }

  /// What only one has is drawn so, and where they part there is a line across.
  void mark(SideName side) {
    const ComparedRun& of = run(side);
    std::set<EventNumber> alone;
    for (std::size_t i = 0; i < of.steps.size(); ++i) {
      if (!matching_.is_matched(side, i)) alone.insert(of.steps[i].event);
    }
    for (Message& message : diagram(side).messages) {
      if (message.part == Message::Part::plain && alone.contains(message.sent_event)) {
        message.part = Message::Part::alone;
      }
    }
    if (!found_.parting || of.steps.empty()) return;
    const std::size_t first = found_.parting->first[index_of(side)];
    const Step& at = of.steps[first == Step::kNone ? last_before_parting(side) : first];
    diagram(side).marks.push_back(
        {at.event, at.at, 0, Mark::Kind::failure, "✂ here they part",
         first == Step::kNone ? fmt::format("{} does nothing that {} does not", letter_of(side),
                                            letter_of(other(side)))
                              : cut_text(fmt::format("{} {}", at.host, of.words(first)), 160)});
    parted_[index_of(side)] = at.event;
    // The line comes in front of what it is about.
    std::ranges::stable_sort(diagram(side).marks, [](const Mark& a, const Mark& b) {
      const auto rank = [](const Mark& mark) {
        return std::pair(mark.event, mark.kind != Mark::Kind::failure);
      };
      return rank(a) < rank(b);
    });
  }

  std::size_t last_before_parting(SideName side) const {
    const std::vector<Step>& steps = run(side).steps;
    std::size_t last = 0;
    for (std::size_t i = 0; i < steps.size() && steps[i].at <= found_.parting->at; ++i) last = i;
    return last;
  }

  void heading(std::string_view text, std::string_view id) {
    html_.element("h2", text, {{"id", id}});
  }

  void header() {
    html_.open("header", {{"class", "top"}});
    if (!home_.empty()) {
      html_.open("nav", {{"class", "crumbs"}, {"aria-label", "Where this page is"}});
      html_.element("a", home_name_, {{"href", home_}});
      html_.close();
    }
    html_.open("h1");
    html_.element("span",
                  found_.same()         ? "the same"
                  : found_.only_times() ? "other times"
                                        : "differ",
                  {{"class", found_.same() ? "badge passed" : "badge failed"}});
    html_.text(" Two runs beside each other");
    html_.close();
    html_.element("p", in_short(), {{"class", "about"}});
    html_.open("dl", {{"class", "facts"}});
    for (const SideName side : kBothSides) {
      html_.open("dt");
      letter(side);
      html_.close();
      html_.open("dd");
      html_.text(fmt::format("{}, {}", run(side).title, seconds_text(run(side).end())));
      if (!run(side).repeat.empty()) {
        html_.text(": ");
        html_.element("code", run(side).repeat);
      }
      html_.close();
    }
    html_.close();
    html_.close();
  }

  std::string in_short() const {
    if (found_.same()) return fmt::format("All {} steps are the same.", found_.same_in_all);
    if (found_.only_times()) {
      return fmt::format(
          "All {} steps are the same, and what comes of them; {} come at other "
          "times, by up to {}.",
          found_.same_in_all, found_.shifted, gap_words(found_.furthest));
    }
    if (!found_.parting) return "What happens is the same in both; what came of it is not.";
    return fmt::format("They part at {}, after {} steps that are the same.",
                       seconds_text(found_.parting->at), found_.same_before);
  }

  void letter(SideName side) {
    html_.element("b", letter_of(side), {{"class", side == SideName::a ? "letter a" : "letter b"}});
  }

  void lines(const std::vector<std::string>& lines) {
    if (lines.empty()) html_.element("span", "–", {{"class", "quiet"}});
    for (std::size_t i = 0; i < std::min(lines.size(), kMostLinesOfFacet); ++i) {
      html_.element("div", cut_text(lines[i], kLongestSentence));
    }
    if (lines.size() > kMostLinesOfFacet) {
      html_.element("div", fmt::format("and {} more", lines.size() - kMostLinesOfFacet),
                    {{"class", "quiet"}});
    }
  }

  /// What differs beside each other; what is the same once.
  void outcome() {
    heading("What came of them", "outcome");
    html_.open("dl", {{"class", "outcome"}});
    for (const FacetDifference& each : found_.outcome) {
      html_.element("dt", each.name + (each.order_only ? ", in another order" : ""));
      for (const SideName side : kBothSides) {
        html_.open("dd", {{"class", letter_class(side)}});
        letter(side);
        html_.open("div");
        lines(each.alone[index_of(side)]);
        html_.close();
        html_.close();
      }
    }
    for (const std::string& name : found_.same_facets) {
      const Facet* const facet = drawings_.a.facet(name);
      html_.element("dt", name);
      html_.open("dd", {{"class", "both"}});
      html_.element("b", "both", {{"class", "letter"}});
      html_.open("div");
      lines(facet == nullptr ? std::vector<std::string>() : facet->lines);
      html_.close();
      html_.close();
    }
    html_.close();
  }

  void step(SideName side, std::size_t at) {
    const Step& what = run(side).steps[at];
    html_.element("b", seconds_text(what.at), {{"class", "num"}});
    html_.text(" ");
    html_.element("span", what.host, {{"class", "quiet"}});
    html_.text(" " + cut_text(run(side).words(at), kLongestSentence));
  }

  void parting() {
    heading(fmt::format("Where they part: {}", seconds_text(found_.parting->at)), "parting");
    html_.open("div", {{"class", "pair sentences"}});
    for (const SideName side : kBothSides) {
      html_.open("p", {{"class", side == SideName::a ? "card a" : "card b"}});
      letter(side);
      html_.text(" ");
      const std::size_t first = found_.parting->first[index_of(side)];
      if (first == Step::kNone) {
        html_.text(fmt::format("does nothing that {} does not", letter_of(other(side))));
      } else {
        step(side, first);
      }
      html_.close();
    }
    html_.close();
    if (found_.parting->because.empty()) return;
    html_.open("ul", {{"class", "because"}});
    for (const std::string& reason : found_.parting->because) {
      html_.element("li", cut_text(reason, kLongestSentence));
    }
    html_.close();
  }

  void followed() {
    if (found_.chain[0].empty() && found_.chain[1].empty()) return;
    heading("What followed", "followed");
    html_.open("div", {{"class", "pair sentences"}});
    for (const SideName side : kBothSides) chain(side);
    html_.close();
  }

  void chain(SideName side) {
    const auto& chain = found_.chain[index_of(side)];
    const std::size_t alone = found_.alone[index_of(side)].size();
    html_.open("div", {{"class", side == SideName::a ? "card a" : "card b"}});
    letter(side);
    html_.element(
        "span",
        chain.empty()          ? fmt::format(" nothing that {} does not do", letter_of(other(side)))
        : chain.size() < alone ? fmt::format(" {} steps to its outcome, of {} that {} does not do",
                                             chain.size(), alone, letter_of(other(side)))
                               : std::string(),
        {{"class", "quiet"}});
    html_.open("ol", {{"class", "order"}});
    const std::size_t half = kMostStepsOfChain / 2;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (chain.size() > kMostStepsOfChain && i == half) {
        html_.element("li", fmt::format("… {} more …", chain.size() - kMostStepsOfChain),
                      {{"class", "quiet"}});
        i = chain.size() - half;
      }
      html_.open("li");
      step(side, chain[i]);
      html_.close();
    }
    html_.close();
    html_.close();
  }

  void shifts() {
    if (found_.shifts.empty()) return;
    heading(found_.only_times() ? "What comes at another time" : "What only comes at another time",
            "shifts");
    html_.element("p",
                  "Where it begins; what follows from it is shifted too, and does not stand here.",
                  {{"class", "quiet"}});
    html_.open("ul", {{"class", "plain"}});
    for (std::size_t i = 0; i < std::min(found_.shifts.size(), kMostShiftRows); ++i) {
      html_.open("li");
      step(SideName::a, found_.shifts[i].step[0]);
      html_.text(": ");
      html_.element("b", shift_words(found_.shifts[i].by) + " in B");
      html_.close();
    }
    html_.close();
    if (found_.shifts.size() > kMostShiftRows) {
      html_.element("p", fmt::format("And {} more.", found_.shifts.size() - kMostShiftRows),
                    {{"class", "quiet"}});
    }
  }

  SameEvents same_events() const {
    SameEvents same;
    const std::vector<Step>& steps = drawings_.a.steps;
    const EventNumber a = parted_[0];
    const EventNumber b = parted_[1];
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::size_t match = matching_.partner(SideName::a, i);
      if (match == Step::kNone) continue;
      const EventNumber there = drawings_.b.steps[match].event;
      // Both lines stand at one height, whatever else that costs.
      const bool fits =
          a == 0 || (steps[i].event < a && there < b) || (steps[i].event > a && there > b);
      if (fits) same.emplace_back(steps[i].event, there);
    }
    if (a != 0) same.emplace_back(a, b);
    return same;
  }

  void diagrams() {
    heading("Who said what to whom", "diagram");
    html_.element("p",
                  "Time runs downwards: a row for each thing that happens, so distances say order, "
                  "not length. What is the same in both stands at the same height.",
                  {{"class", "quiet"}});
    Legend legend;
    legend.entry("m", "packet, in both");
    legend.entry("alone", "packet that the other run does not have");
    legend.entry("win", "the answer that wins");
    legend.entry("late", "an answer that came late");
    legend.entry("dot fail", "where they part");
    html_.raw(legend.take());
    for (const SideName side : kBothSides) {
      const std::string id = side == SideName::a ? "see-a" : "see-b";
      html_.raw(fmt::format(R"(<input type="radio" name="see" class="filter see" id="{}"{}/>)", id,
                            side == SideName::a ? R"( checked="checked")" : ""));
      html_.element("label", fmt::format("Show {}", letter_of(side)),
                    {{"for", id}, {"class", "see"}});
    }
    html_.open("div", {{"class", "pair drawings"}});
    const BothSides<std::string> drawn = draw();
    for (const SideName side : kBothSides) {
      html_.open("div", {{"class", side == SideName::a ? "side-a" : "side-b"}});
      html_.open("p");
      letter(side);
      html_.text(" " + run(side).title);
      html_.close();
      html_.raw(figure_part("figure",
                            side == SideName::a ? "Sequence diagram of A" : "Sequence diagram of B",
                            drawn[index_of(side)]));
      html_.close();
    }
    html_.close();
  }

  BothSides<std::string> draw() {
    constexpr std::size_t kFew = 16;
    const PageLinks no_links;
    for (std::size_t most = 600;; most /= 2) {
      DiagramRows a = diagram_rows(drawings_.diagram_a, false, most);
      DiagramRows b = diagram_rows(drawings_.diagram_b, false, most);
      align_rows(a, b, same_events());
      BothSides<std::string> drawn{
          diagram_svg(drawings_.diagram_a, {.links = no_links, .rows = &a}),
          diagram_svg(drawings_.diagram_b, {.links = no_links, .rows = &b})};
      if (std::max(drawn[0].size(), drawn[1].size()) <= kMostOfDrawing || most <= kFew) {
        return drawn;
      }
    }
  }

  ComparedDrawings& drawings_;
  const Comparison& found_;
  Matching matching_;
  std::string_view home_;
  std::string_view home_name_;
  BothSides<EventNumber> parted_{};
  HtmlWriter html_;
};

}  // namespace

ComparedRun compared_report(const RunReport& run, bool judged) {
  auto log = run.detail ? TraceLog::parse(run.detail->trace) : Expected<TraceLog>();
  ComparedRun compared =
      compared_run(run.title(), log ? std::move(*log) : TraceLog(),
                   {.verdict = judged ? &run.verdict : nullptr,
                    .settings = judged && run.detail ? &run.detail->settings : nullptr});
  if (judged) compared.repeat = run.repeat();
  return compared;
}

ComparedDrawings drawn(const ComparedRun& a, const ComparedRun& b, const Comparison& found) {
  return {a, b, found, sequence_diagram(a.log), sequence_diagram(b.log)};
}

std::string comparison_page(ComparedDrawings drawings, std::string_view home,
                            std::string_view home_name) {
  return ComparisonPage(drawings, home, home_name).make();
}

std::string comparison_part(ComparedDrawings drawings) {
  return ComparisonPage(drawings, {}, {}).make_part();
}

}  // namespace provlab::lab
