#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/generated/judge/noticed.hpp"
#include "tools/generated/judge/trial_child.hpp"

namespace provlab::mutants {

/// What has become of one mutant.
struct Verdict {
  Ending ending;
  std::size_t reaching = 0;  ///< how many runs reach it
  double seconds = 0;
  std::vector<const Trial*> objectors{};  ///< all that noticed it, where all were heard
  bool heard_out = true;                  ///< false: too many of its runs ended their process
};

/// Whom to ask about a mutant, in which order, by what they have noticed up to now.
using Summons = std::function<std::vector<const Trial*>(const Mutant&, const Noticed&)>;

/// Of the runs that reach a mutant first those that have noticed others of its function, then of
/// its file, then the shortest; of what these leave the explorations, and a fresh process where the
/// mutant is in what a process makes once.
std::vector<const Trial*> trials_of(const Library& library, const Mutant& mutant,
                                    const Noticed& noticed);

/// Judges mutants, each in a process of its own.
class Court {
 public:
  Court(Summons summons, unsigned jobs, Hearing hearing = Hearing::first)
      : summons_(std::move(summons)), jobs_(jobs), hearing_(hearing) {}
  Court(const Library& library, unsigned jobs)
      : Court([&library](const Mutant& mutant,
                         const Noticed& noticed) { return trials_of(library, mutant, noticed); },
              jobs) {}

  /// Tells each verdict as soon as there is one, in no order that repeats.
  void judge(const std::vector<const Mutant*>& mutants,
             const std::function<void(const Mutant&, const Verdict&)>& tell);

 private:
  struct Case {
    const Mutant* mutant;
    TrialChild child;
    Duration since;
    std::size_t reaching;
    std::vector<const Trial*> objectors{};
    unsigned processes = 1;
    bool heard_out = true;
  };
  Case open(const Mutant& mutant) const;
  /// Where all are heard: the case with a process for those that a dead one left.
  std::optional<Case> reopened(Case& closed, int status) const;
  void close(Case& closed, int status,
             const std::function<void(const Mutant&, const Verdict&)>& tell);

  Summons summons_;
  unsigned jobs_;
  Hearing hearing_;
  Noticed noticed_;
};

}  // namespace provlab::mutants
