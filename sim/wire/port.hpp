#pragma once
#include <list>
#include <map>
#include <memory>

#include "sim/wire/crossings.hpp"
#include "sim/wire/frame_link.hpp"
#include "sim/wire/neighbours.hpp"
#include "sim/world/fragments.hpp"
#include "sim/world/world.hpp"

namespace provlab::wire {

struct PortOptions {
  std::string name = "outside";       ///< of the host that stands for everybody on the wire
  world::Network* network = nullptr;  ///< of the world, else its first
  /// Where the cable's other end is in the same world: the trace then tells of each packet once, as
  /// sent by its sender and received by its receiver.
  Crossings* crossings = nullptr;
  /// As whom the trace knows that host; absent: by its name, as a host of its own.
  std::optional<HostId> known_as{};
};

struct PortCounts {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t not_sent = 0;  ///< the interface took no more
  std::uint64_t own = 0;       ///< with an address of ours as sender
  std::uint64_t foreign = 0;   ///< for others, of other VLANs, or for groups that nobody joined
  world::FaultCounts faults;
};

/// A world's plug into a real Ethernet (D35). A stand-in station is everybody on the wire:
/// what nobody in the world takes goes to it and leaves as frames; what comes in, it sends. So
/// latency, loss, rules and races hold both ways.
///  1. Link addresses are written here, behind all rules: those of routers for hosts beyond the
///  LAN, and those that ARP finds.
///  2. Hosts of the LAN answer ARP for the addresses that they have; all of ours answer ICMP echo,
///  from as far away as they are. A UDP port that nobody has is told to be unreachable. An address
///  that is new is announced, twice (RFC 5227 2.3).
///  3. Groups are reported as IGMPv2 wants it (RFC 2236), with its answers to queries.
///  4. Fragments are put together and made. What is malformed is dropped and counted, what is for
///  others is only counted; neither leaves anything in the trace.
class Port final {
 public:
  /// Behind all hosts that are to be on the wire from the start. The world must outlive it, and
  /// does not run any more when it has gone.
  Port(world::World& world, std::unique_ptr<FrameLink> link, const PortOptions& options = {});
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  /// Takes up to `most` frames that have come in; tells how many there were.
  Expected<std::size_t> take_frames(std::size_t most);
  /// Asks whether anybody on the wire has the address, on behalf of a host that is to have it.
  void probe(const world::Station& host, Ipv4Address address, Neighbours::ProbeHandler handler);
  FrameLink& link() { return *link_; }
  const PortCounts& counts() const { return counts_; }
  const Neighbours& neighbours() const { return neighbours_; }
  world::Station& outside();
  /// Records what was dropped, by reasons.
  void tell_counts();

 private:
  class Outside;
  class Hands;   // what the neighbours and the network ask of the port
  struct Echo {  ///< an answer on its way
    OperationId due;
    MacAddress to;
    MacAddress from;
    world::IpDatagram reply;
  };
  using Membership = std::pair<const world::Station*, Ipv4Address>;

  // Out (port.cpp)
  std::string_view transmit(world::Packet& packet);
  void put(const MacAddress& to, const MacAddress& from, world::IpDatagram datagram);
  void put_packet(const MacAddress& to, const world::Packet& packet);
  void put_frame(BytesView frame);
  /// As whom a station appears on the wire: itself, or the router before it.
  const world::Station* face_of(const world::Station& station) const;
  const world::Station* station_with(MacAddress mac) const;
  // In (port_input.cpp)
  void take(BytesView octets);
  void take_arp(const world::EthernetFrame& frame, const world::ArpMessage& arp);
  void take_ip(const world::EthernetFrame& frame, world::IpDatagram datagram);
  void take_packet(const world::EthernetFrame& frame, world::Packet packet);
  void take_icmp(const world::EthernetFrame& frame, const world::IpDatagram& datagram,
                 const world::IcmpMessage& message);
  void echo_later(const world::Station& owner, const world::EthernetFrame& frame,
                  world::IpDatagram reply);
  void take_igmp(const world::IpDatagram& datagram, const world::IgmpMessage& message);
  void learn_from(const world::EthernetFrame& frame, const world::IpDatagram& datagram);
  /// Who of ours, on the LAN or beyond, has the address; null where nobody does.
  world::Station* owner_of(Ipv4Address address, bool on_lan) const;
  // Groups (port_groups.cpp)
  void report(const world::Station& station, Ipv4Address group);
  void report_later(const Membership& member, Duration most);
  void send_igmp(const world::Station& station, const world::IgmpMessage& message);
  void group_changed(world::Station& station, Ipv4Address group);
  void readdressed(world::Station& station);
  void refused(world::Station& station, const world::Packet& packet);
  void announce(const world::Station& station);
  void send_announcement(const world::Station& station);
  void want_frames();

  world::World& world_;
  world::Network& network_;
  Crossings* crossings_;
  std::unique_ptr<FrameLink> link_;
  std::unique_ptr<Outside> outside_;
  std::unique_ptr<Hands> hands_;
  Neighbours neighbours_;
  world::Reassembly reassembly_;
  PortCounts counts_;
  FrameInterest interest_;
  std::map<Membership, OperationId> reports_;  ///< joined, with the report that is to come
  std::map<const world::Station*, OperationId> announcements_;  ///< the second one of an address
  std::list<Echo> echoes_;
  std::uint16_t identification_;
  world::SeededRandom random_;
};

/// The station that stands for everybody on the wire. It has no address of its own, and none of
/// ours ever finds it by one.
class Port::Outside final : public world::Station {
 public:
  Outside(Port& port, const PortOptions& options, HostId id)
      : Station({.name = options.name}, kIndex, id), port_(port) {}

  bool is_outside() const override { return true; }
  bool told() const override { return port_.crossings_ == nullptr; }
  bool reaches(Ipv4Address address) const override { return !port_.neighbours_.in_vain(address); }
  void probe(const world::Station& asker, Ipv4Address address, ProbeHeard heard) override {
    port_.neighbours_.probe_once(asker.mac(), address, std::move(heard));
  }
  bool hears(Ipv4Address) const override { return true; }
  bool listens(const world::Packet&) const override { return true; }
  std::vector<Ipv4Address> groups() const override { return {}; }
  std::string_view receive(world::Packet& packet) override { return port_.transmit(packet); }
  ::provlab::Port ephemeral_port() override { return 0; }

 private:
  static constexpr std::size_t kIndex = 0xfffffffeU;  ///< behind all others, now and later
  Port& port_;
};

class Port::Hands final : public Neighbours::Wire, public world::StationObserver {
 public:
  explicit Hands(Port& port) : port_(port) {}

  void ask(const Neighbours::Asker& asker, Ipv4Address address) override;
  void send_to(const MacAddress& mac, world::Packet packet) override;
  void give_up(const world::Packet& packet) override;
  void readdressed(world::Station& station) override { port_.readdressed(station); }
  void group_changed(world::Station& station, Ipv4Address group) override {
    port_.group_changed(station, group);
  }
  void refused(world::Station& station, const world::Packet& packet) override {
    port_.refused(station, packet);
  }

 private:
  Port& port_;
};

}  // namespace provlab::wire
