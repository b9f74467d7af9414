#include "sim/lab/comparing/comparison_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/comparing/reasons.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostLines = 10;  ///< of a list
constexpr std::size_t kMostShiftLines = 6;
constexpr std::size_t kLongestLine = 240;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string count_of(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

class ComparisonWriter {
 public:
  ComparisonWriter(const ComparedRun& a, const ComparedRun& b, const Comparison& found)
      : runs_{&a, &b}, found_(found) {}

  std::string write() {
    for (const SideName side : kBothSides) {
      const ComparedRun& run = *runs_[index_of(side)];
      line(fmt::format("{}  {}: {}, {} {}", letter_of(side), run.title, gap_words(run.end()),
                       count_of(told(run), "step"), run.capture ? "on the wire" : "in its trace"));
    }
    if (found_.same()) {
      same();
    } else {
      outcome();
      if (found_.only_times()) {
        only_times();
      } else {
        parting();
      }
    }
    return std::move(text_);
  }

 private:
  void line(std::string_view words) {
    text_ += shortened(words, kLongestLine);
    text_ += '\n';
  }

  static std::size_t told(const ComparedRun& run) {
    return static_cast<std::size_t>(
        std::ranges::count(run.steps, Step::Weight::told, &Step::weight));
  }

  void same() {
    line(fmt::format("The same: {}{}.", count_of(found_.same_in_all, "step"),
                     found_.same_facets.empty() ? "" : ", " + joined(found_.same_facets)));
    if (found_.shifted > 0) {
      line(fmt::format("Times differ within the slack: {} sooner or later, by up to {}.",
                       count_of(found_.shifted, "step"), gap_words(found_.furthest)));
    }
    if (found_.packets[0] + found_.packets[1] > 0) {
      line(fmt::format("Packets that lead to nothing differ: {} in A, {} in B.", found_.packets[0],
                       found_.packets[1]));
    }
  }

  void outcome() {
    if (found_.outcome.empty()) {
      line(found_.same_facets.empty()
               ? std::string("Nothing of an outcome is known of both.")
               : "The outcome is the same: " + joined(found_.same_facets) + ".");
      return;
    }
    line("The outcomes differ:");
    for (const FacetDifference& difference : found_.outcome) {
      line(fmt::format("  {}{}", difference.name,
                       difference.order_only ? ", in another order" : ""));
      for (const SideName side : kBothSides) facet(side, difference);
    }
    if (!found_.same_facets.empty()) {
      line(fmt::format("  the same in both: {}", joined(found_.same_facets)));
    }
  }

  void facet(SideName side, const FacetDifference& difference) {
    const auto& lines = difference.alone[index_of(side)];
    if (lines.empty()) line(fmt::format("    {}  -", letter_of(side)));
    for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
      line(fmt::format("    {}  {}", letter_of(side), lines[i]));
    }
    if (lines.size() > kMostLines) {
      line(fmt::format("    {}  and {} more", letter_of(side), lines.size() - kMostLines));
    }
  }

  void only_times() {
    if (found_.shifted == 0) {
      line(fmt::format("All {} are the same; only clocks differ:",
                       count_of(found_.same_in_all, "step")));
      return shifts();
    }
    line(
        fmt::format("All {} are the same; only times differ: {} sooner or later, by up to {}. "
                    "That begins where",
                    count_of(found_.same_in_all, "step"), count_of(found_.shifted, "step"),
                    gap_words(found_.furthest)));
    shifts();
  }

  void shifts() {
    for (std::size_t i = 0; i < std::min(found_.shifts.size(), kMostShiftLines); ++i) {
      const Shift& shift = found_.shifts[i];
      line(fmt::format("  {} {} {}: {} in B", moment_words(runs_[0]->steps[shift.step[0]].at),
                       runs_[0]->steps[shift.step[0]].host, runs_[0]->words(shift.step[0]),
                       shift_words(shift.by)));
    }
    if (found_.shifts.size() > kMostShiftLines) {
      line(fmt::format("  and in {} more places", found_.shifts.size() - kMostShiftLines));
    }
  }

  void parting() {
    if (!found_.parting) {
      line(fmt::format("What happens is the same in both: {}.",
                       count_of(found_.same_in_all, "step")));
      if (found_.shifts.empty()) return;
      line("Times differ where");
      shifts();
      return;
    }
    const Parting& parting = *found_.parting;
    line(fmt::format("They part at {}, after {} that {} the same:", moment_words(parting.at),
                     count_of(found_.same_before, "step"), found_.same_before == 1 ? "is" : "are"));
    for (const SideName side : kBothSides) {
      const std::size_t first = parting.first[index_of(side)];
      if (first == Step::kNone) {
        line(fmt::format("  {}  does nothing that {} does not", letter_of(side),
                         letter_of(other(side))));
      } else {
        line(fmt::format("  {}  {}", letter_of(side), step(side, first)));
      }
    }
    for (const std::string& reason : parting.because) line("  " + reason);
    for (const SideName side : kBothSides) followed(side);
    rest();
  }

  std::string step(SideName side, std::size_t at) const {
    const ComparedRun& run = *runs_[index_of(side)];
    return fmt::format("{}  {} {}", moment_words(run.steps[at].at), run.steps[at].host,
                       run.words(at));
  }

  void followed(SideName side) {
    const auto& chain = found_.chain[index_of(side)];
    const std::size_t alone = found_.alone[index_of(side)].size();
    if (chain.empty()) return;
    line(fmt::format("What followed in {}{}:", letter_of(side),
                     alone > chain.size()
                         ? fmt::format(" ({} lead to its outcome, of {} that {} does not do)",
                                       chain.size(), alone, letter_of(other(side)))
                         : std::string()));
    constexpr std::size_t kFirst = 8;
    constexpr std::size_t kLast = 4;
    const bool folded = chain.size() > kFirst + kLast + 1;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      if (folded && i == kFirst) {
        line(fmt::format("  ... {} more ...", chain.size() - kFirst - kLast));
        i = chain.size() - kLast;
      }
      line("  " + step(side, chain[i]));
    }
  }

  void rest() {
    std::size_t behind = found_.same_in_all - std::min(found_.same_in_all, found_.same_before);
    if (behind == 0) return;
    line(fmt::format("Besides, {} {} the same in both{}.", count_of(behind, "later step"),
                     behind == 1 ? "is" : "are",
                     found_.shifted == 0
                         ? std::string()
                         : fmt::format("; {} come at other times, by up to {}", found_.shifted,
                                       gap_words(found_.furthest))));
  }

  BothSides<const ComparedRun*> runs_;
  const Comparison& found_;
  std::string text_;
};

}  // namespace

