#pragma once
#include <cstddef>
#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tools/generated/judge/court.hpp"
#include "tools/generated/judge/minutes.hpp"
#include "tools/generated/judge/overlap.hpp"

namespace provlab::mutants {

/// Looks for scenarios that only repeat what another one notices, among more and more mutants,
/// first those that few runs reach: they cost little and tell most. Only the first ones are put to
/// all scenarios; then those that are covered are asked, and some of those that cover them. Who
/// once noticed what nobody else did is out.
class Repetition {
 public:
  /// `overlap` knows the scenarios, and may know of mutants; `minutes` know what was said before.
  Repetition(const Library& library, Overlap overlap, Minutes minutes, unsigned jobs);

  /// Told after each batch: how many mutants have been asked about, and how many scenarios are
  /// covered or notice nothing.
  using Progress = std::function<void(std::size_t mutants, std::size_t left)>;
  /// An error where the minutes cannot be kept.
  Expected<void> ask(const std::vector<const Mutant*>& mutants, const Progress& progress);

  const Overlap& overlap() const { return overlap_; }
  /// Mutants of which not everyone was asked, since too many runs crash or never end.
  std::size_t unheard() const { return unheard_; }

 private:
  /// What is known of a mutant before anybody is asked.
  struct Known {
    bool unheard = false;
    std::set<const Trial*> noticed{};
    std::vector<const Trial*> open{};  ///< whom to ask
  };
  Known known_of(const Mutant& mutant) const;
  Expected<void> ask_batch(std::span<const Mutant* const> batch);
  void take(const Mutant& mutant, const std::set<const Trial*>& noticed);
  /// In the order in which they are to be asked about, without those that no run reaches.
  std::vector<const Mutant*> sorted(const std::vector<const Mutant*>& mutants) const;

  const Library& library_;
  Overlap overlap_;
  Minutes minutes_;
  unsigned jobs_;
  std::set<std::string> asked_;  ///< scenarios
  std::size_t unheard_ = 0;
};

}  // namespace provlab::mutants
