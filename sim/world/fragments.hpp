#pragma once
#include <list>
#include <map>
#include <optional>

#include "sim/world/frame_reader.hpp"

namespace provlab::world {

/// Puts fragments together (RFC 791 3.2, RFC 815).
///  1. A datagram whose fragments overlap is dropped whole (RFC 5722 says so of IPv6, Linux does it
///  for both); the same fragment once more is a copy and counts for nothing.
///  2. What is not complete after thirty seconds is dropped.
///  3. No more than 64 datagrams and one mebibyte wait; the oldest goes first.
class Reassembly {
 public:
  /// The whole datagram, once its last piece is here; nothing while some are missing. What is given
  /// up besides, is counted in `faults`.
  FrameRead<std::optional<IpDatagram>> take(IpDatagram fragment, Instant now, FaultCounts& faults);
  std::size_t waiting() const { return pending_.size(); }
  std::size_t octets() const { return octets_; }

 private:
  struct Key {
    Ipv4Address from;
    Ipv4Address to;
    IpProtocol protocol{};
    std::uint16_t identification = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Pending {
    Key key;
    Instant since;
    IpDatagram first;                     ///< header of the first fragment, once it is here
    std::map<std::size_t, Bytes> pieces;  ///< by offset
    std::size_t octets = 0;               ///< in the pieces
    std::optional<std::size_t> length{};  ///< known with the last one
    bool spoilt = false;                  ///< kept, empty, so that the rest is dropped too
  };
  using Place = std::list<Pending>::iterator;

  Place place_of(const Key& key, Instant now);
  void give_up_old(Instant now, FaultCounts& faults);
  void make_room(FaultCounts& faults);
  /// Whether the piece fits beside the others; nothing where it is there already.
  static FrameRead<bool> judge(const Pending& pending, const IpDatagram& fragment);
  void spoil(Pending& pending);
  void drop(Place place);
  IpDatagram joined(Place place);

  std::list<Pending> pending_;  ///< the oldest first
  std::map<Key, Place> places_;
  std::size_t octets_ = 0;
};

}  // namespace provlab::world
