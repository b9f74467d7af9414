#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/explore/explored_run.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/outcome_class.hpp"

namespace provlab::lab {

/// The run whose neighbours are looked at: a variant of a scenario, or a run of an exploration.
struct BaseRun {
  Shared<ScenarioPlan> plan;
  Variant variant{};  ///< of an exploration one without a name and a race
  std::uint64_t seed = 1;
  RunLimits limits{};
  std::optional<Deviations> deviations{};  ///< of an exploration
  DeliveryOptions delivery{};              ///< of an exploration
};

/// What is kept of a neighbour.
struct PlayedNeighbour {
  OutcomeClass outcome;
  bool passed = false;                         ///< by the variant that it came to
  std::vector<std::string> broken;             ///< invariants by their numbers; but for an
                                               ///< exploration also expectations, `line 12`
  bool came = false;                           ///< all its mishaps came about
  bool departed = false;                       ///< of an exploration: so did all its deviations
  std::vector<std::string> departures;         ///< of an exploration, in words
  std::vector<MishapMaker::Arrival> arrivals;  ///< by the numbers of mishaps, from 1 on
  std::vector<Instant> moments;  ///< at which anything happened at the phone, each once
  std::uint64_t deeds = 0;       ///< over all that happened and what led to it, not when
};

PlayedNeighbour play_neighbour(const BaseRun& base, const Mishaps& mishaps);

/// So long behind `first` these moments are, but for those before it.
std::vector<Duration> moments_from(const std::vector<Instant>& moments, Instant first);

/// A packet to the phone, for people.
struct PacketWords {
  std::string words = "a packet";  ///< `the NOTIFY of pbx at 2.001s`
  EventNumber received = 0;        ///< its `packet_received`; 0: it has none
  Duration at{};                   ///< from the start
};
/// What these packets are, by their numbers, in the run with `mishaps`.
std::vector<PacketWords> packet_words(const BaseRun& base, const Mishaps& mishaps,
                                      const std::vector<std::size_t>& packets);

}  // namespace provlab::lab
