#pragma once
#include "netfakes/multicast_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<multicast>`: NOTIFYs and the 200 before them.
void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::MulticastConfig& config);

}  // namespace provlab::lab
