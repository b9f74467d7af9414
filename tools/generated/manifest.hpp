#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

/// What the maker tells the judge about the mutants that it wrote into the core.
namespace provlab::mutants {

struct Mutant {
  std::uint32_t number = 0;  ///< by which the program knows it
  std::string id;            ///< `net/url.cpp:parse_url:relation.3`, whatever stands around it
  std::string file;          ///< `core/net/url.cpp`
  int line = 0;
  std::string kind;    ///< `relation`
  std::string change;  ///< `< becomes <=`
  std::string text;    ///< the source line, without the space around it

  /// `core/net` of `core/net/url.cpp`.
  std::string_view room() const { return std::string_view(file).substr(0, file.rfind('/')); }
};

/// One line each, fields with tabs between them.
std::string to_text(const std::vector<Mutant>& mutants);
Expected<std::vector<Mutant>> parse_manifest(std::string_view text, const std::string& file);

}  // namespace provlab::mutants
