#pragma once
#include <string>
#include <string_view>

namespace provlab::settings {

/// The expression as it is evaluated on sections that stand side by side, without an element
/// `configuration` around them: absolute paths through /configuration begin at the section, and
/// slashes at the end are gone (SPEC 5.6).
std::string paths_from_section(std::string_view xpath);

/// An upper bound on the nodes that evaluating an expression looks at where there are `size`: a
/// condition is evaluated for each node, and searches anew each time what it searches.
double visits_of(std::string_view xpath, double size);

/// The section that an expression cannot leave; empty where it may reach several and has to be
/// evaluated over all. Takes what paths_from_section() gives.
std::string_view only_section(std::string_view xpath);

}  // namespace provlab::settings
