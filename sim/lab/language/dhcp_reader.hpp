#pragma once
#include "netfakes/dhcp_config.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<option>`, by itself; nothing where it was complained about.
std::optional<netfakes::DhcpOption> read_plain_option(const Element& element);

/// `<dhcp>`: leases, their options, and what rules say differently.
void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::DhcpConfig& config);

}  // namespace provlab::lab
