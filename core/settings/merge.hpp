#pragma once
#include <pugixml.hpp>

#include "core/platform/error.hpp"
#include "core/settings/model.hpp"
#include "core/settings/strip.hpp"

namespace provlab::settings {

enum class MergeMode {
  merge,    ///< what is not given stays as it is
  replace,  ///< what is not given becomes the factory's; lists are taken as given (SPEC 6.5)
};

/// Merges the section `given` into `target`, setting by setting (SPEC 5.3, 5.4).
///
/// 1. The target is a section of the device; to replace, it is a copy of the factory's.
/// 2. `factory` is the factory's section. It says which settings the device has.
/// 3. `model` is the section's. It says what each setting is, also where a list has elements that
///    the factory does not have.
/// 4. What these two do not know is left out and noted.
/// 5. On error the target is spoilt. The error's place is the path of the setting.
Expected<void> merge_section(pugi::xml_node target, pugi::xml_node factory,
                             const ElementModel& model, pugi::xml_node given, MergeMode mode,
                             Stripped& stripped);

}  // namespace provlab::settings
