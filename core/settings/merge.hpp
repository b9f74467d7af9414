#pragma once
#include <pugixml.hpp>

#include "core/platform/error.hpp"
#include "core/settings/model.hpp"
#include "core/settings/strip.hpp"

namespace provlab::settings {

enum class MergeMode : int { merge, replace };

/// Merges a section of a document into `target`, leaf by leaf (SPEC 5.3, 5.4). To replace, the
/// target is a copy of the factory defaults, which supply what the document leaves out (SPEC 6.5),
/// and lists are taken as given. `factory` is the section of the factory defaults: it says which
/// settings exist on the device and what they are; `model` says the same of the elements of lists.
/// What neither knows is left out. On error the target is spoilt; its place is the setting's path.
Expected<void> merge_section(pugi::xml_node target, pugi::xml_node factory,
                             const ElementModel& model, pugi::xml_node given, MergeMode mode,
                             Stripped& stripped);

}  // namespace provlab::settings
