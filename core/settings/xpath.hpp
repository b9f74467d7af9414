#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::settings {

/// The expression as it is evaluated on sections that stand side by side, without an element
/// `configuration` around them: paths through /configuration, wherever in the expression they
/// stand, begin at the section, and slashes at the end are gone (SPEC 5.6). What is no XPath comes
/// back as it is.
std::string paths_from_section(std::string_view xpath);

/// The section that an expression cannot leave; empty where it may reach several and has to be
/// evaluated over all. Takes what paths_from_section() gives.
std::string_view only_section(std::string_view xpath);

/// The nodes that a query selects in a tree, in document order.
std::vector<pugi::xpath_node> nodes_in_order(const pugi::xpath_query& query, pugi::xml_node tree);

}  // namespace provlab::settings
