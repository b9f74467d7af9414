#pragma once
#include <vector>

#include "sim/lab/contents/content_part.hpp"
#include "sim/lab/contents/packet_log.hpp"
#include "sim/lab/contents/secrets.hpp"
#include "sim/record/trace.hpp"

/// What packets say, as text for people (D45).
namespace provlab::lab {

/// What one packet says.
struct PacketContent {
  EventNumber event = 0;  ///< its `packet_sent`
  /// The packet that carried the same octets of its stream before, by their sequence numbers; 0:
  /// none did.
  EventNumber first = 0;
  std::vector<ContentPart> parts;  ///< none where it only goes on with what another began
  friend bool operator==(const PacketContent&, const PacketContent&) = default;
};

/// A part longer than that is cut, and says what is left out.
inline constexpr std::size_t kMostPartOctets = 4096;
/// So much of a run; of what is beyond that, it says so.
inline constexpr std::size_t kMostContentOctets = 128 * 1024;

/// Of the packets of which there is something to say, in the order of their events. Secrets are
/// hidden.
std::vector<PacketContent> read_contents(const PacketLog& log, const Secrets& secrets);

/// The values of secrets that the packets hold: what is to be hidden wherever it is told.
void learn_secrets(const PacketLog& log, Secrets& secrets);

}  // namespace provlab::lab
