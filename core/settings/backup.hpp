#pragma once
#include <string>

#include "core/settings/configuration.hpp"

namespace provlab::settings {

/// A backup: every section with its version, to be put in place of what a device has
/// (`patchDefault="false"`, SPEC 5.2, 5.3). A section a line, which adds less to the configuration
/// than kMaxConfigurationOctets leaves free, so that every backup can be restored.
std::string write_backup(const Configuration& configuration);

}  // namespace provlab::settings
