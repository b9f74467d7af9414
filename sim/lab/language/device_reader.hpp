#pragma once
#include "sim/lab/language/names.hpp"
#include "sim/phone/phone.hpp"

namespace provlab::lab {

/// `<device>`: the phone, its settings and its knobs. What is left out stays as it is in `phone`.
void read_device(const Element& device, const Names& names, phone::PhoneOptions& phone);

/// `<knobs>` of it.
void read_knobs(const Element& knobs, phone::PhoneOptions& phone);

}  // namespace provlab::lab
