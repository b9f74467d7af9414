#pragma once
#include <cstdint>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/event_recorder.hpp"

/// What is done to the device by hand, and what it cannot do.
namespace provlab::phone {

struct PoweredOn {
  static constexpr std::string_view name = "powered_on";
  DeviceType type;
  Release release;
  void fields(auto&& field) const {
    field("type", to_string(type));
    field("release", to_string(release));
  }
};

struct PoweredOff {
  static constexpr std::string_view name = "powered_off";
  bool run_in_progress;  ///< a run was cut off; it has no result
  void fields(auto&& field) const { field("run_in_progress", run_in_progress); }
};

struct MenuUsed {
  static constexpr std::string_view name = "menu_used";
  std::string_view entry;  ///< `start-provisioning`, or the path of the setting entered
  std::string_view value;
  void fields(auto&& field) const {
    field("entry", entry);
    if (!value.empty()) field("value", value);
  }
};

/// A setting from the menu, or for the initial store, that the device does not take.
struct SettingRefused {
  static constexpr std::string_view name = "setting_refused";
  std::string_view path;
  std::string_view reason;
  void fields(auto&& field) const {
    field("path", path);
    field("reason", reason);
  }
};

/// The Web UI has made a backup (SPEC 5.2, 8.2).
struct BackupMade {
  static constexpr std::string_view name = "backup_made";
  std::uint64_t octets;
  void fields(auto&& field) const { field("octets", octets); }
};

/// A document was uploaded to the Web UI (SPEC 5.7). What the settings make of it are their own
/// events, with the url `upload`.
struct UploadReceived {
  static constexpr std::string_view name = "upload_received";
  std::uint64_t octets;
  void fields(auto&& field) const { field("octets", octets); }
};

struct UploadEnded {
  static constexpr std::string_view name = "upload_ended";
  std::string_view result;  ///< `restored`, `unchanged`, `partial`, `rejected`, `refused`
  std::string_view reason;
  void fields(auto&& field) const {
    field("result", result);
    field("reason", reason);
  }
};

struct SipPortFailed {
  static constexpr std::string_view name = "sip_port_failed";
  std::string_view reason;
  void fields(auto&& field) const { field("reason", reason); }
};

}  // namespace provlab::phone
