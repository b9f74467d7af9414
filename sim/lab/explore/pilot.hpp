#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"
#include "core/platform/time.hpp"

/// Who says, packet by packet, what becomes of those that are due at the phone.
namespace provlab::lab {

/// Where one run departs from the natural order of deliveries: at the choice of this number (from
/// 1) the alternative of this number (from 1; 0 is the natural one) is taken.
using Deviations = std::map<std::size_t, std::size_t>;

/// `3:1,7:2`; `natural` where there is none. parse_token() undoes it.
std::string to_token(const Deviations& deviations);
Expected<Deviations> parse_token(std::string_view token);

/// Which delivery it is, the same in all runs in which its causes are the same: the so manieth
/// packet of a sender that another delivery has brought about.
using DeliveryId = std::uint64_t;

/// What becomes of a packet that is due.
enum class Act : std::uint8_t { arrive, wait, lose, twice };

/// A packet that is due.
struct DuePacket {
  std::size_t choice = 0;  ///< its number, from 1; 0 where nothing but its arrival is possible
  DeliveryId id = 0;
  std::uint64_t flow = 0;  ///< of its endpoints and protocol
  Instant now{};
  std::span<const std::uint64_t> rivals{};  ///< flows on their way that it could wait for
  bool can_wait = false;
  bool can_fail = false;  ///< be lost or come twice
};

class Pilot {
 public:
  virtual ~Pilot() = default;
  /// Asked for each packet that is due, also where there is no choice. What cannot be is not done.
  virtual Act decide(const DuePacket& due) = 0;
};

/// Follows a run up to a choice, and has packets come in a given order from there on.
struct Course {
  struct Turn {
    DeliveryId id = 0;
    Instant from{};  ///< it comes then or later
  };
  Deviations fixed{};  ///< taken at the choices up to `length`
  std::size_t length = std::numeric_limits<std::size_t>::max();
  std::vector<Turn> turns{};           ///< then these, in their order, all others waiting
  Instant until = Instant::min();      ///< until this; then the natural order,
  DeliveryId late = 0;                 ///< but for this one, which waits as long as it may; 0: none
  std::map<DeliveryId, Act> faults{};  ///< what beyond `length` is lost or comes twice
};

class CoursePilot final : public Pilot {
 public:
  /// `course` must outlive it.
  CoursePilot(const Course& course, bool doubles) : course_(course), doubles_(doubles) {}
  Act decide(const DuePacket& due) override;
  /// Of the deviations of its fixed part, so many came about.
  std::size_t deviated() const { return deviated_; }
  /// Whether all came in its turn.
  bool followed() const;

 private:
  Act fixed(const DuePacket& due);
  bool waits(const DuePacket& due);

  const Course& course_;
  bool doubles_;
  std::size_t turn_ = 0;
  std::set<DeliveryId> gone_;  // packets that have come or were lost, where any has its turn
  std::size_t deviated_ = 0;
  bool strayed_ = false;
};

/// The alternatives of a choice, in the order in which deviations count them.
std::vector<Act> alternatives(bool can_wait, bool can_fail, bool doubles);

}  // namespace provlab::lab
