#pragma once
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// What libxml2 found wrong first.
struct XsdViolation {
  int code = 0;            ///< of xmlParserErrors
  std::string message;     ///< libxml2's words
  pugi::xml_node element;  ///< the one that libxml2 was shown last

  /// libxml2's words, for readers who know the schema; the place is the element's path. For authors
  /// of settings see core/settings/xsd_complaint.hpp.
  Error error() const;
};

/// An XSD, compiled by libxml2. Immutable: any number of threads validate by it at the same time.
///
/// Trees are shown to libxml2 element by element, through the handlers that it has for parsers
/// (xmlSchemaSAXPlug): nothing is written out, parsed again or copied (D16). They are clean
/// (core/settings/xml_tree.hpp).
class Xsd {
 public:
  /// A text that is no schema is a broken promise of the build. Includes are not followed.
  explicit Xsd(std::string_view text);
  ~Xsd();
  Xsd(const Xsd&) = delete;
  Xsd& operator=(const Xsd&) = delete;

  /// The first thing that is wrong with an element and all below it; nothing where it is valid.
  std::optional<XsdViolation> validate(pugi::xml_node element) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace provlab::settings
