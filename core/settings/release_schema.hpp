#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <pugixml.hpp>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"
#include "core/settings/model.hpp"
#include "core/settings/xsd.hpp"

namespace provlab::settings {

/// The schema of one section of one release: its XSD, compiled when a section is first held against
/// it, and what that says of each element. Shared by all threads.
class SectionSchema {
 public:
  /// `name` lives as long as the program.
  SectionSchema(Release release, std::string_view name);

  const ElementModel& model() const { return model_; }
  /// The error's place is the path of the offending setting, its text says what is wrong and what
  /// is allowed. `section` is clean (core/settings/xml_tree.hpp).
  Expected<void> validate(pugi::xml_node section) const;
  /// Whether `section` is valid. `xml` is its canonical form; what was asked before on this thread
  /// is answered from memory, as far as that reaches.
  bool accepts(pugi::xml_node section, std::string_view xml) const;

 private:
  const Xsd& xsd() const;

  Release release_;
  std::string_view name_;
  ElementModel model_;
  mutable std::once_flag compiled_;
  mutable std::unique_ptr<const Xsd> xsd_;
};

/// The schemas of one release, a section each: schemas/RELEASE/*.xsd, which are compiled into the
/// program (D9).
class ReleaseSchema {
 public:
  /// Read when first asked for, then shared by the whole process.
  static const ReleaseSchema& of(Release release);

  /// The schema of a section, null where the release has no such section.
  const SectionSchema* section(std::string_view name) const;
  /// What that schema says of the section's element, null where the release has no such section.
  const ElementModel* model(std::string_view section) const;

 private:
  explicit ReleaseSchema(Release release);

  std::map<std::string_view, SectionSchema> sections_;
};

}  // namespace provlab::settings
