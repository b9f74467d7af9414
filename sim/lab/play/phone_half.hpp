#pragma once
#include <memory>
#include <optional>
#include <string>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/settings_watch.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// A scenario's phone with the hands that do to it what the timeline says.
///  1. The constructor adds its host; a port is plugged in behind it.
///  2. start() makes the phone, which is off, and is called once.
class PhoneHalf {
 public:
  /// World and network must outlive it. The phone has the variant's release.
  PhoneHalf(world::World& world, world::Network& network, Shared<ScenarioPlan> plan,
            const Variant& variant);
  ~PhoneHalf();
  PhoneHalf(const PhoneHalf&) = delete;
  PhoneHalf& operator=(const PhoneHalf&) = delete;

  void start();
  /// From now on its calls fail as the scenario says. That they did is noted in `uses`, which must
  /// outlive it.
  void fail_calls(Uses& uses);
  world::VirtualHost& device() { return device_; }
  phone::Phone& phone() { return *phone_; }
  /// The address it has now.
  std::optional<Ipv4Address> address() const;
  // Of the timeline's actions those that are done to a phone; whether it made a difference that
  // they were.
  Use perform(const PowerOn&);
  Use perform(const PowerOff&);
  Use perform(const MoveCable& cable);  ///< its own
  Use perform(const PressStart&);
  Use perform(const EnterUrl& entered);
  Use perform(const ChangeSetting& setting);
  Use perform(const DamageFile& damage);
  Use perform(const MakeBackup&);
  Use perform(const Upload& upload);
  Use perform(const RestoreBackup&);
  Use perform(const LookUp& wanted);
  /// Between steps of the world: whether its configuration has changed, and may have (SPEC I7).
  void look() { settings_watch_->look(); }
  /// Records what stands in no other event: what it holds at the end, and what each path that is
  /// expected of selects.
  void end(std::string_view reason);

 private:
  std::optional<bool> store_equals_memory();
  void observe(std::string_view path, std::string_view moment);

  world::World& world_;
  Shared<ScenarioPlan> plan_;
  std::optional<Release> release_;  ///< where the variant says one
  world::VirtualHost& device_;
  std::unique_ptr<phone::Phone> phone_;
  std::optional<SettingsWatch> settings_watch_;
  std::optional<std::string> backup_;   ///< the last that was made
  std::optional<std::string> damaged_;  ///< what its store was left with, the last time
};

/// The phone's host in a plan's network, as its events name it.
constexpr std::string_view kDeviceName = "device";

}  // namespace provlab::lab
