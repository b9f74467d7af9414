#pragma once
#include "sim/lab/importing/divergence.hpp"

namespace provlab::lab {

/// How near two conversations are, more exactly than first_divergence() asks: repetitions count,
/// and paces are the same only within a tenth of a second.
struct Likeness {
  std::size_t apart = 0;  ///< words of either phone that the other does not say at that pace
  /// Of the first such place: when the one in the capture speaks, or ours would have to, in the
  /// time of ours; and when ours does. Nothing where it says nothing there.
  std::optional<Duration> theirs{};
  std::optional<Duration> ours{};
  std::string they_say{};  ///< there, with the time: `asks 192.0.2.1 for the time at 0.004 s`
  std::string we_say{};
};

/// What ours says behind the end of the capture counts for nothing.
Likeness likeness(const Conversation& captured, const Conversation& ours);

}  // namespace provlab::lab
