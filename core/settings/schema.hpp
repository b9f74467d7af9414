#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"
#include "core/settings/xsd.hpp"

namespace provlab::settings {

struct ElementModel;

/// The XSD of one section of one release. Immutable and shared by all threads.
class SectionSchema {
 public:
  /// Compiled when first asked for, then shared by the whole process; null where the release has no
  /// such section.
  static const SectionSchema* of(Release release, std::string_view section);

  SectionSchema(const std::string& text, const ElementModel& model);

  /// The error's place is the path of the offending setting, its text says what is wrong and what
  /// is allowed. `section` is clean (core/settings/xml_tree.hpp).
  Expected<void> validate(pugi::xml_node section) const;
  /// Whether `section` is valid. `xml` is its canonical form; what was asked before on this thread
  /// is answered from memory, as far as that reaches.
  bool accepts(pugi::xml_node section, std::string_view xml) const;

 private:
  Xsd xsd_;
  const ElementModel& model_;
};

}  // namespace provlab::settings
