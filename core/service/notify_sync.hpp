#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"
#include "core/service/xsd_time.hpp"
#include "core/settings/document.hpp"

namespace provlab::service {

/// What a `notifySync` body asks for (SPEC 7.2).
struct NotifySync {
  enum class What {
    full_run,  ///< no further information
    load,      ///< `checkSync/url`, without discovery
    no_data,   ///< `checkSync/dataAvailable` is false, or `url` empty: nothing to load
    reboot,
    update_firmware,  ///< this and what follows is acknowledged, recorded and not simulated
    reregister,
    remote_access
  };
  What what = What::full_run;
  std::string url;                   ///< of `load`; markers not replaced
  std::string_view why_no_data;      ///< of `no_data`; a literal
  Duration delay{};                  ///< startDelay, which may be negative
  std::optional<XsdDateTime> start;  ///< startDate; then there is no delay
};
std::string_view to_string(NotifySync::What what);  ///< `full-run`, `load`, …

/// Whether the root is `notifySync`.
bool is_notify_sync(const settings::Document& document);
/// Precondition: is_notify_sync(). What schemas/notify_sync.xsd does not allow is an error, whose
/// place is the element; so are two things to do, and both a date and a delay.
Expected<NotifySync> read_notify_sync(const settings::Document& document);

}  // namespace provlab::service
