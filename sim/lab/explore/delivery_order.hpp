#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/explore/pilot.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

struct DeliveryOptions {
  Duration window =
      std::chrono::milliseconds(200);  ///< how late a packet may come because others pass it
  unsigned faults = 0;                 ///< packets that may be lost or doubled, at most
  bool doubles = true;                 ///< else they may only be lost
  std::set<std::string, std::less<>> answers{};  ///< only packets of these; empty: all packets
  bool states = false;                           ///< of choices are wanted
};

/// One point of a run where something else could have happened.
struct Choice {
  std::size_t alternatives = 1;  ///< the natural one included
  std::uint64_t state = 0;       ///< equal states have equal futures; see DeliveryOrder
  unsigned faults_left = 0;
};

/// A packet that has arrived at the phone.
struct Delivery {
  DeliveryId id = 0;
  std::uint64_t flow = 0;
  DeliveryId cause = 0;              ///< the arbitrated delivery that led to it; 0: none
  std::string label{};               ///< in words, of those that have arrived
  EventNumber sent = 0;              ///< the event of its sending; 0: untraced
  std::vector<EventNumber> arrived;  ///< the events of its arrival, two where it came twice
  Instant by_link{};                 ///< when the link alone would have delivered it
  Instant due{};                     ///< the same behind what was before it in its flow
  Instant deadline{};                ///< until when it could have been held back
  std::size_t offered = 0;           ///< the number of the first choice about it; 0: none
  std::size_t choice = 0;            ///< of the choice at which it arrived; 0: it had to
  bool could_wait = false;           ///< at the first choice about it
};

/// Lets a pilot decide in which order packets arrive at the device, and which are lost or doubled
/// (D19).
///  1. A packet that is due is a choice: to arrive, to be held back, to be lost or to arrive twice.
///  2. A held packet waits until another has arrived. The other may be on its way already or be
///  sent
///     later. No packet is late by more than the window.
///  3. Packets are lost or doubled only while faults are left.
///  4. After each arrival every packet that was held back is a choice again. So each order of
///     arrivals within the window comes about by one sequence of choices.
///  5. Packets of one flow (both endpoints and protocol) keep their order, as on each path of the
///     network. Bare acknowledgements are no choices.
///  6. Where only certain answers count, each does so once: what repeats one that was lost is lost
///     with it, what repeats one that has arrived arrives.
///  7. A state is what has been said and done, whatever its order and time, and what is on its way.
///     Two runs in equal states are taken to go on alike.
class DeliveryOrder final : public world::Arbiter {
 public:
  static constexpr std::string_view kLost = "lost by the explorer";

  /// `pilot` must outlive it.
  DeliveryOrder(world::World& world, world::VirtualHost& device, DeliveryOptions options,
                Pilot& pilot);
  /// What is still on its way then never arrives; the world must not go on.
  ~DeliveryOrder() override;
  DeliveryOrder(const DeliveryOrder&) = delete;
  DeliveryOrder& operator=(const DeliveryOrder&) = delete;

  void take(world::Packet packet, Instant due, EventNumber sent) override;

  /// All choices of the run so far.
  const std::vector<Choice>& choices() const { return choices_; }
  /// What was chosen against the natural order; they bring the run about again.
  const Deviations& deviations() const { return deviations_; }
  /// The same in words: `a is lost`, `b waits for c`.
  const std::vector<std::string>& departures() const { return departures_; }
  /// Arbitrated packets that arrived, in their order.
  const std::vector<Delivery>& deliveries() const { return deliveries_; }
  /// Those that were lost or came twice.
  const std::map<DeliveryId, Act>& faults() const { return failed_; }
  /// Timers that were ended before their time.
  const std::vector<world::EndedWait>& ended_waits() const { return ended_waits_; }
  /// The choice of the last of these.
  std::size_t last_fault() const { return last_fault_; }

 private:
  struct Flight {
    world::Packet packet;
    Delivery delivery;
    std::string answer{};                    ///< its id, where only certain answers count
    bool held = false;                       ///< until the next arrival
    OperationId wake{};                      ///< where it is held: at its deadline
    bool passed = false;                     ///< by another, having been held
    std::optional<std::size_t> departure{};  ///< which of departures_ says so
  };
  using Flights = std::list<Flight>;

  DeliveryId cause_of(EventNumber sent) const;
  DeliveryId id_of(const world::Packet& packet, DeliveryId cause);
  void note_rivals(const Flight& flight);
  Flights::iterator next();
  void decide();
  Act choose(Flight& flight);
  bool arbitrated(const Flight& flight) const;
  /// `counts`: it was arbitrated.
  void arrive(Flights::iterator flight, unsigned copies, bool counts);
  void let_go(const std::string& passing);
  void hold(Flight& flight);
  void lose(Flights::iterator flight);
  OperationId wake_at(Instant when);
  /// Before the choice about `next`.
  std::uint64_t state(const Flight& next);
  /// The answer that it carries, by its id; empty where it carries none.
  std::string answer_of(const Flight& flight) const;
  std::string label(const Flight& flight) const;

  world::World& world_;
  world::VirtualHost& device_;
  DeliveryOptions options_;
  Pilot& pilot_;
  Flights flights_;  ///< in the order in which they are due
  std::vector<Choice> choices_;
  Deviations deviations_;
  std::vector<std::string> departures_;
  std::vector<Delivery> deliveries_;
  std::map<EventNumber, DeliveryId> arrivals_;      ///< by the event
  std::map<std::uint64_t, std::uint64_t> brought_;  ///< packets, by their cause and sender
  std::map<DeliveryId, Act> failed_;
  std::vector<std::uint64_t> rivals_;  ///< of the packet that is decided about
  std::vector<world::EndedWait> ended_waits_;
  std::size_t last_fault_ = 0;
  std::map<std::string, bool, std::less<>> gone_;  ///< answers that count: whether it has arrived
  EventNumber hashed_ = 0;                         ///< the last event that deeds_ holds
  std::uint64_t deeds_ = 0;
  std::map<std::string_view, std::uint64_t> told_;
};

}  // namespace provlab::lab
