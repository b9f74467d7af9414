#pragma once
#include "core/platform/device_identity.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::settings {

/// What a device of that type and release knows when it leaves the factory: every setting that it
/// has. Compiled into the program (D9), parsed when first asked for, then shared by all threads.
const Configuration& factory_defaults(DeviceType type, Release release);

}  // namespace provlab::settings
