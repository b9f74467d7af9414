#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "sim/world/world.hpp"

namespace provlab::lab {

/// Where one run departs from the natural order of deliveries: at the choice of this number (from
/// 1) the alternative of this number (from 1; 0 is the natural one) is taken.
using Deviations = std::map<std::size_t, std::size_t>;

/// `3:1,7:2`; `natural` where there is none. parse_token() undoes it.
std::string to_token(const Deviations& deviations);
Expected<Deviations> parse_token(std::string_view token);

struct DeliveryOptions {
  Duration window{};    ///< packets due within this of the next one may arrive before it
  unsigned faults = 0;  ///< packets that may be lost or doubled, at most
};

/// One point of a run where something else could have happened.
struct Choice {
  std::size_t alternatives = 1;  ///< the natural one included
  std::uint64_t state = 0;       ///< equal states have equal futures; see DeliveryOrder
  unsigned faults_left = 0;
};

/// Decides in which order the packets that are on their way to the device together arrive, and
/// which are lost or doubled. When the next packet is due there is a choice: it arrives; or one of
/// those due within the window arrives first and the others wait for it; or, while faults are left,
/// it is lost or arrives twice. Packets of one flow (both endpoints and protocol) keep their order,
/// as on each path of the network. Bare acknowledgements are not arbitrated.
///
/// A state is what has been said and done so far whatever its order, what is on its way, and the
/// time: two runs that agree in them are taken to go on alike.
class DeliveryOrder final : public world::Arbiter {
 public:
  DeliveryOrder(world::World& world, world::VirtualHost& device, DeliveryOptions options,
                const Deviations& deviations);
  /// What is still on its way then never arrives; the world must not go on.
  ~DeliveryOrder() override;
  DeliveryOrder(const DeliveryOrder&) = delete;
  DeliveryOrder& operator=(const DeliveryOrder&) = delete;

  void take(world::Packet packet, Instant due, EventNumber sent) override;

  /// All choices of the run so far.
  const std::vector<Choice>& choices() const { return choices_; }
  /// What was done against the natural order, in words: `a before b, c`; `a is lost`.
  const std::vector<std::string>& departures() const { return departures_; }

 private:
  struct Flight {
    world::Packet packet;
    Instant due;
    EventNumber sent = 0;
  };
  using Flights = std::list<Flight>;

  void decide();
  std::vector<Flights::iterator> candidates();
  void act(const std::vector<Flights::iterator>& ready, std::size_t choice);
  void arrive(Flights::iterator flight, unsigned copies);
  void arrive_first(const std::vector<Flights::iterator>& ready, std::size_t index);
  void wake_at(Instant when);
  std::uint64_t state();
  std::string label(const Flight& flight) const;

  world::World& world_;
  world::VirtualHost& device_;
  DeliveryOptions options_;
  const Deviations& deviations_;
  Flights flights_;  ///< in the order of their due times
  std::vector<Choice> choices_;
  std::vector<std::string> departures_;
  unsigned faults_ = 0;
  bool committed_ = false;  ///< the next arrival is decided
  std::size_t hashed_ = 0;  ///< events that deeds_ holds
  std::uint64_t deeds_ = 0;
};

}  // namespace provlab::lab
