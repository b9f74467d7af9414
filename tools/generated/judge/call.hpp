#pragma once
#include <string>
#include <vector>

#include "core/platform/time.hpp"

namespace provlab::mutants {

/// A program that is asked about the mutant that is on.
struct Call {
  std::vector<std::string> words;  ///< the program and its first arguments; others are added
  std::string text;                ///< what it is to read; none: it reads nothing
  Duration limit{};                ///< processor time; ten times as much by the clock
};

/// Whether the program ends with 0, as it is taken to where it cannot be asked. It begins with the
/// mutant on, so that what it makes once is made with it. Further arguments are a file with the
/// text, where there is one, and a descriptor to which it writes lines; `told` gets the last of
/// them. The caller has no threads.
bool passes_call(const Call& call, std::string& told);

}  // namespace provlab::mutants
