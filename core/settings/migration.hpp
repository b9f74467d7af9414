#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/error.hpp"
#include "core/settings/settings_version.hpp"

namespace provlab::settings {

/// One step of the way from a release's settings to the next one's, as schemas/migrations/ has it;
/// schemas/migrations.xsd says what each kind does.
struct MigrationStep {
  enum class Kind { rename, move, preset, convert, drop };
  using Path = std::vector<std::string>;  ///< from the section on; the last may be an `@attribute`

  Kind kind = Kind::rename;
  Path path;
  Path to;                                                  ///< rename (one name), move
  Path with;                                                ///< preset
  std::string value;                                        ///< preset
  std::optional<std::string> equals;                        ///< preset
  std::vector<std::pair<std::string, std::string>> values;  ///< convert
  std::uint64_t multiply = 1;                               ///< convert
  std::string why;
  std::string text;  ///< what it does: `rename sip/whitelist to allowlist`
};
using MigrationSteps = std::vector<const MigrationStep*>;

/// All steps from one settings version to the next, by section.
struct Migration {
  SettingsVersion from;
  SettingsVersion to;
  std::map<std::string, std::vector<MigrationStep>, std::less<>> sections;
};

/// The migrations built into the program, oldest first; read and checked once per process.
const std::vector<Migration>& migrations();
/// Reads one file of schemas/migrations/. The error says where it does not fit migrations.xsd.
Expected<Migration> read_migration(std::string_view xml);

/// Brings a section from one settings version to a newer one, in place, step by step (SPEC 6.3).
///
/// 1. The result are the steps that changed something, in their order.
/// 2. The version attribute becomes `to`.
/// 3. A section that is not older is left as it is (SPEC 6.4).
/// 4. What is new already stays as it is: a step makes nothing that is there (D17).
MigrationSteps migrate(pugi::xml_node section, const SettingsVersion& from,
                       const SettingsVersion& to);
/// Carries out one step; false where there was nothing to do.
bool carry_out(const MigrationStep& step, pugi::xml_node section);

/// A section's text that was brought to a newer version, and how.
struct MigratedText {
  std::string xml;  ///< in canonical form
  MigrationSteps steps;
};
/// The same for the text of one section, such as `<time version="1.8.9">…</time>`. Its result
/// depends on nothing but its arguments. What read_document() refuses is refused here as well, and
/// so is all that is no single section.
Expected<MigratedText> migrate(std::string_view section, const SettingsVersion& from,
                               const SettingsVersion& to);

}  // namespace provlab::settings
