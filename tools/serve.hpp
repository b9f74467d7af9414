#pragma once
#include <optional>
#include <string>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"
#include "tools/report_output.hpp"

namespace provlab::tools {

/// What `provlab serve` was asked for.
struct ServeRequest {
  std::string scenario;     ///< a file
  lab::RunLimits limits{};  ///< of each boot
  std::string root;         ///< of what it names by src; empty: its folder
  std::string interface;
  std::string variant;              ///< only this one; empty: all
  unsigned repeat = 1;              ///< so often each
  std::optional<MacAddress> phone;  ///< serves this one alone, in the place of the scenario's own
  bool beside_dhcp = false;
  std::string power_cycle;  ///< a command; empty: a person is asked
  Duration slack = std::chrono::milliseconds(50);
  std::optional<Duration> quiet;  ///< else by the phone's own patience
  Duration patience = std::chrono::seconds(60);
  std::string trace_directory;                              ///< empty: nowhere
  std::string pcap_directory;                               ///< the same
  lab::Secrets::Told secrets = lab::Secrets::Told::hidden;  ///< in what is written
};

/// Serves a scenario to a real phone and judges what it asks for; the exit code.
int run_serve(const ServeRequest& request, const ReportOutput& output);

}  // namespace provlab::tools
