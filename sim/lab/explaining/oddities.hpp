#pragma once
#include <functional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "sim/lab/importing/draft_world.hpp"

namespace provlab::lab {

/// Something in a capture that is not as usual, and how a scenario is without it.
struct Oddity {
  unsigned rank = 0;                         ///< how seldom such a thing is: 0 most
  std::string words;                         ///< a sentence without its full stop
  bool said = false;                         ///< by a server, so that a phone can take it otherwise
  std::function<bool(pugi::xml_node)> undo;  ///< false where there is no such thing
};

/// The oddities of a conversation and of the scenario that was drafted from it, the rarest kinds
/// first.
std::vector<Oddity> oddities_of(const Conversation& captured, const DraftWorld& world,
                                const std::string& scenario);

/// Octets as a URL has them: what is not printable as `%00`.
std::string percent_text(std::string_view octets);
/// Those that are printable.
std::string printable_text(std::string_view octets);
/// Of pairs of hexadecimal digits.
std::string octets_of_hex(std::string_view hex);

}  // namespace provlab::lab
