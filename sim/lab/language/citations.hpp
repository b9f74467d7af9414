#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

struct Specification;

/// What a text cites by numbers behind the word `SPEC`: a rule or a section, each of a list (with
/// commas or `and` between), or all that lies in a range (with a dash).
struct Citation {
  std::string first;
  std::string last;   ///< the same where it is no range
  unsigned line = 0;  ///< from 1
};

/// In their order. A line may end behind `SPEC` or a comma; what comments begin with is passed
/// over.
std::vector<Citation> citations_in(std::string_view text);

/// Whether what is cited exists, as a rule or a section.
bool exists(const Citation& citation, const Specification& specification);

/// Whether the rule is cited, by its number or within a range.
bool cites(const Citation& citation, std::string_view rule, const Specification& specification);

}  // namespace provlab::lab
