#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The world of a scenario that describes none.
namespace provlab::lab {

/// The attributes of a `<host>`; an empty one is left out.
struct StandardHost {
  std::string_view id;
  std::string_view address;
  std::string_view name = {};
  std::string_view latency = {};
};
/// They take part where the scenario names them.
std::span<const StandardHost> standard_hosts();
std::vector<std::string> standard_host_ids();

/// The one that always takes part.
inline constexpr std::string_view kStandardRouter = "router";

/// Of the `<link>`.
inline constexpr std::string_view kStandardLatency = "1ms";

/// Where a responder of some kind stands that says no host.
struct StandardPlace {
  std::string_view kind;
  std::string_view host;
  bool always = false;  ///< one is there also where the scenario lists none
};
std::span<const StandardPlace> standard_places();

}  // namespace provlab::lab
