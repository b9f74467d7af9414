#pragma once
#include <functional>
#include <string>

#include "core/platform/error.hpp"

namespace provlab::tools {

/// The program that `build` means: a file, a name on the path, or a revision of the git repository
/// here. A revision is built in a work tree of its own, in `build/compared/` at the top of the
/// repository, and stays there for the next time; `progress` hears what is going on. The error
/// says what does not build, and where its log is.
Expected<std::string> build_of(const std::string& build,
                               const std::function<void(const std::string&)>& progress);

}  // namespace provlab::tools
