#pragma once
#include <map>
#include <string>

#include "core/platform/error.hpp"
#include "sim/lab/explore/findings.hpp"

/// The outcomes of an exploration, kept in a file for later ones to be compared with.
namespace provlab::lab {

/// Outcome classes as a baseline keeps them, each with the circumstances that first showed it.
using OutcomeClasses = std::map<std::string, std::string>;

/// What an exploration is compared with, and how that one was made.
struct Baseline {
  DeliveryOptions delivery;
  bool racers_only = false;  ///< only answers of the race come in another order
  OutcomeClasses classes;
};

Expected<Baseline> read_baseline(const std::string& file);

/// The outcomes of an exploration as a baseline has them, without the circumstances.
OutcomeClasses outcome_names(const Exploration& found);

}  // namespace provlab::lab
