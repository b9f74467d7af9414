#pragma once
#include <optional>
#include <string>

#include "core/net/device_clock.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/platform/unique_function.hpp"
#include "core/service/schedule.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

/// Fires the at-a-time trigger (SPEC 2.1, 2.2) by the execution settings of section `provisioning`
/// and the time zone of `time/timezone`, as soon as the clock is valid. An occurrence fires once,
/// also when the clock is set back over it or local clocks show its minute twice; one that passed
/// while the device was off or without time does not fire.
///
/// An empty `execution/time` is a minute from 0:00 to 5:55 that is drawn once and kept in the
/// store.
class Scheduler {
 public:
  Scheduler(Host& host, settings::DeviceSettings& settings, net::DeviceClock& clock,
            UniqueFunction<void()> fire);

  /// Until cancelled. Call once.
  Task<> run();
  /// To be called when the settings or the clock have changed.
  void reconsider() { reconsider_.notify_all(); }

 private:
  std::optional<Occurrence> plan();
  std::optional<Schedule> read_schedule();
  std::optional<Schedule::Delay> read_delay() const;
  std::chrono::minutes drawn_minute();
  PosixTimezone read_timezone();
  void refuse(std::string reason);
  std::chrono::sys_seconds now() const;
  Task<> execute(Occurrence occurrence);

  Host& host_;
  settings::DeviceSettings& settings_;
  net::DeviceClock& clock_;
  UniqueFunction<void()> fire_;
  Notifier reconsider_;
  std::optional<Occurrence> planned_;
  // The execution that fired last; another time of day on the same day is another execution.
  struct Done {
    std::chrono::local_days day;
    std::chrono::minutes time_of_day;
  };
  std::optional<Done> done_;
  std::string refusal_;  // the one recorded last
};

}  // namespace provlab::service
