#pragma once

namespace provlab::mutants {

/// The variable of the environment that turns a mutant on, by its number, before a program makes
/// anything.
inline constexpr const char* kVariable = "PROVLAB_MUTANT";

}  // namespace provlab::mutants
