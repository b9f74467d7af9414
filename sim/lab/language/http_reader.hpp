#pragma once
#include "netfakes/http_responder.hpp"
#include "sim/lab/language/responder_site.hpp"

namespace provlab::lab {

/// `<http>`: files and what else stands under paths.
void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::HttpConfig& config);

}  // namespace provlab::lab
