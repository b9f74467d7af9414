#pragma once
#include <memory>

#include "netfakes/check_sync.hpp"
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<check-sync>`: the NOTIFY that a host sends, and what is wrong with it.
std::shared_ptr<const netfakes::CheckSync> read_check_sync(const Element& element, Names& names);

}  // namespace provlab::lab
