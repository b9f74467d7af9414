#pragma once
#include <string>

namespace provlab::lab {

/// A word as a shell reads it back. One with hidden characters has them written out, as
/// `$'a\033b'`: what is shown can be pasted.
std::string shell_quoted(const std::string& text);

/// The same of a path that a program is to take for none of its options.
std::string quoted_path(const std::string& path);

/// ` --root FOLDER` for a line that repeats something; nothing where none was given.
std::string root_words(const std::string& root);

/// How the program was called, quoted, so that lines to paste work where they are printed: the
/// launcher says it.
std::string program_name();

}  // namespace provlab::lab
