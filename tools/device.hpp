#pragma once
#include <optional>
#include <string>

#include "core/platform/time.hpp"
#include "sim/phone/phone.hpp"

namespace provlab::tools {

struct DeviceRequest {
  std::string interface;
  phone::PhoneOptions phone;
  std::optional<std::string> store;  ///< a folder; nothing: it forgets everything at the end
  bool fresh = false;                ///< what is in the store is forgotten first
  bool once = false;                 ///< ends with the first run
  std::optional<Duration> limit{};   ///< ends after so long
  std::string pcap;                  ///< a file for what passes the phone's interface
  std::string trace;                 ///< a file for the trace
  bool verbose = false;              ///< print what happens
  std::optional<Endpoint> web{};     ///< where people on this machine reach its Web UI too
};

/// Boots a phone on a real interface, keeps it up as long as it is wanted, and says what comes of
/// it. 0: the last run ended as provisioned or unchanged; 1: otherwise; 2: the interface, the store
/// or an address cannot be used, or a file cannot be written; 130: ended by Ctrl-C.
int run_device(const DeviceRequest& request);

}  // namespace provlab::tools
