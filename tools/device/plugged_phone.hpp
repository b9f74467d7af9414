#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "sim/phone/phone.hpp"
#include "sim/wire/carrier.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/local_listener.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/world/pcapng.hpp"
#include "sim/world/world.hpp"

namespace provlab::tools {

struct PlugOptions {
  std::string interface_name;
  bool captured = false;       ///< all frames that pass the interface for it
  Storage* storage = nullptr;  ///< null: a memory that ends with the phone
};

/// A phone of ours on a real interface: its world, its plug, and the real clock that both go by.
///  1. Its store is read and, where the options say so, changed when it is made; it has no power
///  yet.
///  2. Everything happens within run(). What hands do to it (power, cable, menu) is done between
///  two runs or from within `done`.
///  3. Its cable is in where that of the interface is, and nobody has pulled it.
class PluggedPhone {
 public:
  PluggedPhone(phone::PhoneOptions options, const PlugOptions& plug,
               std::unique_ptr<wire::Interface> interface);
  PluggedPhone(const PluggedPhone&) = delete;
  PluggedPhone& operator=(const PluggedPhone&) = delete;

  /// Asks the wire whether somebody has the address that its settings give it by hand (RFC 5227),
  /// for less than a second, before it has power: an error where somebody does.
  Expected<void> probe_static_address();
  /// Until `done()` holds, or the clock shows `limit`: then false. An error where the interface is
  /// gone.
  Expected<bool> run(const std::function<bool()>& done, Instant limit);
  Instant clock() const { return pacer_->clock(); }
  const wire::Lag& lag() const { return pacer_->lag(); }

  // What hands do.
  void power_on();
  void power_off();
  /// Off and on again, as a person does it who holds no stop watch.
  void reboot() {
    power_off();
    power_on();
  }
  void pull_cable(bool out);
  bool cable_pulled() const { return pulled_; }
  /// Lets people on this machine reach its Web UI at an address of the loopback; gives where that
  /// is, with the port. Its own address on the network needs nothing.
  Expected<Endpoint> serve_web(Endpoint local);
  /// What the menu and the Web UI can do.
  phone::Phone& phone() { return *phone_; }

  world::World& world() { return world_; }
  world::VirtualHost& host() { return *host_; }
  wire::Port& port() { return *port_; }
  /// Lines of a TLS key log, for what is captured.
  void add_keys(std::string_view lines);
  /// What was captured since the last time, as pcapng; empty where nothing is.
  std::string take_capture() { return capture_ ? capture_->take() : std::string(); }

 private:
  void follow_cable();

  world::World world_;
  world::VirtualHost* host_;
  std::optional<world::PcapngWriter> capture_;
  std::optional<phone::Phone> phone_;
  std::optional<wire::Port> port_;
  std::optional<wire::Pacer> pacer_;
  std::string interface_name_;
  Expected<std::unique_ptr<wire::Carrier>> carrier_;
  std::unique_ptr<wire::LocalListener> web_;
  bool pulled_ = false;
};

}  // namespace provlab::tools
