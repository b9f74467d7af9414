#pragma once
#include <memory>

#include "netfakes/dhcp_config.hpp"

namespace provlab::netfakes {

/// A DHCP server (RFC 2131, 2132) with leases by MAC address, on port 67 of its host, which has an
/// address or is given one by the configuration.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DhcpConfig> config);

}  // namespace provlab::netfakes
