#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// A `<fail>` of the device: calls of its own system that fail.
FailPlan read_failure(const Element& element, const Names& names);

/// A `<damage>` of the timeline: what becomes of a file of the phone's disk.
DamageFile read_file_damage(const Element& element, const Names& names);

}  // namespace provlab::lab
