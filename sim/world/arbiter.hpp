#pragma once
#include "sim/world/packet.hpp"

namespace provlab::world {

/// An explorer's hand on the network: takes every packet that is on its way to one host, and
/// decides when, in which order and whether it arrives. See Network::arbitrate().
class Arbiter {
 public:
  virtual ~Arbiter() = default;
  /// `due` is when the link would deliver it, `sent` the event of its sending (0: untraced).
  virtual void take(Packet packet, Instant due, EventNumber sent) = 0;
};

}  // namespace provlab::world
