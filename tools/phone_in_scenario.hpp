#pragma once
#include <optional>
#include <string>

#include "core/platform/address.hpp"
#include "sim/lab/language/load.hpp"

namespace provlab::tools {

/// A scenario as it is, or as it would be for another phone: `phone` stands wherever the file has
/// the address of its own, with colons or without. Lines stay where they are.
lab::PlanResult scenario_for_phone(const std::string& file, const std::string& root,
                                   std::optional<MacAddress> phone);

}  // namespace provlab::tools
