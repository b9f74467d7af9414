#pragma once
#include "netfakes/http_server.hpp"
#include "sim/lab/language/responder_site.hpp"

/// What `<http>` and `<redirect>` have in common: both are web servers.
namespace provlab::lab {

bool is_web_server(const Element& element);
Port port_of(const Element& element);
/// What it identifies itself by. Precondition: it has the attribute tls.
netfakes::TlsOptions read_tls_options(const Element& element, const ResponderSite& site);
/// How it takes connections. One that speaks TLS makes the phone trust the lab's authority.
netfakes::HttpServerOptions read_server_options(const Element& element, const ResponderSite& site);

}  // namespace provlab::lab
