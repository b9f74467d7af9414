#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/soak/draw.hpp"

namespace provlab::lab {

/// What a rule of a responder can do wrong (SPEC 9).
struct SwarmFault {
  std::string_view request;  ///< of the rule; empty: any
  std::string_view does;     ///< the element inside the rule
};

/// Something that is wrong with a responder of that kind (`dhcp`, `dns`, `ntp`, `redirect`,
/// `multicast`, `http`).
const SwarmFault& draw_fault(Draw& draw, std::string_view kind);

}  // namespace provlab::lab
