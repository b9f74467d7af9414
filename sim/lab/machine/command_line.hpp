#pragma once
#include <string>

namespace provlab::lab {

/// A word as a shell reads it back.
std::string shell_quoted(const std::string& text);

/// How the program was called, quoted, so that lines to paste work where they are printed: the
/// launcher says it.
std::string program_name();

}  // namespace provlab::lab
