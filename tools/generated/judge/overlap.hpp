#pragma once
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::mutants {

/// Which scenarios notice which mutants, and which of them another one makes superfluous (D52).
///  1. A scenario is covered by another that notices each mutant that it notices, patches among
///     them, and is about each rule that it is about.
///  2. Of two that cover each other both are told.
///  3. Whoever notices nothing is told apart: everyone covers it.
class Overlap {
 public:
  /// A scenario, and its rules. One that is added twice has the rules of both.
  void add_scenario(const std::string& name, const std::vector<std::string>& rules);
  /// Scenarios that were never added are passed over.
  void add(const std::string& mutant, const std::set<std::string>& noticed_by);
  /// Lines `MUTANT<tab>SCENARIO`.
  Expected<void> add_list(std::string_view text, const std::string& file);

  struct Covered {
    std::string scenario;
    std::size_t noticed = 0;
    std::vector<std::string> by;  ///< first those that notice least beyond it
  };
  std::vector<Covered> covered() const;
  std::vector<std::string> blind() const;
  std::size_t mutants() const { return mutants_.size(); }
  std::size_t scenarios() const { return scenarios_.size(); }

 private:
  struct Scenario {
    std::set<std::string> rules;
    std::set<std::size_t> noticed;  ///< in mutants_
  };
  std::map<std::string, Scenario> scenarios_;
  std::map<std::string, std::size_t> mutants_;
};

/// A line for each that is covered, and what was counted.
std::string to_text(const Overlap& overlap);

}  // namespace provlab::mutants
