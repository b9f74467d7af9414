#pragma once
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// What libxml2 found wrong first: its code (xmlParserErrors), its words and the element it was
/// shown last.
struct Finding {
  int code = 0;
  std::string message;
  pugi::xml_node element;
};

/// An XSD, compiled by libxml2. Immutable: any number of threads validate by it at the same time.
///
/// Trees are shown to libxml2 element by element, through the handlers it has for parsers
/// (xmlSchemaSAXPlug), so nothing is written out, parsed again or copied. They are clean
/// (core/settings/xml_tree.hpp).
class XmlSchema {
 public:
  /// A text that is no schema is a broken promise of the build. Includes are not followed.
  explicit XmlSchema(std::string_view text);
  ~XmlSchema();
  XmlSchema(const XmlSchema&) = delete;
  XmlSchema& operator=(const XmlSchema&) = delete;

  /// The first thing that is wrong with an element and all below it, if anything is.
  std::optional<Finding> check(pugi::xml_node element) const;
  /// The same in libxml2's words, for readers who know the schema; the place is the element's path.
  Expected<void> validate(pugi::xml_node element) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace provlab::settings
