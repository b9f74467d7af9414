#pragma once
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sim/world/loop.hpp"
#include "sim/world/station.hpp"

namespace provlab::wire {

/// Who on a wire has which link address (ARP, RFC 826): one table for all hosts of ours.
///  1. Where an address is not known, packets for it wait, up to 16, while it is asked for three
///  times, a second apart; then they are given up, as Linux does.
///  2. What is known is believed for a minute without a sign of life. Then it is asked for again,
///  and used until nobody has answered.
///  3. Up to 8,192 addresses are kept; the one longest without a sign of life goes first.
///  4. Before an address is taken, it can be probed (RFC 5227): by three questions, quicker than
///  there, or by one, after which whoever asked listens as long as it likes.
class Neighbours {
 public:
  using ProbeHandler = UniqueFunction<void(std::optional<MacAddress> taken_by)>;

  /// Who asks: its own addresses stand in the question.
  struct Asker {
    MacAddress mac;
    Ipv4Address address;
  };
  class Wire {
   public:
    /// Asks all for `address`; an asker without an address of its own probes.
    virtual void ask(const Asker& asker, Ipv4Address address) = 0;
    virtual void send_to(const MacAddress& mac, world::Packet packet) = 0;
    virtual void give_up(const world::Packet& packet) = 0;

   protected:
    ~Wire() = default;
  };

  Neighbours(world::Loop& loop, Wire& wire) : loop_(loop), wire_(wire) {}
  ~Neighbours();
  Neighbours(const Neighbours&) = delete;
  Neighbours& operator=(const Neighbours&) = delete;

  void send(const Asker& asker, Ipv4Address hop, world::Packet packet);
  /// A sign of life: `mac` has `address`.
  void learn(Ipv4Address address, MacAddress mac);
  /// Another one, `mac`, means to have an address that may be probed here: it is taken.
  void contend(Ipv4Address address, MacAddress mac);
  /// Whether it was asked for in vain, and nobody has shown up since.
  bool in_vain(Ipv4Address address) const;
  std::optional<MacAddress> find(Ipv4Address address) const;
  std::size_t size() const { return entries_.size(); }
  /// Asks three times, 200 ms apart, whether anybody has the address; one probe of it at a time.
  void probe(MacAddress mac, Ipv4Address address, ProbeHandler handler);
  /// Asks once; `heard` is called where somebody has it, unless the same one asks again before.
  void probe_once(MacAddress mac, Ipv4Address address, world::Station::ProbeHeard heard);
  bool probing(Ipv4Address address) const {
    const auto listening = listening_.lower_bound({address, MacAddress{}});
    return probes_.contains(address) ||
           (listening != listening_.end() && listening->first.first == address);
  }

 private:
  struct Waiting {
    Asker asker;
    world::Packet packet;
  };
  struct Entry {
    std::optional<MacAddress> mac;
    bool failed = false;
    Instant seen{};
    unsigned asked = 0;  ///< times in a row; 0: it is not being asked for
    OperationId next_question;
    std::vector<Waiting> waiting;
  };
  struct Probe {
    MacAddress mac;
    ProbeHandler handler;
    unsigned sent = 0;
    OperationId next;
  };

  Entry& entry_of(Ipv4Address address);
  void touch(Ipv4Address address, Entry& entry);
  void question(Ipv4Address address, const Asker& asker);
  void give_up(Entry& entry);
  void next_probe(Ipv4Address address);

  world::Loop& loop_;
  Wire& wire_;
  std::map<Ipv4Address, Entry> entries_;
  std::set<std::pair<Instant, Ipv4Address>> by_age_;
  std::map<Ipv4Address, Probe> probes_;
  std::map<std::pair<Ipv4Address, MacAddress>, world::Station::ProbeHeard> listening_;
};

}  // namespace provlab::wire
