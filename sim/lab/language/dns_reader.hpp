#pragma once
#include "netfakes/dns_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<dns>`: names and addresses.
void read_responder(const Element& element, const ResponderSite& site, netfakes::DnsConfig& config);

}  // namespace provlab::lab
