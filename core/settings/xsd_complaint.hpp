#pragma once
#include "core/platform/error.hpp"
#include "core/settings/xsd.hpp"

namespace provlab::settings {

struct ElementModel;

/// Says in the words of an author of settings what is wrong and what is allowed; the place is the
/// setting's path. `section` is the model of the element's section.
Error translate(const XsdViolation& violation, const ElementModel& section);

}  // namespace provlab::settings
