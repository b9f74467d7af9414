#pragma once
#include <map>
#include <optional>
#include <tuple>

#include "sim/record/trace.hpp"
#include "sim/world/frame.hpp"

namespace provlab::wire {

/// Packets on their way between two ports of one world, which are the ends of a cable: so that the
/// trace knows one that arrives as the one that was sent.
///  1. begins() tells why a packet leaves, leaves() as what it goes over the cable, which may be
///  later: its link address is asked for first.
///  2. One that gets lost is forgotten with the 65,536th behind it.
class Crossings {
 public:
  struct Crossing {
    std::uint64_t number = 0;  ///< the packet's
    EventNumber cause = 0;
  };

  void begins(std::uint64_t number, EventNumber cause) { waiting_[number] = cause; }
  void leaves(const world::IpDatagram& datagram, std::uint64_t number) {
    const auto begun = waiting_.find(number);
    if (begun == waiting_.end()) return;
    under_way_.insert_or_assign(key_of(datagram), Crossing{number, begun->second});
    waiting_.erase(begun);
  }
  std::optional<Crossing> arrives(const world::IpDatagram& datagram) {
    const auto found = under_way_.extract(key_of(datagram));
    if (found.empty()) return std::nullopt;
    return found.mapped();
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint16_t>;
  static Key key_of(const world::IpDatagram& datagram) {
    return {datagram.from.value, datagram.to.value, datagram.identification};
  }

  std::map<std::uint64_t, EventNumber> waiting_;  ///< by number
  std::map<Key, Crossing> under_way_;
};

}  // namespace provlab::wire
