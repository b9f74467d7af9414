#include "sim/lab/cuts/power_cut.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/lab/cuts/healing.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "sim/phone/events.hpp"

namespace provlab::lab {

namespace {

const Variant kNoRace;

std::vector<std::string> differing(const settings::Configuration& from,
                                   const settings::Configuration& to) {
  std::vector<std::string> texts;
  for (const Difference& each : differences(from, to)) {
    texts.push_back(each.order_only
                        ? fmt::format("{}: in another order", each.path)
                        : fmt::format("{}: {} instead of {}", each.path, each.to, each.from));
  }
  return texts;
}

/// Cuts the power of a play behind an event, and looks at the store when it is back.
class Cutter {
 public:
  Cutter(Play& play, EventNumber after) : play_(play), after_(after) {
    play.between_steps([this] { look(); });
  }

  bool has_cut() const { return at_cut_.has_value(); }
  const settings::Configuration& at_cut() const { return *at_cut_; }
  /// How the settings that came back differ from those that went; empty: not at all.
  const std::string& difference() const { return difference_; }

 private:
  void look() {
    const Trace& trace = play_.trace();
    if (!at_cut_) {
      if (trace.last() < after_) return;
      at_cut_ = play_.configuration();
      seen_ = trace.last();
      play_.fail_power(kOutage);
    }
    while (!back_ && seen_ < trace.last()) {
      if (!trace.event(++seen_).is<phone::PoweredOn>()) continue;
      back_ = true;
      if (*at_cut_ == play_.configuration()) return;
      difference_ = fmt::format("{}", fmt::join(differing(*at_cut_, play_.configuration()), "; "));
    }
  }

  Play& play_;
  EventNumber after_;
  std::optional<settings::Configuration> at_cut_;
  EventNumber seen_ = 0;
  bool back_ = false;
  std::string difference_;
};

/// Where a run has no end of its own, nothing can be compared with it.
void must_have_ended(const Play& play, std::string_view which) {
  const Trace& trace = play.trace();
  if (trace.event(trace.last()).is<RunStopped>()) {
    throw std::runtime_error(
        fmt::format("the run {} exceeds a limit, so that there is nothing to compare with", which));
  }
}

}  // namespace

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::uncut:
      return "uncut";
    case Ending::healed:
      return "healed";
    case Ending::twice:
      return "twice";
    case Ending::begun:
      return "begun";
    case Ending::none:
      return "none";
  }
  return "";
}

bool CutScenario::fits(const ScenarioPlan& plan) {
  return plan.timeline.size() == 1 && plan.timeline[0].is<PowerOn>() &&
         plan.timeline[0].at.anchor.empty() && !plan.until && plan.daemons.empty();
}

settings::Configuration CutScenario::end_of(const Shared<ScenarioPlan>& plan) const {
  Play play(plan, kNoRace, plan->seed, limits_);
  play.run();
  must_have_ended(play, "in a network that is in order");
  return play.configuration();
}

CutScenario::CutScenario(Shared<ScenarioPlan> plan, RunLimits limits)
    : plan_(std::move(plan)), limits_(std::move(limits)) {
  Play play(plan_, kNoRace, plan_->seed, limits_);
  const Trace& trace = play.trace();
  EventNumber seen = 0;
  bool on = false;
  play.between_steps([&] {
    const EventNumber before = seen;
    while (seen < trace.last()) on = trace.event(++seen).is<phone::PoweredOn>() || on;
    if (!on || seen == before) return;
    places_.push_back(seen);
    moments_.push_back(trace.event(seen).at());
  });
  play.run();
  must_have_ended(play, "without a cut");
  uncut_ = play.configuration();
  healed_ = can_heal(*plan_) ? begun_with({}) : uncut_;
  if (places_.empty()) return;
  const auto healed = healed_at(*plan_, moments_.back() + kOutage);
  Play again(healed, kNoRace, plan_->seed, limits_);
  const Cutter cutter(again, places_.back());
  again.run();
  must_have_ended(again, "that is done twice");
  twice_ = again.configuration();
}

settings::Configuration CutScenario::begun_with(const settings::Configuration& begin) const {
  auto healed = std::make_shared<ScenarioPlan>(*healed_at(*plan_, Instant{}));
  healed->losses.clear();
  healed->link.loss = 0;
  for (HostPlan& host : healed->hosts) host.options.loss = 0;
  if (!begin.sections().empty()) {
    healed->phone.initial_configuration_xml = begin.to_xml();
    healed->phone.settings.clear();
  }
  return end_of(healed);
}

Ending CutScenario::ending_of(const settings::Configuration& end,
                              const settings::Configuration& at_cut) const {
  if (end == uncut_) return Ending::uncut;
  if (end == healed_) return Ending::healed;
  if (end == twice_) return Ending::twice;
  return end == begun_with(at_cut) ? Ending::begun : Ending::none;
}

CutRun CutScenario::cut(EventNumber after, CutText* text) const {
  const auto place = std::ranges::lower_bound(places_, after);
  CutRun run;
  run.after = after;
  run.at = moments_[static_cast<std::size_t>(place - places_.begin())];
  Play play(healed_at(*plan_, run.at + kOutage), kNoRace, plan_->seed, limits_);
  const Cutter cutter(play, after);
  play.run();
  if (!cutter.has_cut()) must_have_ended(play, "before its cut");
  run.store = cutter.difference();
  run.ending = ending_of(play.configuration(), cutter.at_cut());
  if (run.ending == Ending::none) run.differences = differing(uncut_, play.configuration());
  run.broken = broken_invariants(*plan_, play.trace());
  run.checksum = play.trace().checksum();
  if (run.failed()) run.place = sentence_of(play.trace(), play.trace().event(after));
  if (text != nullptr) {
    text->json_lines = play.trace().json_lines();
    text->narration = narrate(play.trace(), plan_->epoch);
  }
  return run;
}

}  // namespace provlab::lab
