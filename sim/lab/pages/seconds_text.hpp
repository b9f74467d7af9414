#pragma once
#include <string>

#include "core/platform/time.hpp"

namespace provlab::lab {

/// `0.092 s`: three digits behind the point, up to six where they say something.
std::string seconds_text(Duration at);

}  // namespace provlab::lab
