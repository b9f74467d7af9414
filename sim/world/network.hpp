#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "sim/world/arbiter.hpp"
#include "sim/world/interceptor.hpp"
#include "sim/world/loop.hpp"
#include "sim/world/packet.hpp"
#include "sim/world/packet_rule.hpp"
#include "sim/world/path_table.hpp"
#include "sim/world/random.hpp"
#include "sim/world/station_index.hpp"

namespace provlab::world {

/// How long and how safely packets travel. Loss is drawn from the world's seed.
struct LinkOptions {
  Duration latency = std::chrono::microseconds(500);
  Duration jitter{};  ///< up to this much more, drawn from the seed; never reorders a path
  double loss = 0;    ///< probability 0–1
};

struct ArpMessage;

/// Sees every packet that an interface sends or receives.
class CaptureSink {
 public:
  virtual ~CaptureSink() = default;
  virtual void packet(Instant at, const Packet& packet) = 0;
  /// A question by which an address is probed, or the answer to one.
  virtual void arp(Instant, const MacAddress& /*to*/, const ArpMessage&) {}
  /// The memory that it takes.
  virtual std::size_t octets() const { return 0; }
};

/// Sees every packet that is traced as it is sent, whatever becomes of it.
class PacketWitness {
 public:
  /// `event` is its `packet_sent`.
  virtual void sent(const Packet& packet, EventNumber event) = 0;

 protected:
  ~PacketWitness() = default;
};

/// Told what changes at the stations of a network, from within the change; a port to a wire is.
class StationObserver {
 public:
  virtual void readdressed(Station& station) = 0;
  /// It has joined the group, or left it.
  virtual void group_changed(Station& station, Ipv4Address group) = 0;
  /// It has dropped a packet that came to it: no socket takes it.
  virtual void refused(Station& station, const Packet& packet) = 0;

 protected:
  ~StationObserver() = default;
};

/// Carries packets between the stations of a world.
///  1. A rule, and else the link, decides over each packet once for each receiver: lost, or when
///  and with which rank it arrives.
///  2. Packets of one path never overtake each other, unless a rule delays one.
///  3. A packet that does not arrive is recorded with the reason, bare acknowledgements excepted.
///  4. Nothing arrives before send() has returned.
///  5. Of a packet to a group those hear for whom a socket waits; the others drop it unseen.
///  6. Only neighbours hear each other. What is for somebody else takes a station that routes, is
///  up, and is the one that the sender's table names (routing.hpp); its own latency counts for
///  nothing.
///  7. (D43) Of several LANs the one that the device is in is segment 0; stations of the others
///  are elsewhere, send nothing and receive nothing. What was sent in one LAN does not arrive in
///  another, and the world behind the routers finds an address only by the router whose network
///  it is of.
///  8. A station that is outside (Station::is_outside) is on the LAN, and takes what nobody else
///  does: what is for an address that nobody here has goes to it with the next hop noted.
class Network {
 public:
  Network(Loop& loop, std::uint64_t seed) : loop_(loop), random_(seed) {}

  LinkOptions link;

  Loop& loop() { return loop_; }

  void attach(Station& host);
  const StationIndex& stations() const { return index_; }
  /// Whether there is more than this world: what is outside.
  bool plugged_in() const { return outside_ != nullptr; }
  /// For its end, after which the world does not run any more: packets may be on their way to it.
  void detach_outside() { outside_ = nullptr; }
  void observe(StationObserver* observer) { observer_ = observer; }
  /// The device is plugged into another LAN: the station is in that one (segment 0), or no more.
  void move(Station& station, Segment to);
  // What stations tell of themselves.
  void readdressed(Station& station);
  void group_changed(Station& station, Ipv4Address group);
  void listen(Station& station, Port port) { index_.listen(station, port); }
  void unlisten(Station& station, Port port) { index_.unlisten(station, port); }
  /// Whether anybody waits for such a packet to a group.
  bool anybody_listens(const Station& sender, const Packet& packet) const;
  /// Sends from `sender`; fails where it has no way to the destination.
  Expected<void> send(Station& sender, Packet&& packet);
  /// Sends a frame whose addresses are all given already. One from outside keeps its number, if it
  /// has one.
  void send_frame(Station& sender, Packet&& packet);
  /// Whether a packet to `destination` has a way, but whoever is to take it first does not exist.
  bool asks_in_vain(const Station& sender, Ipv4Address destination) const;
  /// How long a question from one to the other and its answer take; nothing where either is lost.
  std::optional<Duration> there_and_back(const Station& asker, const Station& other);
  /// Who answers an ARP probe for `address`, and when the answer is there.
  struct Holder {
    MacAddress mac;
    Duration after;
  };
  /// Asks the link whether a host beside `asker` has the address. Question and answer can be lost
  /// as packets are, but no rule is asked; captures show the question.
  std::optional<Holder> probe(const Station& asker, Ipv4Address address);
  /// The answer to it has arrived now: captures show it.
  void show_holder(const Station& asker, Ipv4Address address, const MacAddress& holder);
  /// The same of those outside: `heard` is called, once, when one of them says that he has it.
  void probe_outside(const Station& asker, Ipv4Address address, Station::ProbeHeard heard) {
    if (outside_ != nullptr && asker.up()) outside_->probe(asker, address, std::move(heard));
  }
  /// Rules are asked in the order in which they were added, until one does not let pass.
  [[nodiscard]] RuleGuard add_rule(PacketRule rule);
  /// From now on `arbiter` decides when packets arrive at `receiver`: those that were not lost go
  /// to it, and it calls deliver() for each that is to arrive. Until an arbiter's end none is told.
  void arbitrate(Station& receiver, Arbiter* arbiter) {
    arbitrated_ = arbiter == nullptr ? nullptr : &receiver;
    arbiter_ = arbiter;
  }
  /// From now on `interceptor`, which must outlive the network's running, sees what is about to
  /// arrive at `receiver`.
  void intercept(const Station& receiver, Interceptor* interceptor) {
    intercepted_ = interceptor == nullptr ? nullptr : &receiver;
    interceptor_ = interceptor;
  }
  /// Arrives now, as a consequence of the event `sent`; may be called again for a duplicate.
  void deliver(Station& receiver, Packet packet, EventNumber sent);
  /// Records that it does not arrive; `reason` is a literal.
  void lose(const Station& at, const Packet& packet, std::string_view reason);
  /// Who passes on what hosts beyond the LAN send to it; null where no router is up.
  Station* router() const;
  /// Captures what `host`'s interface sends and receives; the sink must outlive the network.
  void capture(const Station& host, CaptureSink& sink) { captures_.emplace_back(&host, &sink); }
  /// The memory of packets on their way and of captures.
  std::size_t octets() const;
  /// `witness` must outlive the network.
  void show_all(PacketWitness& witness) { witness_ = &witness; }

