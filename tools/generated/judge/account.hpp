#pragma once
#include <string>
#include <vector>

#include "tools/generated/judge/record.hpp"

namespace provlab::mutants {

/// What has been found of mutants, for people.
class Account {
 public:
  Account(const Library& library, const std::vector<Equivalent>& equivalents)
      : library_(library), equivalents_(equivalents) {}

  /// Complains of equivalents that are none of all mutants.
  void know(const std::vector<Mutant>& all);
  /// `tests` is what they said of a survivor, where they were asked.
  void add(const Mutant& mutant, const Verdict& verdict, const Verdict* tests = nullptr);

  /// How many, by room, by kind and by rule of the specification.
  std::string tables() const;
  /// Each that no scenario has noticed, with its source line, the scenarios that come closest, and
  /// the test that notices it.
  std::string survivors() const;
  /// What is wrong with the list of equivalents: lines that changed, mutants that are
  /// noticed, and what is no mutant.
  std::string complaints() const;
  /// How many nobody has noticed.
  std::size_t survived() const { return all_.survived; }

 private:
  struct Row {
    std::size_t mutants = 0;
    std::size_t scenarios = 0;
    std::size_t explorations = 0;
    std::size_t limits = 0;  ///< and crashes
    std::size_t tests = 0;   ///< of what all others leave
    std::size_t equivalent = 0;
    std::size_t survived = 0;
  };
  using Rows = std::map<std::string, Row>;

  static std::string table(const std::string& title, const Rows& rows);
  static std::string line(const std::string& name, const Row& row);
  const Equivalent* equivalent(const Mutant& mutant) const;
  const Trial* trial(const std::string& name) const;
  /// Those that reach a mutant, first the ones that reach little else.
  std::vector<const Trial*> nearest(const Mutant& mutant) const;
  std::string rule(const Mutant& mutant, const Verdict& verdict) const;

  const Library& library_;
  const std::vector<Equivalent>& equivalents_;
  Rows rooms_;
  Rows kinds_;
  Rows rules_;
  Row all_;
  struct Survivor {
    Mutant mutant;
    std::string test;  ///< that notices it; empty: none does
  };
  std::vector<Survivor> survivors_;
  std::vector<std::string> complaints_;
};

}  // namespace provlab::mutants
