#include "sim/lab/comparing/notices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/platform/text.hpp"
#include "sim/lab/comparing/meaning.hpp"

namespace provlab::lab {

namespace {

/// Without `run 1 (boot): ` in front of it.
std::string_view without_run(std::string_view line) {
  const std::size_t colon = line.find(": ");
  return line.starts_with("run ") && colon != line.npos ? line.substr(colon + 2) : line;
}

/// What a result says of a run that the trace does not end.
constexpr std::string_view kNotOver = "is not over";

/// `source_failed` as `source failed`.
std::string spoken(std::string_view event) {
  std::string words(event);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string_view up_to(std::string_view text, std::string_view end) {
  return text.substr(0, text.find(end));
}

std::string first_of(const std::vector<std::string>& lines) {
  return lines.empty() ? std::string() : lines.front();
}

constexpr std::size_t kLongestPiece = 80;

/// The field from the part on in which it is another than in the other run.
std::string piece_of(std::string_view value, std::string_view other) {
  const auto common = std::ranges::mismatch(value, other).in1 - value.begin();
  const std::string_view before = value.substr(0, static_cast<std::size_t>(common));
  std::size_t from = before.rfind(" | ");  // between the fields of a message
  from = from != before.npos ? from + 3 : before.rfind(' ') + 1;
  return (from > 0 ? "…" : "") + shortened(value.substr(from), kLongestPiece);
}

/// The first field that tells two events apart which say the same, as it is in each.
BothSides<std::string> telling_field(const LoggedEvent& a, const LoggedEvent& b) {
  std::vector<WallTime> moments;
  for (const LoggedField& field : a.fields) {
    const std::string one = without_chance(field.value, moments);
    const std::string other = without_chance(b.field(field.name), moments);
    if (one == other) continue;
    return {fmt::format(", {} {}", spoken(field.name), piece_of(one, other)),
            fmt::format(", {} {}", spoken(field.name), piece_of(other, one))};
  }
  return {};
}

class NoticeWriter {
 public:
  NoticeWriter(const ComparedRun& a, const ComparedRun& b, const Comparison& found)
      : runs_{&a, &b}, found_(found) {}

  std::vector<Notice> write() {
    add_faults();
    if (!notices_.empty()) return std::move(notices_);
    static constexpr std::array<std::string_view, 7> kOrder{
        "verdict", "result", "winner", "requests", "sentence", "settings", "sections changed"};
    for (const std::string_view name : kOrder) {
      const auto facet = std::ranges::find(found_.outcome, name, &FacetDifference::name);
      if (facet != found_.outcome.end()) add(*facet);
    }
    for (const FacetDifference& facet : found_.outcome) {
      if (std::ranges::find(kOrder, facet.name) == kOrder.end())
        add("another " + facet.name, facet);
    }
    // A verdict says that something differs, and not what.
    const bool only_verdict = found_.outcome.size() == 1 && found_.outcome[0].name == "verdict";
    if (!notices_.empty() && !only_verdict) return std::move(notices_);
    if (found_.parting) {
      add_parting();
    } else if (!found_.shifts.empty()) {
      add_times(found_.shifts.front());
    }
    return std::move(notices_);
  }

 private:
  void add(std::string text, const FacetDifference& facet) {
    notices_.push_back({std::move(text), {first_of(facet.alone[0]), first_of(facet.alone[1])}});
  }

  /// What a verdict says where a fault of the program ended the run; empty: none did.
  std::string fault(SideName side) const {
    constexpr std::string_view kBroken = "broken: ";
    const Facet* const verdict = runs_[index_of(side)]->facet("verdict");
    const std::string line = verdict == nullptr ? std::string() : first_of(verdict->lines);
    return line.starts_with(kBroken) ? line.substr(kBroken.size()) : std::string();
  }

  /// What came before it, or what came of a run that no fault ended.
  std::string end_of(SideName side) const {
    const ComparedRun& run = *runs_[index_of(side)];
    if (fault(side).empty()) {
      const Facet* const verdict = run.facet("verdict");
      return verdict == nullptr ? std::string() : first_of(verdict->lines);
    }
    if (run.steps.empty()) return "it ended there, and tells nothing of what came before";
    const std::size_t last = run.steps.size() - 1;
    return fmt::format("it ended after {} s {}", seconds(run, last), words(side, last));
  }

  /// Where a run was ended in its middle, what else it lacks says nothing.
  void add_faults() {
    const std::string was = fault(SideName::a);
    const std::string is = fault(SideName::b);
    if (was == is) return;
    notices_.push_back({is.empty() ? "no fault ends the run any more: " + was
                                   : "a fault of the program ends the run now: " + is,
                        {end_of(SideName::a), end_of(SideName::b)}});
  }

  void add(const FacetDifference& facet) {
    const std::string was = first_of(facet.alone[0]);
    const std::string is = first_of(facet.alone[1]);
    const auto either = [](std::string_view text) { return text.empty() ? "none" : text; };
    if (facet.name == "verdict") {
      const Facet* now = runs_[1]->facet("verdict");
      const bool passes = now != nullptr && first_of(now->lines).starts_with("passed");
      add(passes ? "the scenario passes now" : "the scenario does not hold", facet);
    } else if (facet.name == "result") {
      add(without_run(is) == kNotOver ? "a run does not end any more"
          : without_run(was) == kNotOver
              ? fmt::format("a run ends {} now, which did not end", either(without_run(is)))
              : fmt::format("a run ends {} instead of {}", either(without_run(is)),
                            either(without_run(was))),
          facet);
    } else if (facet.name == "winner") {
      const auto source = [&](std::string_view line) {
        return either(up_to(without_run(line), ","));
      };
      add(source(was) == source(is)
              ? fmt::format("{} wins with another URL", source(is))
              : fmt::format("the winner is {} instead of {}", source(is), source(was)),
          facet);
    } else if (facet.name == "requests") {
      add(facet.order_only ? "servers get requests in another order"
          : was.empty()    ? "servers get more requests"
          : is.empty()     ? "servers get fewer requests"
                           : "servers get other requests",
          facet);
    } else if (facet.name == "sentence") {
      add("the phone says another sentence of its run", facet);
    } else if (facet.name == "settings") {
      const std::string_view path = up_to(is.empty() ? was : is, ": ");
      add(facet.order_only ? "settings stand in another order"
                           : fmt::format("the setting {} ends otherwise", path),
          facet);
    } else {
      add("other sections are changed", facet);
    }
  }

  std::string words(SideName side, std::size_t step) const {
    if (step == Step::kNone) return {};
    const ComparedRun& run = *runs_[index_of(side)];
    return fmt::format("{} {}", run.steps[step].host, run.words(step));
  }

  /// Of both; where they are the same, with the field that is not.
  BothSides<std::string> words_of_both(std::size_t a, std::size_t b) const {
    BothSides<std::string> both{words(SideName::a, a), words(SideName::b, b)};
    if (both[0] != both[1] || a == Step::kNone || runs_[0]->capture || runs_[1]->capture) {
      return both;
    }
    const auto event = [](const ComparedRun& run, std::size_t step) -> const LoggedEvent& {
      return run.log.event(run.steps[step].event);
    };
    const BothSides<std::string> field = telling_field(event(*runs_[0], a), event(*runs_[1], b));
    return {both[0] + field[0], both[1] + field[1]};
  }

  /// The first thing that a server does in one run alone.
  std::optional<std::size_t> at_server(SideName side) const {
    const ComparedRun& run = *runs_[index_of(side)];
    for (const std::size_t step : found_.alone[index_of(side)]) {
      if (!run.steps[step].by_phone()) return step;
    }
    return std::nullopt;
  }

  void add_parting() {
    const auto a = at_server(SideName::a);
    const auto b = at_server(SideName::b);
    if (a || b) {
      const std::size_t one = a.value_or(Step::kNone);
      const std::size_t other = b.value_or(Step::kNone);
      const ComparedRun& run = *runs_[a ? 0 : 1];
      notices_.push_back(
          {fmt::format("servers notice something else: {}", spoken(run.name(a ? one : other))),
           words_of_both(one, other)});
      return;
    }
    const auto& first = found_.parting->first;
    const auto name = [&](SideName side) {
      const std::size_t step = first[index_of(side)];
      return step == Step::kNone ? "nothing" : spoken(runs_[index_of(side)]->name(step));
    };
    const std::string was = name(SideName::a);
    const std::string is = name(SideName::b);
    notices_.push_back(
        {was == is ? fmt::format("only the phone's own record differs, of: {}", is)
                   : fmt::format("only the phone's own record differs: {} instead of {}", is, was),
         words_of_both(first[0], first[1])});
  }

  void add_times(const Shift& shift) {
    const ComparedRun& a = *runs_[0];
    const std::size_t step = shift.step[0];
    const bool later = shift.by > Duration::zero();
    // Moments that events name move as well where times do not.
    notices_.push_back({fmt::format("only times differ: {} comes {}", spoken(a.name(step)),
                                    later                          ? "later"
                                    : shift.by == Duration::zero() ? "with another moment"
                                                                   : "sooner"),
                        {fmt::format("{} s {}", seconds(a, step), words(SideName::a, step)),
                         fmt::format("{} s {}", seconds(*runs_[1], shift.step[1]),
                                     words(SideName::b, shift.step[1]))}});
  }

  static std::string seconds(const ComparedRun& run, std::size_t step) {
    return fmt::format("{:.6f}", std::chrono::duration<double>(run.steps[step].at).count());
  }

  BothSides<const ComparedRun*> runs_;
  const Comparison& found_;
  std::vector<Notice> notices_;
};

}  // namespace

std::vector<Notice> notices(const ComparedRun& a, const ComparedRun& b, const Comparison& found) {
  return NoticeWriter(a, b, found).write();
}

}  // namespace provlab::lab
