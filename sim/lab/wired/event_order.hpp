#pragma once
#include <string>
#include <vector>

#include "sim/lab/verdict/verdict.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// Something that happened to the phone, in words that do not depend on when it was.
struct OrderedEvent {
  Instant at;
  std::string words;
};

/// What happened to the phone, in order. Packets are left out, and what only a wire tells.
std::vector<OrderedEvent> order_of_events(const Trace& trace);

/// How its finding is called.
inline constexpr std::string_view kOrderOnWire = "order on the wire";

/// Whether the order on the wire is that of virtual time, as a finding of the run. What happens in
/// one instant there has no order in time; that of a tied race is the business of its evidence.
/// `epoch`: the wall time at the start, for the time line.
Finding compare_order(const std::vector<OrderedEvent>& reference, const Trace& wired,
                      WallTime epoch = {});

}  // namespace provlab::lab
