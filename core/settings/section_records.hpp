#pragma once
#include <string>

#include "core/platform/host.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/strip.hpp"

/// What happens to a section on its way into a device, told to the trace.
namespace provlab::settings {

/// `url` is the document's, or `store` at load.
void record_migrated(Host& host, const UpToDate& section, Release release, const std::string& url);
void record_stripped(Host& host, const Stripped& stripped, const std::string& url);

}  // namespace provlab::settings
