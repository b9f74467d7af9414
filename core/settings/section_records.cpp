#include "core/settings/section_records.hpp"

#include <fmt/format.h>

#include "core/settings/events.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

void record_migrated(Host& host, const UpToDate& section, Release release, const std::string& url) {
  std::string changes;
  for (const MigrationStep* step : section.steps) {
    changes.append(changes.empty() ? "" : "; ").append(step->text);
  }
  host.record(SectionMigrated{name_of(section.section), section.from.version.to_string(),
                              settings_version(release), section.from.known_by,
                              section.steps.size(), changes, url});
}

void record_stripped(Host& host, const Stripped& stripped, const std::string& url) {
  for (const std::string& path : stripped.paths) host.record(SettingStripped{path, url});
  if (stripped.count > stripped.paths.size()) {
    const std::string rest = fmt::format("({} more)", stripped.count - stripped.paths.size());
    host.record(SettingStripped{rest, url});
  }
}

}  // namespace provlab::settings
