#pragma once
#include <string>
#include <vector>

#include "tools/generated/judge/record.hpp"

namespace provlab::mutants {

/// What has been found of mutants, for people.
class Account {
 public:
  Account(const Library& library, const Remarks& remarks) : library_(library), remarks_(remarks) {}

  /// Complains of remarks on what is none of all mutants, and on one that has two of them.
  void know(const std::vector<Mutant>& all);
  /// `tests` is what they said of a survivor, where they were asked.
  void add(const Mutant& mutant, const Verdict& verdict, const Verdict* tests = nullptr);

  /// How many, by room, by kind and by rule of the specification.
  std::string tables() const;
  /// Each that no scenario has noticed, with its source line, the scenarios that come closest, the
  /// test that notices it and what has been said of it. First those that nobody notices and of
  /// which nothing has been said, then others without a remark.
  std::string survivors() const;
  /// What is wrong with the remarks: lines that changed, mutants that are noticed, and what is no
  /// mutant.
  std::string complaints() const;
  /// How many nobody has noticed and nobody has said anything of.
  std::size_t survived() const { return all_.survived; }

 private:
  struct Row {
    std::size_t mutants = 0;
    std::size_t scenarios = 0;
    std::size_t explorations = 0;
    std::size_t limits = 0;  ///< and crashes
    std::size_t tests = 0;   ///< of what all others leave
    std::size_t equivalent = 0;
    std::size_t explained = 0;  ///< survived, and somebody has said why
    std::size_t survived = 0;   ///< without that
  };
  using Rows = std::map<std::string, Row>;

  static std::string table(const std::string& title, const Rows& rows);
  static std::string line(const std::string& name, const Row& row);
  static void count(Row& row, End end, bool left, const Remark* equivalent, const Remark* survivor);
  /// What has been said, where the source line is as it was; complains where it is not.
  const Remark* remark(const std::vector<Remark>& remarks, const Mutant& mutant);
  /// Complains of a remark on a mutant that is noticed, and gives none.
  const Remark* contradicted(const Remark* remark, const Verdict& verdict);
  const Trial* trial(const std::string& name) const;
  /// Those that reach a mutant, first the ones that reach little else.
  std::vector<const Trial*> nearest(const Mutant& mutant) const;
  std::string rule(const Mutant& mutant, const Verdict& verdict) const;

  const Library& library_;
  const Remarks& remarks_;
  Rows rooms_;
  Rows kinds_;
  Rows rules_;
  Row all_;
  struct Survivor {
    Mutant mutant;
    std::string test;  ///< that notices it; empty: none does
    std::string why;   ///< what has been said; empty: nothing

    int rank() const { return !why.empty() ? 2 : !test.empty() ? 1 : 0; }
  };
  std::string text(const Survivor& survivor) const;

  std::vector<Survivor> survivors_;
  std::vector<std::string> complaints_;
};

}  // namespace provlab::mutants
