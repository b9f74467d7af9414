#pragma once
#include "netfakes/redirect_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<redirect>`: which device gets which URL.
void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::RedirectConfig& config);

}  // namespace provlab::lab
