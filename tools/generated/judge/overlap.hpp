#pragma once
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/platform/error.hpp"
#include "tools/generated/judge/record.hpp"

namespace provlab::mutants {

/// Which scenarios notice which mutants, and which of them another one makes superfluous (D52).
///  1. A scenario is covered by another that is about each rule that it is about, states all that
///  it
///     states (D63), and notices each mutant that it notices, patches among them.
///  2. Of two that cover each other both are told.
///  3. Whoever notices nothing is covered by each that is about as much and states as much.
class Overlap {
 public:
  /// A scenario, its rules, and what it states. One that is added twice has those of both.
  void add_scenario(const std::string& name, const std::vector<std::string>& rules,
                    const std::set<std::string>& statements);
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
  /// Those that another could cover, whatever they notice, and these others.
  std::set<std::string> suspects() const;
  std::size_t mutants() const { return mutants_.size(); }
  std::size_t scenarios() const { return scenarios_.size(); }

 private:
  struct Scenario {
    std::set<std::string> rules;
    std::set<std::string> statements;
    std::set<std::size_t> noticed;  ///< in mutants_
  };
  /// Whether the other is about as much and states as much.
  static bool says_as_much(const Scenario& rival, const Scenario& scenario);

  std::map<std::string, Scenario> scenarios_;
  std::map<std::string, std::size_t> mutants_;
};

/// What is told of an overlap.
struct OverlapReport {
  std::string text;          ///< a line for each that nobody has spoken of, and what was counted
  std::size_t unspoken = 0;  ///< how many these are
};
/// `remarks` say why a scenario, their `id`, stays though another, their `text`, covers it; both
/// may be globs. Those that are true no more are told.
OverlapReport report_of(const Overlap& overlap, const std::vector<Remark>& remarks);

}  // namespace provlab::mutants