std::string moment_words(Duration at) {
  return fmt::format("{:.6f} s", std::chrono::duration<double>(at).count());
}

std::string comparison_text(const ComparedRun& a, const ComparedRun& b, const Comparison& found) {
  return ComparisonWriter(a, b, found).write();
}

std::string comparison_line(const ComparedRun& a, const ComparedRun& b, const Comparison& found) {
  if (found.same()) return "the same";
  const auto at = [](const ComparedRun& run, std::size_t step) {
    return step == Step::kNone
               ? std::string("nothing else")
               : fmt::format("{} {}", run.steps[step].host, shortened(run.words(step), 120));
  };
  if (found.only_times()) {
    const Shift& shift = found.shifts.front();
    return fmt::format("only times: {} comes {}", at(a, shift.step[0]), shift_words(shift.by));
  }
  std::string text;
  for (const FacetDifference& each : found.outcome) {
    text += (text.empty() ? "another " : ", ") + each.name;
  }
  if (text.empty()) text = "the same outcome by another way";
  if (!found.parting) return text;
  return fmt::format("{}; A: {}; B: {}", text, at(a, found.parting->first[0]),
                     at(b, found.parting->first[1]));
}

std::string steps_text(const ComparedRun& a, const ComparedRun& b, const Matching& matching) {
  std::string text;
  const auto row = [&](char mark, std::string_view at_a, std::string_view at_b,
                       const ComparedRun& run, std::size_t i) {
    text += fmt::format("{} {:>13} {:>13}  {:<10} {}\n", mark, at_a, at_b, run.steps[i].host,
                        run.words(i));
  };
  const auto is_shown = [](const Step& step) { return step.weight != Step::Weight::link; };
  std::size_t next = 0;
  const auto alone_of_b = [&](Duration until) {
    for (; next < b.steps.size() && b.steps[next].at <= until; ++next) {
      if (is_shown(b.steps[next]) && !matching.is_matched(SideName::b, next)) {
        row('B', "", moment_words(b.steps[next].at), b, next);
      }
    }
  };
  for (std::size_t i = 0; i < a.steps.size(); ++i) {
    const Step& step = a.steps[i];
    alone_of_b(step.at - Duration(1));
    if (!is_shown(step)) continue;
    const std::size_t match = matching.partner(SideName::a, i);
    if (match == Step::kNone) {
      row('A', moment_words(step.at), "", a, i);
    } else {
      row(b.steps[match].at == step.at ? '=' : '~', moment_words(step.at),
          moment_words(b.steps[match].at), a, i);
    }
  }
  alone_of_b(Duration::max());
  return text;
}

}  // namespace provlab::lab
