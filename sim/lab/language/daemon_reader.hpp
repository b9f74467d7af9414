#pragma once
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<daemon>`: a real server. What it says is read by the readers of those in whose place it
/// stands.
void read_daemon(const Element& daemon, const ResponderSite& site);

/// Complains about hosts that would have to be on both sides: those with a daemon belong to the
/// machine, all others to the world. Hosts have been placed before.
void check_sides(const Element& scenario, const Names& names, const ScenarioPlan& plan);

}  // namespace provlab::lab
