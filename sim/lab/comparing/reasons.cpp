#include "sim/lab/comparing/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/platform/text.hpp"
#include "sim/lab/trace/spoken_time.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostShifts = 3;
constexpr std::size_t kLongest = 160;

class ReasonFinder {
 public:
  ReasonFinder(const MatchedRuns& runs, const Comparison& found) : runs_(runs), found_(found) {}

  std::vector<std::string> run() {
    if (runs_.a.capture || runs_.b.capture) {
      what_was_heard();
    } else {
      order_of_arrivals();
      for (const SideName side : kBothSides) by_the_clock(side);
      shifts_before();
    }
    return std::move(because_);
  }

 private:
  const Step& step(SideName side, std::size_t at) const { return runs_.run(side).steps[at]; }
  std::size_t first(SideName side) const { return found_.parting->first[index_of(side)]; }

  /// The packet whose arrival led to a step at once.
  std::size_t arrival_behind(SideName side, std::size_t at) const {
    const ComparedRun& run = runs_.run(side);
    if (at == Step::kNone) return at;
    const Step& of = run.steps[at];
    std::size_t cause = of.cause;
    while (cause != Step::kNone && run.steps[cause].host == of.host &&
           run.steps[cause].at == of.at) {
      if (run.name(cause) == "packet_received") return cause;
      cause = run.steps[cause].cause;
    }
    return Step::kNone;
  }

  /// The same packet's arrival in the other run; Step::kNone: it never arrives.
  std::size_t twin(SideName side, std::size_t arrival) const {
    const SideName there = other(side);
    if (runs_.matching.is_matched(side, arrival)) return runs_.matching.partner(side, arrival);
    const std::size_t sent = step(side, arrival).cause;
    if (sent == Step::kNone || !runs_.matching.is_matched(side, sent)) return Step::kNone;
    const std::size_t twin = runs_.matching.partner(side, sent);
    const ComparedRun& run = runs_.run(there);
    for (std::size_t i = twin + 1; i < run.steps.size(); ++i) {
      const bool arrives = run.steps[i].cause == twin && run.name(i) == "packet_received" &&
                           run.steps[i].host == step(side, arrival).host;
      if (arrives) return i;
    }
    return Step::kNone;
  }

  std::string packet_words(SideName side, std::size_t arrival) const {
    return shortened(runs_.run(side).packet_words(arrival), kLongest);
  }

  /// Two packets that come in one order here and in the other one there.
  void order_of_arrivals() {
    const BothSides<std::size_t> mine{arrival_behind(SideName::a, first(SideName::a)),
                                      arrival_behind(SideName::b, first(SideName::b))};
    if (mine[0] != Step::kNone && mine[1] != Step::kNone && twin(SideName::a, mine[0]) != mine[1]) {
      for (const SideName side : kBothSides) {
        comes_before(side, mine[index_of(side)], other(side), mine[index_of(other(side))]);
      }
      return;
    }
    for (const SideName side : kBothSides) {
      if (mine[index_of(side)] != Step::kNone && swapped_before(side, mine[index_of(side)])) return;
    }
  }

  /// Tells that in the run of `side` its packet comes before that of the other run.
  void comes_before(SideName side, std::size_t mine, SideName there, std::size_t theirs) {
    const std::size_t late = twin(there, theirs);
    const std::string packet = packet_words(side, mine);
    const std::string late_packet = packet_words(there, theirs);
    const Duration at = step(side, mine).at;
    if (late == Step::kNone) {
      because_.push_back(fmt::format("in {} {} comes at {}, and {} never comes", letter_of(side),
                                     packet, gap_words(at), late_packet));
    } else if (step(side, late).at >= at) {
      const Duration gap = step(side, late).at - at;
      because_.push_back(fmt::format("in {} {} comes {} {}", letter_of(side), packet,
                                     gap == Duration{}
                                         ? std::string("in the same moment as, but before,")
                                         : gap_words(gap) + " before",
                                     late_packet));
    }
  }

