#pragma once
#include "netfakes/ntp_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<ntp>`: what the time is.
void read_responder(const Element& element, const ResponderSite& site, netfakes::NtpConfig& config);

}  // namespace provlab::lab
