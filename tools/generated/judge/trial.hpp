#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/platform/time.hpp"

namespace provlab::mutants {

/// Where a run came through, by the numbers of mutants.
using Reach = std::vector<bool>;

/// What a trial plays.
enum class Kind {
  scenario,     ///< one run
  exploration,  ///< with its recorded outcomes
  fresh,        ///< all runs, in a program that begins anew with the mutant on
  tests,        ///< tests of one test program, likewise
};

struct Trial {
  std::string name;                    ///< `scenario [variant]`
  std::string scenario;                ///< its name alone
  std::vector<std::string> rules;      ///< of the specification
  std::set<std::string> statements{};  ///< what it wants of the phone (D63)
  std::uint64_t identity = 0;          ///< of its scenario and variant
  Kind kind = Kind::scenario;
  /// Plays it with the mutant that is on. What is more exact than the trial's name it puts into
  /// `by`.
  std::function<bool(std::string& by)> passes;
  Duration spent{};  ///< on it, without a mutant
  Reach reach{};
  std::size_t places = 0;  ///< how many are reached
};

}  // namespace provlab::mutants
