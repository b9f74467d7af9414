#pragma once
#include <list>
#include <string>
#include <vector>

#include "tools/generated/judge/noticed.hpp"

namespace provlab::mutants {

/// The test programs as judges of mutants that scenarios leave. Each is built with the core that
/// has the mutants, and with a main that records what its tests reach and plays those that it is
/// told (tests/generated/witness_main.cpp).
class Witnesses {
 public:
  /// Has programs record, several at once; one that has not changed since is not asked again. What
  /// it recorded stays beside it. An error where one does not record.
  static Expected<Witnesses> load(const std::vector<std::string>& programs, std::size_t mutants,
                                  unsigned jobs);

  /// One trial for each program, of all its tests that reach a mutant. They live as long as this.
  std::vector<const Trial*> trials_for(const Mutant& mutant, const Noticed& noticed);
  std::size_t tests_reaching(std::uint32_t number) const;

  std::size_t tests() const;
  std::size_t programs() const { return programs_.size(); }
  /// Differs where programs were built anew.
  std::uint64_t identity() const { return identity_; }

 private:
  struct Test {
    std::string name;
    Duration spent{};
    Reach reach;
  };
  struct Program {
    std::string path;
    std::string name;
    std::vector<Test> tests;
  };
  static Expected<Program> recorded(const std::string& path, std::uint64_t identity,
                                    std::size_t mutants);
  static Expected<std::vector<Test>> parse_tests(const std::string& text, std::size_t mutants);

  std::vector<Program> programs_;
  std::list<Trial> trials_;
  std::uint64_t identity_ = 0;
};

}  // namespace provlab::mutants
