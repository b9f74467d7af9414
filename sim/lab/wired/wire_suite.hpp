#pragma once
#include "sim/lab/suite/runner.hpp"

namespace provlab::lab {

struct WireOptions {
  Duration slack = std::chrono::milliseconds(50);  ///< by so much times may be off
  Duration limit = std::chrono::seconds(30);       ///< longer runs are left out
};

/// Runs scenarios as run_suite() does, each over a cable of its own in the process's network
/// namespace, many at a time: they mostly wait. Each is played in virtual time first, which tells
/// how long it lasts, and in which order the phone's events are to come.
SuiteReport run_wired(const std::vector<std::string>& files, const RunnerOptions& options,
                      const WireOptions& wire);

}  // namespace provlab::lab
