#include "tools/one_scenario.hpp"

#include "sim/lab/language/load.hpp"
#include "tools/command.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

OneScenario load_one(const std::string& file, const std::string& root) {
  const lab::PlanResult plan = lab::load_scenario(file, root);
  if (!plan) {
    bool unreadable = false;
    for (const lab::Complaint& complaint : plan.error()) {
      say(stderr, "{}\n", complaint.to_string());
      unreadable = unreadable || complaint.line == 0;
    }
    return {.plan = nullptr, .exit_code = unreadable ? kUsage : kInvalid};
  }
  if (!(*plan)->daemons.empty()) {
    say(stderr, "provlab: {} needs {}, real servers that no virtual world has\n", file,
        lab::daemon_names((*plan)->daemons));
    return {.plan = nullptr, .exit_code = kUsage};
  }
  return {.plan = *plan};
}

}  // namespace provlab::tools
