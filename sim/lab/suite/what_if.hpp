#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/event_recorder.hpp"
#include "core/platform/time.hpp"

namespace provlab::lab {

/// A run that departs from another in what happens to few packets, and comes to something else.
struct Neighbour {
  std::string token;  ///< that replays it: mishap_token(), behind that of an exploration and an @
  std::string words;  ///< a sentence without full stop: had …, … would have …
  std::size_t steps = 0;
};

/// What the neighbourhood of a run can come to, and up to when.
struct ReachableOutcome {
  std::string words;
  bool wanted = false;  ///< it is one that the search was for: a pass, or another outcome
  std::size_t runs = 0;
  /// The last packet to the phone with which it could still be reached, its `packet_received`; 0
  /// for what the run itself came to, which it can be at every moment.
  EventNumber last = 0;
  Duration until{};         ///< when that was, from the start
  std::string last_packet;  ///< what it is: `the NOTIFY of pbx`
};

/// What would have changed a run (D64). All of it is said of the neighbourhood that was tried, no
/// more.
struct WhatIf {
  std::optional<Neighbour> nearest;
  std::vector<ReachableOutcome> outcomes;  ///< the run's own first, then what is lost last
  std::size_t runs = 0;                    ///< neighbours that were played
  std::size_t steps = 0;                   ///< so many packets at once, at most
  bool whole = true;                       ///< false: the budget ended it

  /// The moment from which on nothing that is wanted could be reached; null where nothing ever
  /// could.
  const ReachableOutcome* no_return() const;
};

/// How a search is spoken of.
struct WhatIfTerms {
  std::string_view goal = "passes";      ///< what was searched for
  std::string_view replay = "--token ";  ///< what stands in front of the token that plays it
};
/// Two or three lines: the nearest neighbour, and the point of no return.
std::vector<std::string> what_if_lines(const WhatIf& found, const WhatIfTerms& terms = {});

}  // namespace provlab::lab
