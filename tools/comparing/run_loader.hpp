#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/suite/runner.hpp"
#include "tools/comparing/run_operand.hpp"

namespace provlab::tools {

struct LoadOptions {
  lab::RunLimits limits{};
  std::string root{};  ///< of what scenarios name by src
  lab::DeliveryOptions delivery{};
  bool racers_only = false;
  unsigned jobs = 0;
  std::optional<MacAddress> mac{};  ///< of the phone of captures
};

/// The runs of an operand, with their traces: scenarios are played, traces and reports read.
struct LoadedRuns {
  std::vector<lab::RunReport> runs;
  bool judged = true;  ///< false: of traces alone nobody knows whether they passed
};

bool is_capture(const Operand& operand);
bool is_trace(const Operand& operand);  ///< of one run, as JSON lines
Expected<LoadedRuns> load_runs(const Operand& operand, const LoadOptions& options);
/// What a phone and its servers say to each other: in a capture, or in the one run of a scenario
/// that an operand names.
Expected<lab::Conversation> load_conversation(const Operand& operand, const LoadOptions& options);

}  // namespace provlab::tools
