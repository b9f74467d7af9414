#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "sim/lab/importing/markup_node.hpp"
#include "sim/lab/importing/stand_ins.hpp"

namespace provlab::lab {

/// What no wire shows of a phone: its settings and knobs, and what hands do to it. Somebody who
/// knows it writes it as a scenario; the rest of that scenario counts for nothing.
struct KnownPhone {
  MarkupNode device;
  std::vector<MarkupNode> hands;  ///< actions of the timeline
  /// One of these that plugs its cable in: when, and where it leads.
  struct Move {
    Duration at{};
    std::string lan;
  };
  std::string until;  ///< of the timeline; empty: it does not say
  std::string lan{};  ///< in which it starts; empty: in the first
  std::vector<Move> moves{};
  Duration begin{};  ///< when it has power for the first time
  /// From when until when its cable is out.
  std::vector<std::pair<Duration, Duration>> without_cable{};
  std::map<std::string, std::string> documents;  ///< that they name, to be laid beside the scenario

  /// `since_begin`: as times of a conversation are. Nobody hears what it says then.
  bool has_cable(Duration since_begin) const;
};

Expected<KnownPhone> known_phone(const std::string& scenario);

/// With stand-ins for all that is a customer's, as in a conversation.
void anonymise(KnownPhone& phone, StandIns& stand_ins);

}  // namespace provlab::lab
