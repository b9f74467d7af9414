#pragma once
#include <cstdint>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::settings {

/// What an element is made of.
enum class Kind {
  value,            ///< text, no elements
  record,           ///< known children, each at most once
  marked_list,      ///< elements told apart by a marking attribute (SPEC 5.4)
  plain_list,       ///< elements without identity; given, the list is replaced whole
  positional_list,  ///< a fixed number of records, told apart by position: `identities`
  open,             ///< anything; only in elements of lists (SPEC 6.5)
};

/// What a text may be.
struct ValueModel {
  enum class Base { text, boolean, integer };
  Base base = Base::text;
  bool collapses = false;  ///< white space around the value is none of it; of all but xs:string
  std::int64_t least = 0;  ///< integers
  std::int64_t most = 0;
  std::vector<std::string> choices;  ///< where only these are allowed
  std::size_t shortest = 0;          ///< texts: octets
  std::string pattern;               ///< XSD's, empty where there is none
  std::string description;           ///< what to write, for messages: "true or false"
};

struct AttributeModel {
  std::string name;
  ValueModel value;
  bool required = false;
};

/// What a release's XSD says of one element and all below it: the same that libxml2 validates by,
/// in a form in which it can be walked beside a document, to strip and merge it and to explain what
/// is wrong with it. Reads the constructs that the schemas of this project use.
struct ElementModel {
  std::string name;
  Kind kind = Kind::value;
  ValueModel value;                    ///< of a value
  std::vector<ElementModel> children;  ///< of a record its settings, of a list its one element
  std::string marking;                 ///< marked lists: the marking attribute
  std::vector<AttributeModel> attributes;
  bool open_attributes = false;

  bool is_list() const {
    return kind == Kind::marked_list || kind == Kind::plain_list || kind == Kind::positional_list;
  }
  /// The model of a child, null where the schema knows none of that name.
  const ElementModel* child(std::string_view child_name) const;
  const AttributeModel* attribute(std::string_view attribute_name) const;
  /// Lists: the name of their elements.
  const std::string& element() const { return children.front().name; }
};

/// What a schema in one piece says of the element that it declares under that name. Its includes
/// stand in place.
ElementModel read_model(pugi::xml_node schema, std::string_view element);

/// The model of an element in a tree whose document element is the section; null for what the
/// schema does not know and inside open content.
const ElementModel* model_at(const ElementModel& section, pugi::xml_node element);

}  // namespace provlab::settings
