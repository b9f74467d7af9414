#pragma once
#include <cstdint>
#include <string>

#include "core/settings/configuration.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// What can be told apart from outside (D62).
struct OutcomeClass {
  std::string winner;          ///< of each run, separated by spaces; `none`
  std::string result;          ///< of each run; `none` where a run has no result
  std::string requests;        ///< of HTTP, in order: `GET /a.xml at prov`
  std::string heard;           ///< check-syncs and starts of runs; empty without the former
  std::uint64_t settings = 0;  ///< checksum of the configuration at the end

  std::string to_string() const;
  auto operator<=>(const OutcomeClass&) const = default;
};

/// The list of an outcome class that the event is told in; nullptr where in none.
const char* told_in(const TraceRecord& record);

/// `configuration`: the phone's at the end.
OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration);

}  // namespace provlab::lab
