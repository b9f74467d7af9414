#pragma once
#include <string_view>

#include "core/platform/error.hpp"
#include "sim/phone/phone.hpp"

namespace provlab::lab {

/// Turns a phone's knobs as a command line says it, `arp-probe=true,sequence=dhcp,redirect`: names,
/// values and complaints are those of `<knobs>` in a scenario. A piece that does not begin with a
/// word and `=` belongs to the value before it, whose comma it stood behind.
Expected<void> turn_knobs(std::string_view list, phone::PhoneOptions& phone);

}  // namespace provlab::lab
