#pragma once
#include <optional>
#include <vector>

#include "sim/lab/explore/explored_run.hpp"

/// When the steps of a run would come if two of them came the other way round.
namespace provlab::lab {

/// Finds times within the windows of all packets together (D69): a packet comes when it is due,
/// with another that lets it go, or at its deadline; what it leads to comes so much later.
class Schedule {
 public:
  /// `run` must outlive it.
  explicit Schedule(const ExploredRun& run) : run_(run), steps_(run.steps.steps) {}

  /// How to come to the order in which what came before the first of the pair comes, then `order`
  /// (places in the run, and at its end the second of the pair, unless that is a wait), then the
  /// first; nothing where no windows allow that. The course has no faults.
  std::optional<Course> swapped(const Reversible& pair, const std::vector<std::size_t>& order);

 private:
  bool find_times(bool as_late_as_before, bool with_help);
  bool settle();
  bool place(std::size_t step);
  bool place_first();
  bool raise_cause(std::size_t step, Duration by);
  Instant next_help(std::size_t step, Instant next);
  bool round_up();
  bool overtaken() const;
  std::optional<Instant> next_arrival(std::size_t step) const;
  Instant base(std::size_t step) const;
  Instant natural(std::size_t step) const;
  Instant deadline(std::size_t step) const;
  /// The first of the pair comes at this instant or later.
  Instant passed() const;
  std::size_t first_choice() const;
  std::vector<std::size_t> in_turn() const;
  Course course(std::size_t choice) const;

  const ExploredRun& run_;
  const std::vector<RunStep>& steps_;
  Reversible pair_{};
  std::vector<std::size_t> members_;  ///< steps that are to come, but for the first of the pair
  std::vector<bool> comes_;           ///< is one of them
  std::vector<std::size_t> needed_;   ///< what the second of the pair comes after
  std::vector<Instant> floor_;        ///< not before
  std::vector<Instant> at_;
  Touch either_{};  ///< of both
  Instant turn_{};  ///< of the pair, behind what comes before both
  bool changed_ = false;
  bool helped_ = false;
  bool settled_ = false;  ///< there were times, but for moments at which nobody lets a packet go
};

}  // namespace provlab::lab
