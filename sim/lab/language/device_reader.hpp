#pragma once
#include "sim/lab/language/names.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/phone/phone.hpp"

namespace provlab::lab {

/// `<device>`: the phone, its releases, settings and knobs. What is left out stays as it is.
void read_device(const Element& device, const Names& names, ScenarioPlan& plan);

/// Notes which knobs the scenario turns, and what the phone were without each. Comes last, when all
/// else is read that says something of the phone.
void watch_knobs(const Element& device, const Names& names, ScenarioPlan& plan);

/// `<knobs>` of it.
void read_knobs(const Element& knobs, phone::PhoneOptions& phone);

}  // namespace provlab::lab
