#pragma once
#include <cstdint>
#include <functional>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/serving/bench_link.hpp"

namespace provlab::lab {

struct LookAround {
  std::uint64_t seed = 1;      ///< of the address in whose name servers are asked
  bool beside_dhcp = false;    ///< another DHCP server is no obstacle, so that none is asked for
  std::function<bool()> stop;  ///< ends it early
};

/// What stands in the way of serving a scenario on a wire, before anything is served: an address of
/// its hosts that somebody has (ARP probes), another DHCP server (a DISCOVER of a client that there
/// is not, twice; servers ping for up to three seconds before they offer). Takes 4.5 s where the
/// scenario has a DHCP server, else one.
Expected<void> look_around(BenchLink& bench, const ScenarioPlan& plan, const LookAround& options);

}  // namespace provlab::lab
