#pragma once
#include "sim/wire/port.hpp"

namespace provlab::wire {

/// The station that stands for everybody on the wire. It has no address of its own, and none of
/// ours ever finds it by one.
class Port::Outside final : public world::Station {
 public:
  Outside(Port& port, const PortOptions& options, HostId id)
      : Station({.name = options.name}, kIndex, id), port_(port) {}

  bool is_outside() const override { return true; }
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
