#pragma once
#include <optional>
#include <pugixml.hpp>
#include <string_view>

/// The shape of settings: which elements are records, values and lists. Factory defaults hold every
/// setting of their release, so their elements tell; only lists, which may be empty there, are
/// known by name. The XSDs say the same (schema_model.hpp; a test holds both together).
namespace provlab::settings {

enum class Kind {
  value,            ///< text, no elements
  record,           ///< known children, each at most once
  marked_list,      ///< elements told apart by a marking attribute (SPEC 5.4)
  plain_list,       ///< elements without identity; given, the list is replaced whole
  positional_list,  ///< a fixed number of records, told apart by position: `identities`
  open,             ///< anything; only in elements of lists (SPEC 6.5)
};

struct Shape {
  Kind kind = Kind::value;
  const char* element = "";  ///< lists: the name of their elements
  const char* marking = "";  ///< marked lists: the marking attribute
};

/// The shape of an element of the factory defaults.
Shape shape_of(pugi::xml_node factory_element);

/// `true`, `false`, `1`, `0`, with white space around them; nothing where it is none of these.
std::optional<bool> read_switch(std::string_view value);
/// A whole number as it is written at its shortest, `7` for ` +07 `; other texts as they are.
std::string shortest_number(std::string_view value);

}  // namespace provlab::settings
