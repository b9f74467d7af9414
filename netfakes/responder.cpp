#include "netfakes/responder.hpp"

#include <algorithm>

namespace provlab::netfakes {

bool ResponderKind::can_be_asked(std::string_view request) const {
  if (request.ends_with('*')) return true;
  return std::ranges::any_of(requests, [&](std::string_view known) {
    if (!request.starts_with(known)) return false;
    const std::string_view rest = request.substr(known.size());
    return rest.empty() || (!example.empty() && rest.starts_with(' '));
  });
}

}  // namespace provlab::netfakes
