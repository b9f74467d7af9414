#pragma once
#include <optional>
#include <string>

#include "core/platform/device_identity.hpp"
#include "core/platform/time.hpp"

namespace provlab::tools {

struct DeviceRequest {
  std::string interface;
  DeviceIdentity identity;
  bool once = false;                ///< ends with the first run
  std::optional<Duration> limit{};  ///< ends after so long
  std::string pcap;                 ///< a file for what passes the phone's interface
  std::string trace;                ///< a file for the trace
  bool verbose = false;             ///< print what happens
};

/// Boots a phone on a real interface and says what comes of it. 0: the run ended as provisioned or
/// unchanged; 1: otherwise; 2: the interface cannot be used, or a file cannot be written; 130:
/// ended by Ctrl-C.
int run_device(const DeviceRequest& request);

}  // namespace provlab::tools