  /// A packet that had come before the same one in one run, and comes behind it in the other.
  bool swapped_before(SideName side, std::size_t arrival) {
    const std::size_t there = twin(side, arrival);
    if (there == Step::kNone) return false;
    const ComparedRun& run = runs_.run(side);
    for (std::size_t i = run.steps.size(); i-- > 0;) {
      if (i == arrival || run.name(i) != "packet_received" ||
          run.steps[i].host != run.steps[arrival].host) {
        continue;
      }
      const std::size_t same = twin(side, i);
      if (same == Step::kNone || (i < arrival) == (same < there)) continue;
      const auto words = [&](SideName of, std::size_t packet, std::size_t one) {
        const Duration gap = step(of, packet).at - step(of, one).at;
        return fmt::format("in {} {} {}", letter_of(of), gap_words(gap),
                           packet < one ? "before" : "after");
      };
      because_.push_back(fmt::format("{} comes {} {}, {}", packet_words(side, i),
                                     words(side, i, arrival), packet_words(side, arrival),
                                     words(other(side), same, there) + " it"));
      return true;
    }
    return false;
  }

  void by_the_clock(SideName side) {
    const std::size_t at = first(side);
    if (at == Step::kNone) return;
    const Step& of = step(side, at);
    if (of.cause == Step::kNone || step(side, of.cause).at == of.at ||
        step(side, of.cause).host != of.host) {
      return;
    }
    because_.push_back(fmt::format("in {} it does so by its clock: {} have passed since it {}",
                                   letter_of(side), gap_words(of.at - step(side, of.cause).at),
                                   shortened(runs_.run(side).words(of.cause), kLongest)));
  }

  void shifts_before() {
    std::size_t told = 0;
    std::size_t more = 0;
    for (const Shift& shift : found_.shifts) {
      const Step& of = step(SideName::a, shift.step[0]);
      if (of.at > found_.parting->at) break;
      if (++told > kMostShifts) {
        ++more;
        continue;
      }
      because_.push_back(fmt::format("before, {} {} {} in B", of.host,
                                     shortened(runs_.a.words(shift.step[0]), kLongest),
                                     shift_words(shift.by)));
    }
    if (more > 0) because_.push_back(fmt::format("and {} more come at another time before", more));
  }

  /// What phones of captures had heard when they parted.
  void what_was_heard() {
    for (const SideName side : kBothSides) {
      const ComparedRun& run = runs_.run(side);
      for (std::size_t i = 0; i < run.steps.size(); ++i) {
        const Step& heard = run.steps[i];
        if (first(side) != Step::kNone && i > first(side)) break;
        if (first(side) == Step::kNone && heard.at > found_.parting->at) break;
        if (heard.weight != Step::Weight::heard || runs_.matching.is_matched(side, i)) continue;
        because_.push_back(fmt::format("in {} {} {} at {}, and not so in {}", letter_of(side),
                                       heard.host, shortened(run.words(i), kLongest),
                                       gap_words(heard.at), letter_of(other(side))));
        break;
      }
    }
    if (because_.empty()) {
      for (const SideName side : kBothSides) heard_last(side);
    }
  }

  void heard_last(SideName side) {
    const ComparedRun& run = runs_.run(side);
    if (first(side) == Step::kNone) return;
    for (std::size_t i = first(side); i-- > 0;) {
      if (run.steps[i].weight != Step::Weight::heard) continue;
      because_.push_back(fmt::format("in {} the last that it had heard, {} before: {} {}",
                                     letter_of(side),
                                     gap_words(run.steps[first(side)].at - run.steps[i].at),
                                     run.steps[i].host, shortened(run.words(i), kLongest)));
      return;
    }
  }

  const MatchedRuns& runs_;
  const Comparison& found_;
  std::vector<std::string> because_;
};

}  // namespace

std::vector<std::string> reasons_for(const MatchedRuns& runs, const Comparison& found) {
  return ReasonFinder(runs, found).run();
}

std::string gap_words(Duration gap) {
  gap = std::chrono::abs(gap);
  if (gap >= std::chrono::minutes(1)) return spoken(gap);
  const double seconds = std::chrono::duration<double>(gap).count();
  return gap < std::chrono::seconds(1) ? fmt::format("{:.7g} ms", seconds * 1000)
                                       : fmt::format("{:.10g} s", seconds);
}

std::string shift_words(Duration by) {
  return fmt::format("{} {}", gap_words(by), by < Duration{} ? "sooner" : "later");
}

std::string_view letter_of(SideName side) {
  return side == SideName::a ? "A" : "B";
}

}  // namespace provlab::lab
