#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "netfakes/dhcp_responder.hpp"
#include "netfakes/dns_responder.hpp"
#include "netfakes/http_responder.hpp"
#include "netfakes/multicast_responder.hpp"
#include "netfakes/ntp_responder.hpp"
#include "netfakes/redirect_responder.hpp"
#include "netfakes/responder.hpp"

/// All kinds of responders there are. A responder's own header tells its configuration and its
/// kind; that it exists is said here and nowhere else.
namespace provlab::netfakes {

/// The table of kinds.
using ResponderConfig = std::variant<std::shared_ptr<const DhcpConfig>,       //
                                     std::shared_ptr<const DnsConfig>,        //
                                     std::shared_ptr<const NtpConfig>,        //
                                     std::shared_ptr<const RedirectConfig>,   //
                                     std::shared_ptr<const MulticastConfig>,  //
                                     std::shared_ptr<const HttpConfig>>;

/// In the order of the table.
std::span<const ResponderKind* const> responder_kinds();
const ResponderKind& kind_of(const ResponderConfig& config);
/// Precondition: there is a kind of that name.
const ResponderKind& kind_named(std::string_view name);

std::unique_ptr<Responder> make_responder(Host& host, const ResponderConfig& config);

/// A configuration of the kind of that name, made by `fill`, which is given an empty one and takes
/// those of all kinds. Precondition: there is a kind of that name.
template <class Fill>
ResponderConfig configured(std::string_view kind, Fill&& fill) {
  ResponderConfig result;
  const auto fits = [&]<class Config>(std::type_identity<std::shared_ptr<const Config>>) {
    if (Config::kind.name != kind) return false;
    auto config = std::make_shared<Config>();
    fill(*config);
    result = std::shared_ptr<const Config>(std::move(config));
    return true;
  };
  const auto search = [&]<class... Row>(std::type_identity<std::variant<Row...>>) {
    return (fits(std::type_identity<Row>()) || ...);
  };
  search(std::type_identity<ResponderConfig>());
  return result;
}

}  // namespace provlab::netfakes
