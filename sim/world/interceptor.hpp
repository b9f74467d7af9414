#pragma once
#include "sim/world/packet.hpp"

namespace provlab::world {

/// Stands at the door of one station: is shown every packet in the moment in which it would arrive
/// there, whoever decided about that moment. See Network::intercept().
class Interceptor {
 public:
  virtual ~Interceptor() = default;
  /// True where it keeps the packet, which then has not arrived; it may call Network::deliver() for
  /// it, now or later, any number of times, and is shown it again each time. `sent` is the event of
  /// its sending (0: untraced).
  virtual bool keeps(Packet& packet, EventNumber sent) = 0;
};

}  // namespace provlab::world
