#pragma once
#include <optional>
#include <string>

namespace provlab::lab {

/// What makes it impossible that an XPath selects a setting: a step of it, or of one of its
/// predicates, that the schemas of no release have (SPEC 6.5), and what there is instead. Nothing
/// where the path can be, where it asks for what no schema can tell, and where it is no XPath.
std::optional<std::string> impossible_step(const std::string& xpath);

}  // namespace provlab::lab
