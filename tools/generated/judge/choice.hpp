#pragma once
#include <string>
#include <vector>

#include "tools/generated/manifest.hpp"

namespace provlab::mutants {

/// Lines of a file that a change touches (D70), first and last included.
struct Lines {
  std::string file;
  int first = 0;
  int last = 0;
};
/// `core/net/url.cpp<tab>12<tab>40` a line.
Expected<std::vector<Lines>> parse_lines(std::string_view text, const std::string& file);

/// Which mutants are to be judged.
struct Choice {
  std::vector<std::string> globs;  ///< ids; empty: all
  std::vector<Lines> touched;      ///< only those in these lines
  bool only_touched = false;
  std::size_t count = 0;  ///< so many by chance, in the order of their ids; 0: all
  std::uint64_t seed = 1;
};

/// A larger count with the same seed adds to a smaller one.
std::vector<const Mutant*> chosen(const std::vector<Mutant>& mutants, const Choice& choice);

}  // namespace provlab::mutants
