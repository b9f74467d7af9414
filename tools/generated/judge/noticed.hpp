#pragma once
#include <map>
#include <string>
#include <vector>

#include "tools/generated/judge/library.hpp"

namespace provlab::mutants {

/// How often trials have noticed mutants of a function and of a file: who noticed others there is
/// likely to notice the next.
class Noticed {
 public:
  void add(const Mutant& mutant, const Trial& trial);
  /// First those that noticed most of the mutant's function, then of its file, then the shortest.
  void sort(const Mutant& mutant, std::vector<const Trial*>& trials) const;

 private:
  int count(const std::string& place, const Trial& trial) const;

  std::map<std::pair<std::string, std::string>, int> counts_;  ///< by place and trial
};

/// `net/url.cpp:parse_url` of `net/url.cpp:parse_url:relation.3`.
std::string function_of(const Mutant& mutant);

}  // namespace provlab::mutants
