#pragma once
#include <optional>
#include <string>

#include "sim/lab/comparing/compared_run.hpp"
#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/pages/sequence.hpp"

/// Runs as the wire shows them, so that captures can be compared. What the phone says counts, by
/// the same meaning that `import` goes by (sim/lab/importing/divergence.hpp); what servers say is
/// there to explain it.
namespace provlab::tools {

struct WireView {
  /// A trace has no octets: what it does not say of a message is left out on both sides.
  bool as_traces_say = false;
  /// What the phone says from then on is left out: the other capture has ended.
  std::optional<Duration> until{};
};

lab::ComparedRun wire_run(std::string title, const lab::Conversation& heard,
                          const WireView& view = {});
lab::ComparedRun wire_run(std::string title, const lab::TraceLog& log);

/// Who says what to whom; events are numbered as the steps of the wire run, from 1.
lab::SequenceDiagram wire_diagram(const lab::Conversation& heard, const lab::ComparedRun& run);
/// The same where only the phone's side is known.
lab::SequenceDiagram wire_diagram(const lab::ComparedRun& run);

}  // namespace provlab::tools
