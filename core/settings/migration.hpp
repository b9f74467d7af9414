#pragma once
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"
#include "core/settings/migration_step.hpp"
#include "core/settings/settings_version.hpp"

namespace provlab::settings {

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

}  // namespace provlab::settings
