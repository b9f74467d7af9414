#include "netfakes/responder_kinds.hpp"

#include <algorithm>
#include <array>

namespace provlab::netfakes {

namespace {

template <class Table>
struct KindsOf;

template <class... Config>
struct KindsOf<std::variant<std::shared_ptr<const Config>...>> {
  static constexpr std::array<const ResponderKind*, sizeof...(Config)> kinds{&Config::kind...};
};

}  // namespace

std::span<const ResponderKind* const> responder_kinds() {
  return KindsOf<ResponderConfig>::kinds;
}

const ResponderKind& kind_of(const ResponderConfig& config) {
  return *responder_kinds()[config.index()];
}

const ResponderKind& kind_named(std::string_view name) {
  return **std::ranges::find(responder_kinds(), name, &ResponderKind::name);
}

std::unique_ptr<Responder> make_responder(Host& host, const ResponderConfig& config) {
  return std::visit(
      [&]<class Config>(const std::shared_ptr<const Config>& shared) {
        // The kind's own function, by its type: were there none, this one would call itself.
        using Make = std::unique_ptr<Responder> (*)(Host&, std::shared_ptr<const Config>);
        return static_cast<Make>(&make_responder)(host, shared);
      },
      config);
}

}  // namespace provlab::netfakes