 private:
  void deliver_to(Station& sender, Station& receiver, Packet&& packet, EventNumber sent);
  void arrive(Station& receiver, Packet& packet);
  void land(Station& receiver, Packet& packet);
  /// A packet that is to arrive a gap behind the one before it of this kind, by the clock.
  struct Apart {
    Station* receiver;
    std::unique_ptr<Packet> packet;
    Deliver fate;
    EventNumber sent;
  };
  /// Arrives now, or as soon as it is far enough behind those that came before it, in their order.
  void arrive_apart(Apart arrival);
  void next_apart();
  Station* outside_of(const Station& sender) const;
  Station* find(Ipv4Address address, const Station& near) const;
  /// Who answers where `sender` asks for an address on its link (ARP); null where nobody does.
  Station* neighbour(const Station& sender, Ipv4Address address) const;
  Station* with_mac(const Station& sender, MacAddress mac) const;
  /// `taker` is whose link address the frame has; null where nobody has it, or it is a group's.
  void transmit(Station& sender, Station* taker, Packet&& packet);
  void send_to_group(Station& sender, const Packet& packet, EventNumber sent);
  template <class Visit>
  void each_listener(const Station& sender, const Packet& packet, Visit visit) const;
  /// Captures at interfaces whose hosts drop it unseen.
  void overhear(const Station& sender, const Packet& packet);
  void send_to_one(Station& sender, Station* taker, Packet&& packet, EventNumber sent);
  /// Why `packet` does not get from the station that takes it off the sender's link to `receiver`;
  /// empty where it does.
  std::string_view barrier(const Station& sender, const Station& taker,
                           const Station& receiver) const;
  /// Where there are several LANs: whether a packet comes from one that the receiver is not in.
  bool comes_from_elsewhere(const Packet& packet) const;
  bool lost_by_chance(const Station& sender, const Station& receiver);
  /// By the rules, else by the link: never Pass.
  PacketFate fate_of(const Packet& packet, const Station& sender, const Station& receiver);
  void show(const Station& host, const Packet& packet);
  void show(const Station& host, const MacAddress& to, const ArpMessage& arp);
  template <class Event>
  EventNumber record(const Station& at, const Event& event) {
    return loop_.trace().record(at.id(), loop_.now(), event);
  }

  Loop& loop_;
  SeededRandom random_;
  StationIndex index_;
  Station* outside_ = nullptr;
  StationObserver* observer_ = nullptr;
  PacketWitness* witness_ = nullptr;
  bool several_lans_ = false;
  std::vector<std::weak_ptr<PacketRule>> rules_;  ///< owned by their guards
  const Station* arbitrated_ = nullptr;
  Arbiter* arbiter_ = nullptr;
  const Station* intercepted_ = nullptr;
  Interceptor* interceptor_ = nullptr;
  std::vector<std::pair<const Station*, CaptureSink*>> captures_;
  PathTable paths_;
  std::size_t on_the_way_ = 0;         ///< octets of packets
  std::deque<Apart> apart_;            ///< those that wait
  std::optional<Instant> last_apart_;  ///< when, by the clock, the last arrived that is to be apart
};

}  // namespace provlab::world
