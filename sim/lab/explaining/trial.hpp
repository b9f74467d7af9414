#pragma once
#include <string>
#include <vector>

#include "sim/lab/explaining/assumption.hpp"
#include "sim/lab/explaining/likeness.hpp"
#include "sim/lab/importing/draft_scenario.hpp"
#include "sim/world/packet.hpp"

namespace provlab::lab {

/// A packet of a run between the phone and a host, as `<lose>` counts it.
struct RunPacket {
  Duration at{};
  std::string from;  ///< host id, or `device`
  std::string to;
  world::Protocol protocol{};
  unsigned nth = 0;   ///< of those with the same three
  Endpoint target;    ///< where it is sent
  std::string words;  ///< what it is; empty: a bare acknowledgement
};

/// A scenario that was tried.
struct Trial {
  bool valid = false;
  Conversation heard;  ///< as the tap would have seen our phone
  DraftOutcome outcome;
  std::vector<RunPacket> packets;  ///< only where they were asked for
  std::optional<Divergence> divergence;
  Likeness likeness;
  bool explains() const { return valid && !divergence; }
};

/// Tries scenarios against a capture. May be asked by several threads at once.
class Bench {
 public:
  /// `file`: beside which the documents lie. The conversation must outlive it.
  Bench(const Conversation& captured, std::string file, Duration slack)
      : captured_(captured), file_(std::move(file)), slack_(slack) {}

  /// Notes the packets where they are asked for.
  Trial play(const std::string& text, const std::vector<Unseen>& unseen, bool packets) const;
  const Conversation& captured() const { return captured_; }

 private:
  const Conversation& captured_;
  std::string file_;
  Duration slack_;
};

}  // namespace provlab::lab
