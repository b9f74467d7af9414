#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/mapping/plane.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/verdict/outcome_class.hpp"

namespace provlab::lab {

/// What is played at every point of a plane, but for its delays.
struct TrialSetting {
  Shared<ScenarioPlan> plan;
  DelayAxis x;
  std::optional<DelayAxis> y;
  std::uint64_t seed = 1;
  RunLimits limits{};
};

/// The outcome of the scenario, without its race, at a point.
OutcomeClass outcome_at(const TrialSetting& setting, const PlanePoint& point);

/// The same with what a border can come from.
struct WatchedTrial {
  struct Arrival {
    std::string answer;
    Instant at;
    EventNumber packet = 0;
  };
  /// A source that got no answer in time.
  struct GivenUp {
    std::string source;
    Instant at;
    Duration after{};  ///< it was asked
  };
  /// Something that no arrival leads to in this instant.
  struct Deed {
    std::string words;
    Instant at;
  };
  std::vector<Arrival> arrivals;  ///< of answers of both axes, and of other named ones
  std::vector<GivenUp> given_up;
  std::vector<Deed> deeds;
};

WatchedTrial watched_trial(const TrialSetting& setting, const PlanePoint& point);

/// The ids of all answers that leave, or would, in the scenario without its race.
std::vector<std::string> answers_of(const Shared<ScenarioPlan>& plan, std::uint64_t seed,
                                    const RunLimits& limits);

}  // namespace provlab::lab
