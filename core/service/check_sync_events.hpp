#pragma once
#include <string_view>

#include "core/platform/event_recorder.hpp"

/// What the device makes of unsolicited NOTIFYs (SPEC 7).
namespace provlab::service {

/// An entry of the allowlist is no host, or has more than a host (SPEC 2.2).
struct AllowlistWarning {
  static constexpr std::string_view name = "allowlist_warning";
  std::string entry;
  std::string_view warning;
  void fields(auto&& field) const {
    field("entry", entry);
    field("warning", warning);
  }
};

struct CheckSyncAccepted {
  static constexpr std::string_view name = "check_sync_accepted";
  Endpoint from;
  std::string_view action;  ///< `full-run`, `load`, `no-data`, `settings`, `reboot`, …
  std::string_view url;     ///< left out where empty
  Duration delay{};
  void fields(auto&& field) const {
    field("from", from);
    field("action", action);
    if (!url.empty()) field("url", url);
    field("delay", delay);
  }
};

struct CheckSyncRefused {
  static constexpr std::string_view name = "check_sync_refused";
  Endpoint from;
  unsigned status;
  std::string_view reason;
  void fields(auto&& field) const {
    field("from", from);
    field("status", status);
    field("reason", reason);
  }
};

/// Accepted, and there is nothing that could be loaded.
struct CheckSyncNothingToLoad {
  static constexpr std::string_view name = "check_sync_nothing_to_load";
  Endpoint from;
  std::string_view reason;
  void fields(auto&& field) const {
    field("from", from);
    field("reason", reason);
  }
};

/// A check-sync that waited is not done: too many wait, and it is the oldest.
struct CheckSyncReplaced {
  static constexpr std::string_view name = "check_sync_replaced";
  Endpoint from;            ///< who had asked for it
  std::string_view action;  ///< as in check_sync_accepted
  std::string_view url;     ///< left out where empty
  void fields(auto&& field) const {
    field("from", from);
    field("action", action);
    if (!url.empty()) field("url", url);
  }
};

/// The device reboots because a NOTIFY asked for it.
struct RebootRequested {
  static constexpr std::string_view name = "reboot_requested";
  Endpoint from;
  void fields(auto&& field) const { field("from", from); }
};

/// Acknowledged, and not simulated.
struct RequestNotSimulated {
  static constexpr std::string_view name = "request_not_simulated";
  std::string_view action;
  void fields(auto&& field) const { field("action", action); }
};

}  // namespace provlab::service
