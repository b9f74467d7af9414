#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/timer.hpp"
#include "netfakes/answer_gate.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// Makes the answers of a race arrive at the phone, or at what stands for it where it is outside,
/// in the order of a variant.
///  1. An answer that races waits until all are due. Then they leave.
///  2. They arrive one gap apart, or in one instant one after the other (D24), and none earlier
///  than
///     it would have by itself.
///  3. Where a timeout takes part, they are arranged around its moment.
///  4. An answer that the variant misses is never given.
///  5. Only the first answer of an id races. Repetitions are dropped before the start, and pass
///     after it.
class RaceGate final : public netfakes::AnswerGate {
 public:
  /// All referred to must outlive it.
  RaceGate(world::Network& network, const world::Station& device, const RacePlan& race,
           const Variant& variant);

  Admission admit(Host& host, const netfakes::DueAnswer& due, Duration after,
                  netfakes::AnswerCallback& leave) override;

 private:
  struct Held {
    Held(Host& sender, netfakes::DueAnswer answer, Instant at, netfakes::AnswerCallback callback)
        : host(sender),
          due(std::move(answer)),
          arrival(at),
          leave(std::move(callback)),
          departure(sender) {}
    Host& host;
    netfakes::DueAnswer due;
    Instant arrival;  ///< at the phone, if it left when it was due
    netfakes::AnswerCallback leave;
    Instant leaves{};
    bool left = false;
    bool told_apart = false;  ///< its first packet with a payload
    world::Rank rank = world::Rank::delivery;
    Timer departure;
  };
  Duration path(Host& from) const;
  template <TraceEvent E>
  void record(const E& event) {
    world_.trace().record(device_.id(), world_.now(), event);
  }
  /// When the racing timeout fires; nothing while its source was not asked.
  std::optional<Instant> timeout() const;
  void release();
  /// By a wire, where everything may be late: the gap is kept between actual departures.
  world::PacketFate apart(const world::Packet& packet, const world::Station& sender,
                          const world::Station& receiver);
  /// Of packets that arrive in one instant: each answer's in its turn.
  world::PacketFate fate_of(const world::Station& sender, const world::Station& receiver) const;

  world::Network& network_;
  world::Loop& world_;
  const world::Station& device_;
  const RacePlan& race_;
  const Variant& variant_;
  std::map<std::string, Held, std::less<>> held_;
  bool released_ = false;
  world::RuleGuard turns_;  ///< where the answers tie, or leave by a wire
};

}  // namespace provlab::lab
