#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/platform/time.hpp"
#include "tools/generated/manifest.hpp"

/// The library of scenarios as a judge of mutants.
namespace provlab::mutants {

/// Where a run came through, by the numbers of mutants.
using Reach = std::vector<bool>;

/// One run of a scenario, or one exploration with its recorded outcomes.
struct Trial {
  std::string name;                ///< `scenario [variant]`
  std::string scenario;            ///< its name alone
  std::vector<std::string> rules;  ///< of the specification
  bool exploration = false;
  std::function<bool()> passes;  ///< plays it with the mutant that is on
  Duration spent{};              ///< on it, without a mutant
  Reach reach{};
  std::size_t places = 0;  ///< how many are reached
};

/// All trials, each played twice without a mutant. The second time tells what it reaches: the first
/// one makes what a process makes once.
class Library {
 public:
  /// `mutants`: the largest number that one has.
  explicit Library(std::size_t mutants) : mutants_(mutants), once_(mutants + 1) {}
  /// All scenarios below a folder. An error where one does not load or pass.
  static Expected<Library> load(const std::string& folder, bool explorations, std::size_t mutants);

  /// Plays a trial and takes it over; an error where it does not pass.
  Expected<void> add(Trial trial);

  const std::vector<Trial>& runs() const { return runs_; }
  const std::vector<Trial>& explorations() const { return explorations_; }
  /// What nothing reaches but the making of what a process makes once.
  bool only_once(std::uint32_t number) const;
  /// Differs where other runs are to be done.
  std::uint64_t identity() const { return identity_; }

 private:
  std::size_t mutants_;
  std::vector<Trial> runs_;
  std::vector<Trial> explorations_;
  Reach once_;
  std::uint64_t identity_ = 0;
};

}  // namespace provlab::mutants
