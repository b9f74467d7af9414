#pragma once
#include <cstdint>
#include <vector>

#include "sim/lab/explore/backdrop.hpp"
#include "sim/lab/explore/delivery_order.hpp"
#include "sim/lab/explore/touch.hpp"

/// A run as steps, and which of them had to come before which.
namespace provlab::lab {

/// A packet has arrived, or something else has happened: a timer, the timeline, a packet that is
/// none of the explorer's. With it goes all that follows until another step begins.
struct RunStep {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::uint64_t id = 0;  ///< that of its delivery, or one that is the same where its cause is
  Instant at{};
  std::size_t delivery = kNone;  ///< which, of the run's
  std::size_t cause = kNone;     ///< the step whose consequence it is
  std::uint64_t flow = 0;        ///< of the packet that has arrived; 0: none has
  std::size_t in_flow = kNone;   ///< the step of the packet that came before it in its flow
  Duration soonest{};            ///< so long after its cause it comes, or after power-on
  Duration latest{};             ///< the same where it waits for others as long as it may
  Instant first{};               ///< the soonest, were nothing that led to it held back
  Instant last{};                ///< the latest, were all of it held back as long as may be
  Touch touch{};

  /// What arrives at the moment of a timeout is in time. Timers are what something has led to.
  bool is_timer() const { return delivery == kNone && cause != kNone && flow == 0; }
  /// From when on `later` comes after this one, if this one comes at `when`.
  Instant before(const RunStep& later, Instant when) const {
    return is_timer() && later.delivery != kNone ? when + Duration(1) : when;
  }
};

/// A timer that was ended by a step before it could fire.
struct StepWait {
  std::uint64_t id = 0;
  std::size_t armed = RunStep::kNone;  ///< the step that began it; kNone: it began at power-on
  std::size_t ended = RunStep::kNone;
  Instant due{};
  Duration length{};  ///< from its beginning on
  Duration lag{};     ///< so long after the step it was ended
};

/// A row of bits for each step.
class Relation {
 public:
  explicit Relation(std::size_t size) : words_((size + 63) / 64), bits_(size * words_) {}
  bool holds(std::size_t first, std::size_t second) const {
    return (bits_[second * words_ + first / 64] >> first % 64 & 1) != 0;
  }
  /// What holds of `first` holds of `second`, and that itself.
  void add(std::size_t first, std::size_t second);

 private:
  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

/// Two steps the first of which could perhaps have come behind the second. They are in a row, as
/// far as those are concerned that depend on each other.
struct Reversible {
  std::size_t first = 0;
  std::size_t second = RunStep::kNone;
  std::size_t wait = RunStep::kNone;  ///< in place of a second, which wait would come to its end
};

struct Steps {
  std::vector<RunStep> steps;
  Relation before{0};                             ///< first has to come before second
  std::vector<std::vector<std::size_t>> bonds{};  ///< the last steps before each that matter to it
  std::vector<StepWait> waits{};
  std::vector<std::uint64_t> fired{};  ///< ids of waits that came to their end, heard of or not
  std::vector<Reversible> pairs;  ///< in the order of their second, those with a wait at the end
  std::size_t independent = 0;    ///< pairs of deliveries whose order does not matter
  std::size_t beyond_window = 0;  ///< pairs that the window does not let swap
  bool cut = false;               ///< there are more steps, which were not looked at
  std::vector<std::uint64_t> marks{};  ///< of each step with those before it that matter to it
  std::uint64_t order_class = 0;       ///< equal where only independent steps were swapped

  /// Of `places` (sorted) what `second` would have to come after if they were all that is before
  /// it.
  std::vector<std::size_t> needed_among(const std::vector<std::size_t>& places,
                                        std::size_t second) const;
};

/// What of a run steps are read from, beside its trace.
struct StepSources {
  HostId device{};
  const std::vector<Delivery>& deliveries;
  const std::map<DeliveryId, Act>& faults;
  const Backdrop& backdrop;
  const std::vector<world::EndedWait>& waits;
};

Steps steps_of(const Trace& trace, const StepSources& sources);

}  // namespace provlab::lab
