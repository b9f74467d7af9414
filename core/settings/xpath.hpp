#pragma once
#include <string>
#include <string_view>

namespace provlab::settings {

/// Settings are held as sections side by side, without an element `configuration` around them. This
/// rewrites every absolute path of an XPath expression that begins with /configuration so that it
/// begins at the section, and drops trailing slashes (SPEC 5.6).
std::string paths_from_section(std::string_view xpath);

/// How many nodes evaluating an expression may have to look at where there are `size`, reckoned
/// from above: a condition is evaluated for each node, and what it searches it searches each time.
double visits_of(std::string_view xpath, double size);

/// The section that an expression is confined to, empty where it may reach several: then it has to
/// be evaluated over all. Takes what paths_from_section() gives.
std::string_view only_section(std::string_view xpath);

}  // namespace provlab::settings
