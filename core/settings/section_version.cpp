#include "core/settings/section_version.hpp"

#include <fmt/format.h>

#include "core/platform/text.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

Expected<SectionVersion> find_version(pugi::xml_node section, Release device) {
  if (const auto given = section.attribute("version")) {
    const auto version = SettingsVersion::parse(trimmed(given.value()));
    if (!version) return fail(version.error().text, path_of(section) + "/@version");
    return SectionVersion{*version, "attribute"};
  }
  std::string xml;
  append_xml(section, xml);
  for (std::size_t i = static_cast<std::size_t>(device) + 1; i-- > 0;) {
    const Release release = kReleases[i];
    const SectionSchema* schema = ReleaseSchema::of(release).section(section.name());
    if (schema == nullptr || !schema->accepts(section, xml)) continue;
    return SectionVersion{version_of(release),
                          fmt::format("schema of {}", provlab::to_string(release))};
  }
  return SectionVersion{SettingsVersion(), "no schema fits"};
}

Release written_by(const Configuration& configuration, Release device) {
  std::optional<SettingsVersion> newest;
  for (const SectionPointer& section : configuration.sections()) {
    const auto version = SettingsVersion::parse(section->element().attribute("version").value());
    if (version && (!newest || *newest < *version)) newest = *version;
  }
  if (!newest) return device;
  for (const Release release : kReleases) {
    if (release < device && *newest <= version_of(release)) return release;
  }
  return device;
}

Expected<UpToDate> bring_up_to_date(pugi::xml_node section, Release device) {
  auto from = find_version(section, device);
  if (!from) return std::unexpected(std::move(from.error()));
  UpToDate result{section, nullptr, std::move(*from), {}};
  const SettingsVersion to = version_of(device);
  if (result.from.version >= to) return result;
  result.copy = std::make_unique<pugi::xml_document>();
  result.copy->append_copy(section);
  result.section = result.copy->document_element();
  result.steps = migrate(result.section, result.from.version, to);
  return result;
}

}  // namespace provlab::settings
