#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/generated/judge/library.hpp"
#include "tools/generated/judge/trial_child.hpp"

namespace provlab::mutants {

/// What has become of one mutant.
struct Verdict {
  Ending ending;
  std::size_t reaching = 0;  ///< how many runs reach it
  double seconds = 0;
};

/// Judges mutants, each in a process of its own: of the runs that reach it first those that have
/// noticed others of its function, then of its file, then the shortest; of what these leave the
/// explorations.
class Court {
 public:
  Court(const Library& library, unsigned jobs) : library_(library), jobs_(jobs) {}

  /// Tells each verdict as soon as there is one, in no order that repeats.
  void judge(const std::vector<const Mutant*>& mutants,
             const std::function<void(const Mutant&, const Verdict&)>& tell);

 private:
  struct Case {
    const Mutant* mutant;
    TrialChild child;
    Duration since;
    std::size_t reaching;
  };
  std::vector<const Trial*> trials_for(const Mutant& mutant) const;
  Case open(const Mutant& mutant) const;
  void close(Case& closed, int status,
             const std::function<void(const Mutant&, const Verdict&)>& tell);

  const Library& library_;
  unsigned jobs_;
  /// How often a trial has noticed a mutant of a function or file.
  std::map<std::pair<std::string, std::string>, int> noticed_;
};

/// `net/url.cpp:parse_url` of `net/url.cpp:parse_url:relation.3`.
std::string function_of(const Mutant& mutant);

}  // namespace provlab::mutants
