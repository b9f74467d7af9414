#pragma once
#include <pugixml.hpp>
#include <string>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/migration.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"

namespace provlab::settings {

/// The settings version of a section of a document, and how that is known.
struct SectionVersion {
  SettingsVersion version;
  std::string known_by;  ///< `attribute`, `schema of 2.0C`, or `no schema fits`
};

/// Finds out which version a section is of (SPEC 6.2).
///
/// 1. Its version attribute says it; one that is no version is an error.
/// 2. Without one the XSDs are tried: that of the device's release, then those of former ones, the
///    newest first.
/// 3. Where none fits it is 0.0.0.
///
/// `section` is the section's element, clean.
Expected<SectionVersion> find_version(pugi::xml_node section, Release device);

/// A section as the device's release has it.
struct UpToDate {
  pugi::xml_node section;  ///< the one given, or what `copy` holds
  Draft copy;              ///< null where nothing had to be migrated
  SectionVersion from;
  MigrationSteps steps;  ///< that changed something

  bool migrated() const { return copy != nullptr; }
};

/// Finds out the version of a section and migrates a copy of it where it is older than the device's
/// (SPEC 6.3, 6.4).
Expected<UpToDate> bring_up_to_date(pugi::xml_node section, Release device);

/// The release whose firmware wrote a configuration, by the newest version its sections bear; the
/// device's own where they bear none, or a newer one.
Release written_by(const Configuration& configuration, Release device);

}  // namespace provlab::settings
