#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/trace.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// A promise that holds of every run, whatever its scenario expects, and that this one broke
/// (SPEC 10).
struct BrokenInvariant {
  std::string_view number;   ///< `I4`
  std::string_view promise;  ///< a sentence without full stop
  std::string actual;        ///< the same
  EventNumber event = 0;     ///< where it shows
};

/// Reads the trace once. I6 is judged as far as the order of downloads shows it; I7 as the
/// lab found it at each change (SettingsWatch), I10 when the scenario ended. I11 takes two runs
/// (`run --twice`).
std::vector<BrokenInvariant> broken_invariants(const ScenarioPlan& plan, const Trace& trace);

}  // namespace provlab::lab
