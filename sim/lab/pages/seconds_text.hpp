#pragma once
#include <string>

#include "core/platform/time.hpp"

namespace provlab::lab {

/// `0.092 s`: three digits behind the point, up to six where they say something. From a minute on
/// as people say it, `1 h 10 min 5.2 s`, without what is zero.
std::string seconds_text(Duration at);

}  // namespace provlab::lab
