#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace provlab::net {

/// The ASCII form of a host name in UTF-8 (RFC 5891, UTS 46): `xn--mnchen-3ya.example`. Nothing
/// where it has none.
std::optional<std::string> ascii_of_host(std::string_view host);

}  // namespace provlab::net
