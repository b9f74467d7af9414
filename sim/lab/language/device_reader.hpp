#pragma once
#include "sim/lab/language/names.hpp"
#include "sim/phone/phone.hpp"

namespace provlab::lab {

/// `<device>`: the phone, its settings and its knobs. What is left out stays as it is in `phone`.
void read_device(const Element& device, const Names& names, phone::PhoneOptions& phone);

/// Notes which knobs the scenario turns, and what the phone were without each. Comes last, when all
/// else is read that says something of the phone.
void watch_knobs(const Element& device, const Names& names, ScenarioPlan& plan);

/// `<knobs>` of it.
void read_knobs(const Element& knobs, phone::PhoneOptions& phone);

}  // namespace provlab::lab
