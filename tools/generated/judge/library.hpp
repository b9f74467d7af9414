#pragma once
#include <string>
#include <vector>

#include "tools/generated/judge/trial.hpp"
#include "tools/generated/manifest.hpp"

/// The library of scenarios as a judge of mutants.
namespace provlab::mutants {

/// All trials, played without a mutant before they judge. Each run is played twice: the second time
/// tells what it reaches, since the first one makes what a process makes once. What a mutant
/// changes in that is asked of a fresh process. Explorations take longer and come after all runs:
/// they are played once, several at a time in processes of their own.
class Library {
 public:
  /// `mutants`: the largest number that one has.
  explicit Library(std::size_t mutants) : mutants_(mutants), once_(mutants + 1) {}
  /// All scenarios below a folder. An error where one does not load or pass.
  static Expected<Library> load(const std::string& folder, std::size_t mutants);
  /// Adds those of the baselines below a folder, `jobs` at once; an error as above. Of each the
  /// first so many orders are played: what they come to must be in the baseline, and be all of it
  /// where there are no more orders.
  Expected<void> load_explorations(const std::string& folder, std::size_t orders, unsigned jobs);

  /// Plays all runs below a folder once, with the mutant that is on, and gives the name of the
  /// first that does not pass; the empty string where all do.
  static std::string first_objection(const std::string& folder);

  /// Plays a run and takes it over; an error where it does not pass.
  Expected<void> add(Trial trial);
  /// The same of explorations.
  Expected<void> add_explorations(std::vector<Trial> trials, unsigned jobs);
  /// Whom to ask about what a process makes once, after all others.
  void add_fresh(Trial trial) { fresh_.push_back(std::move(trial)); }

  const std::vector<Trial>& runs() const { return runs_; }
  const std::vector<Trial>& explorations() const { return explorations_; }
  const std::vector<Trial>& fresh() const { return fresh_; }
  /// Whether what a process makes once gets there.
  bool once(std::uint32_t number) const { return once_[number]; }
  /// Whether nothing else does.
  bool only_once(std::uint32_t number) const;
  /// Differs where other runs are to be done.
  std::uint64_t identity() const { return identity_; }

 private:
  std::size_t mutants_;
  std::vector<Trial> runs_;
  std::vector<Trial> explorations_;
  std::vector<Trial> fresh_;
  Reach once_;
  std::uint64_t identity_ = 0;
};

}  // namespace provlab::mutants
