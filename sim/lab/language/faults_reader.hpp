#pragma once
#include <memory>

#include "netfakes/faults.hpp"
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// What is wrong with an answer: the attributes `copies`, `corrupt`, `reset-at` and their like, and
/// the octets of a `<raw>`. Null where nothing is.
std::shared_ptr<const netfakes::Faults> read_faults(const Element& answer, const Names& names);

}  // namespace provlab::lab
