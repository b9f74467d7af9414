#pragma once
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"

/// Configurations as text for people.
namespace provlab::tools {

/// Whether users and passwords of URLs (SPEC 5.10) are told as `***` or as they are.
enum class Credentials { hidden, told };

/// A backup of the configuration (SPEC 5.2), indented; with its credentials told, reading it gives
/// the same configuration.
std::string indented(const settings::Configuration& configuration, Credentials credentials);
/// The same for any document, in place of its own layout; its attributes stay as they are.
std::string indented(pugi::xml_node root);

/// What differs, a line each: `section/path: old → new`, with credentials hidden. List elements are
/// named by their marking attribute (`key[@keyNumber='3']`) or by position.
std::vector<std::string> difference_lines(const settings::Configuration& from,
                                          const settings::Configuration& to);

}  // namespace provlab::tools
