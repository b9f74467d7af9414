#include "sim/lab/explaining/unknown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/explaining/candidates.hpp"
#include "sim/lab/explaining/search.hpp"
#include "sim/lab/importing/draft_device.hpp"
#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostQuestions = 5;

class OpenQuestions {
 public:
  OpenQuestions(const Bench& bench, const DraftWorld& world, const std::string& scenario,
                std::size_t& runs)
      : bench_(bench), world_(world), scenario_(scenario), runs_(runs) {}

  std::vector<std::string> all() {
    ask_about_silence();
    ask_about_buttons();
    ask_about_device();
    const auto& said = bench_.captured().said;
    if (std::ranges::any_of(said, [](const Said& each) { return each.talk == Talk::tls; })) {
      all_.emplace_back("What was said within TLS.");
    }
    return std::move(all_);
  }

 private:
  void ask_about_silence() {
    const Conversation& heard = bench_.captured();
    std::size_t count = 0;
    for (std::size_t i = 0; i < heard.said.size(); ++i) {
      const Said& said = heard.said[i];
      const bool question = said.by_phone && !said.answers && !kind_of_question(said).empty() &&
                            said.words != "release" && said.words != "decline";
      if (!question || !heard.said[i].answered_by.empty() || !was_asked_again(i)) continue;
      if (++count > kMostQuestions) break;
      all_.push_back(fmt::format(
          "Whether the phone's {} to {} at {} was lost behind the tap, or its answer before it, or "
          "nobody answered.",
          said.words, said.to.address.is_unicast() ? world_.name_of(said.to.address) : "everybody",
          time_words(said.at)));
    }
  }

  /// What the capture ends with may have been answered.
  bool was_asked_again(std::size_t place) const {
    const Conversation& heard = bench_.captured();
    const Said& said = heard.said[place];
    return std::any_of(heard.said.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                       heard.said.end(), [&](const Said& later) {
                         return later.by_phone && later.talk == said.talk &&
                                later.words == said.words;
                       });
  }

  void ask_about_buttons() {
    for (const DraftTrigger& trigger : draft_triggers(bench_.captured())) {
      if (trigger.kind != DraftTrigger::Kind::press) continue;
      all_.push_back(
          fmt::format("Whether somebody pressed Start provisioning at {}, or the phone's own "
                      "schedule began that run.",
                      time_words(trigger.at)));
    }
  }

  /// What could have been otherwise without a difference on the wire.
  void ask_about_device() {
    Trial trial = bench_.play(scenario_, {}, false);
    trial.heard.end += std::chrono::hours(24);
    const bool release_known = draft_device(bench_.captured()).release_known;
    for (const Assumption& each : device_candidates(bench_.captured(), world_, trial, scenario_)) {
      const bool asked = (each.kind == AssumptionKind::release && !release_known) ||
                         each.kind == AssumptionKind::stored;
      if (!asked) continue;
      const std::string text = with_assumptions(scenario_, {each});
      if (text.empty()) continue;
      const Trial other = bench_.play(text, {}, false);
      ++runs_;
      const bool same = other.valid && likeness(trial.heard, other.heard).apart == 0;
      if (same) all_.push_back(fmt::format("Whether {}: the wire would be the same.", each.words));
    }
  }

  const Bench& bench_;
  const DraftWorld& world_;
  const std::string& scenario_;
  std::size_t& runs_;
  std::vector<std::string> all_;
};

}  // namespace

std::vector<std::string> what_is_unknown(const Bench& bench, const DraftWorld& world,
                                         const std::string& scenario, std::size_t& runs) {
  return OpenQuestions(bench, world, scenario, runs).all();
}

}  // namespace provlab::lab
