#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/settings/apply_outcome.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::web {

/// What is to be seen of a telephone that is on.
struct DeviceState {
  std::string network_trouble;   ///< why there is no network; empty where there is one
  std::optional<WallTime> time;  ///< of its clock, where that is valid
  bool running = false;          ///< a provisioning run
};

/// What became of a document that was uploaded.
struct Restored {
  std::string result;  ///< `restored`, `unchanged`, `partial`, `rejected`, `refused`
  std::string reason;  ///< the whole in a sentence
  std::vector<std::string> warnings;
  settings::ApplyOutcome outcome;  ///< where it was not refused
};

/// The telephone, as its Web UI needs it.
class Device {
 public:
  virtual DeviceIdentity identity() const = 0;
  virtual DeviceState state() const = 0;
  virtual settings::DeviceSettings& device_settings() = 0;
  /// Enters a setting, as in the menu.
  virtual Expected<void> set(std::string_view path, std::string_view value) = 0;
  virtual void start_provisioning() = 0;
  virtual std::string make_backup() = 0;
  virtual Restored restore(std::string_view document, const std::string& content_type) = 0;

 protected:
  ~Device() = default;
};

}  // namespace provlab::web
