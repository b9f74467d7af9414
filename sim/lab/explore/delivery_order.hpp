#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
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
  Duration window =
      std::chrono::milliseconds(200);  ///< how late a packet may come because others pass it
  unsigned faults = 0;                 ///< packets that may be lost or doubled, at most
  bool doubles = true;                 ///< else they may only be lost
  std::set<std::string, std::less<>> answers{};  ///< only packets of these; empty: all packets
};

/// One point of a run where something else could have happened.
struct Choice {
  std::size_t alternatives = 1;  ///< the natural one included
  std::uint64_t state = 0;       ///< equal states have equal futures; see DeliveryOrder
  unsigned faults_left = 0;
};

/// Decides in which order packets arrive at the device, and which are lost or doubled (D19).
///  1. A packet that is due is a choice: to arrive, to be held back, to be lost or to arrive twice.
///  2. A held packet waits until another has arrived. The other may be on its way already or be
///  sent
///     later. No packet is late by more than the window.
///  3. Packets are lost or doubled only while faults are left.
///  4. After each arrival every packet that was held back is a choice again. So each order of
///     arrivals within the window comes about by one sequence of choices.
///  5. Packets of one flow (both endpoints and protocol) keep their order, as on each path of the
///     network. Bare acknowledgements are no choices.
///  6. A state is what has been said and done, whatever its order and time, and what is on its way.
///     Two runs in equal states are taken to go on alike.
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
  /// What was done against the natural order, in words: `a is lost`, `b waits for c`.
  const std::vector<std::string>& departures() const { return departures_; }
  /// How many of the deviations came about.
  std::size_t deviated() const { return deviated_; }

 private:
  struct Flight {
    world::Packet packet;
    Instant due;
    Instant deadline;  ///< it may be held back until then
    EventNumber sent = 0;
    bool held = false;                       ///< until the next arrival
    bool passed = false;                     ///< by another, having been held
    std::optional<std::size_t> departure{};  ///< which of departures_ says so
  };
  using Flights = std::list<Flight>;

  Flights::iterator next();
  void decide();
  bool arbitrated(const Flight& flight) const;
  void act(Flights::iterator flight, std::size_t choice);
  void arrive(Flights::iterator flight, unsigned copies);
  void let_go(const Flight& passing);
  void hold(Flight& flight);
  void lose(Flights::iterator flight);
  void wake_at(Instant when);
  /// Before the choice about `next`.
  std::uint64_t state(const Flight& next);
  /// The answer that it carries, by its id; empty where it carries none.
  std::string answer_of(const Flight& flight) const;
  std::string label(const Flight& flight) const;

  world::World& world_;
  world::VirtualHost& device_;
  DeliveryOptions options_;
  const Deviations& deviations_;
  Flights flights_;  ///< in the order in which they are due
  std::vector<Choice> choices_;
  std::vector<std::string> departures_;
  unsigned faults_ = 0;
  std::size_t deviated_ = 0;
  EventNumber hashed_ = 0;  ///< the last event that deeds_ holds
  std::uint64_t deeds_ = 0;
};

}  // namespace provlab::lab
