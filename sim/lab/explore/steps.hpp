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
  Touch touch{};
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

/// Two steps the first of which could have been held back behind the second. They are in a row, as
/// far as those are concerned that depend on each other, or else what follows from the first and
/// the second are.
struct Reversible {
  std::size_t first;
  std::size_t second;
};

struct Steps {
  std::vector<RunStep> steps;
  Relation before{0};             ///< first has to come before second
  std::vector<Reversible> pairs;  ///< in the order of their second
  std::size_t independent = 0;    ///< pairs of deliveries whose order does not matter
  std::size_t beyond_window = 0;  ///< pairs that the window does not let swap
  bool cut = false;               ///< there are more steps, which were not looked at
  std::uint64_t order_class = 0;  ///< equal where only independent steps were swapped
};

/// Of a run whose phone is `device`.
Steps steps_of(const Trace& trace, HostId device, const std::vector<Delivery>& deliveries,
               const std::map<DeliveryId, Act>& faults, const Backdrop& backdrop);

}  // namespace provlab::lab
