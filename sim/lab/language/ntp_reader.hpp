#pragma once
#include "netfakes/ntp_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// The settings with what the element says differently.
netfakes::NtpSettings read_ntp_settings(const Element& element, netfakes::NtpSettings settings);

/// `<ntp>`: what the time is.
void read_responder(const Element& element, const ResponderSite& site, netfakes::NtpConfig& config);

}  // namespace provlab::lab
