#pragma once
#include <string>

namespace provlab::tools {

/// What a program says of itself: the first line with a version in it, of both its streams. Empty
/// where it cannot be started, or says nothing within some seconds.
std::string version_said_by(const std::string& program, const std::string& argument);

}  // namespace provlab::tools
