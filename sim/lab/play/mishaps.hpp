#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/world.hpp"

namespace provlab::lab {

/// What happens to one packet on its last step to the phone, beside what the scenario says.
struct Mishap {
  enum class Kind : std::uint8_t {
    later,    ///< it comes `by` later
    swapped,  ///< it comes right behind the next packet that comes to the phone
    twice,    ///< it comes twice, in one instant
    lost,
  };
  Kind kind = Kind::lost;
  Duration by{};
  auto operator<=>(const Mishap&) const = default;
};

/// Mishaps of one run by the number of the packet: the first that comes to the phone is 1. A packet
/// counts once, when it first would arrive; a bare acknowledgement does not.
using Mishaps = std::map<std::size_t, Mishap>;

/// `12:+1.3ms,15:lost,17:twice,20:swapped`; parse_mishaps() undoes it.
std::string mishap_token(const Mishaps& mishaps);
/// Whether a token is meant to be one of mishaps rather than of an exploration.
bool is_mishap_token(std::string_view token);
Expected<Mishaps> parse_mishaps(std::string_view token);

/// Makes the mishaps of a run come about (D64). Without any it changes nothing.
class MishapMaker final : public world::Interceptor {
 public:
  /// World and device must outlive it.
  MishapMaker(world::World& world, world::VirtualHost& device, Mishaps mishaps);
  /// What is still on its way then never arrives; the world must not go on.
  ~MishapMaker() override;
  MishapMaker(const MishapMaker&) = delete;
  MishapMaker& operator=(const MishapMaker&) = delete;

  bool keeps(world::Packet& packet, EventNumber sent) override;
  /// How many of the mishaps came about.
  std::size_t came() const { return came_; }

  /// A packet that came to the phone, or would have.
  struct Arrival {
    Instant at;
    EventNumber sent = 0;  ///< its `packet_sent`
  };
  /// All so far, by their numbers from 1 on.
  const std::vector<Arrival>& arrivals() const { return arrivals_; }

 private:
  struct Waiting {
    world::Packet packet;
    EventNumber sent = 0;
  };
  bool make(const Mishap& mishap, world::Packet& packet, EventNumber sent);
  void schedule(const world::Packet& packet, EventNumber sent, Duration by, world::Rank rank);
  void pass(world::Packet packet, EventNumber sent);

  world::World& world_;
  world::VirtualHost& device_;
  Mishaps mishaps_;
  std::vector<Arrival> arrivals_;
  std::size_t came_ = 0;
  bool passing_ = false;            ///< what is shown now was decided about before
  std::optional<Waiting> swapped_;  ///< it comes behind the next
};

}  // namespace provlab::lab
