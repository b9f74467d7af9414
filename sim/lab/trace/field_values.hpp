#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// The values that a field of an event can have; nothing where they are no closed set.
std::optional<std::vector<std::string>> values_of_field(std::string_view event,
                                                        std::string_view field);
/// Whether a field holds a number, in decimal digits.
bool is_number_field(std::string_view event, std::string_view field);

}  // namespace provlab::lab
