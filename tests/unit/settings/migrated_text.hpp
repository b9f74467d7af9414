#pragma once
#include <optional>
#include <pugixml.hpp>
#include <string>

#include "core/settings/document.hpp"
#include "core/settings/migration.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

/// The text of one section, migrated.
struct Migrated {
  std::string xml;
  MigrationSteps steps;
};

inline std::optional<Migrated> migrated_text(const std::string& section,
                                             const SettingsVersion& from,
                                             const SettingsVersion& to) {
  const auto document = read_document(section, {});
  if (!document) return std::nullopt;
  pugi::xml_document copy;
  copy.append_copy(document->xml->document_element());
  Migrated result;
  result.steps = migrate(copy.document_element(), from, to);
  append_xml(copy.document_element(), result.xml);
  return result;
}

}  // namespace provlab::settings
