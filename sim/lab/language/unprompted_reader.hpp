#pragma once
#include "sim/lab/language/names.hpp"

/// `<send-datagram>`, `<send-sip>`, `<send-ntp>` and `<send-dhcp>`: what nobody asked for.
namespace provlab::lab {

SendUnprompted read_unprompted(const Element& element, Names& names, const ScenarioPlan& plan);

}  // namespace provlab::lab
