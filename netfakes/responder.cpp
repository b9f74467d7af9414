#include "netfakes/responder.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::netfakes {

bool ResponderKind::can_be_asked(std::string_view request) const {
  if (request.ends_with('*')) return true;
  return std::ranges::any_of(requests, [&](std::string_view known) {
    if (!request.starts_with(known)) return false;
    const std::string_view rest = request.substr(known.size());
    return rest.empty() || (!example.empty() && rest.starts_with(' '));
  });
}

bool ResponderKind::has_field(std::string_view field) const {
  return std::ranges::any_of(fields, [&](std::string_view known) {
    if (!known.ends_with('*')) return field == known;
    known.remove_suffix(1);
    return field.starts_with(known) && field.size() > known.size() &&
           std::ranges::all_of(field.substr(known.size()), &is_digit);
  });
}

}  // namespace provlab::netfakes
