#pragma once
#include <pugixml.hpp>
#include <string>

/// Scenarios that are made or changed by the program, from and to text.
namespace provlab::lab {

/// As the author would write it.
std::string scenario_text(const pugi::xml_document& scenario);
/// Undoes scenario_text(); what is no XML gives an empty document.
pugi::xml_document scenario_tree(const std::string& text);

}  // namespace provlab::lab
