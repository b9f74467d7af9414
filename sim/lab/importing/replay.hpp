#pragma once
#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/importing/draft_scenario.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/play.hpp"

namespace provlab::lab {

/// What our phone and a scenario's servers say to each other.
struct Replay {
  Conversation heard;
  DraftOutcome outcome;
};

/// What the phone of that MAC address and its servers say in a capture.
Conversation conversation_in_octets(const std::string& capture, const MacAddress& mac);

/// Plays a variant of a scenario, and reads its capture as any other. `prepare`, where given, is
/// called before it begins.
Replay replay(const Shared<ScenarioPlan>& plan, const Variant& variant,
              const std::function<void(Play&)>& prepare = {});

}  // namespace provlab::lab
