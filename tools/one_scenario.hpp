#pragma once
#include <string>

#include "sim/lab/plan/plan.hpp"

namespace provlab::tools {

/// One scenario that a virtual world can play, or the exit code where there is none.
struct OneScenario {
  lab::Shared<lab::ScenarioPlan> plan;  ///< null: a word on stderr says why
  int exit_code = 0;
};

/// `root`: of what it names by src; empty: its folder.
OneScenario load_one(const std::string& file, const std::string& root);

}  // namespace provlab::tools
