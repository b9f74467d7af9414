#pragma once
#include <string>
#include <vector>

#include "sim/lab/importing/conversation.hpp"
#include "sim/lab/importing/draft_host.hpp"
#include "sim/lab/importing/known_phone.hpp"

namespace provlab::lab {

/// The phone in one LAN, until the next stay.
struct LanStay {
  Duration from{};
  std::string lan;
};

/// Where a phone is carried: by the hands that did it, where they are known, else by servers of
/// DHCP that are in each other's networks no neighbours. Empty: it stays where it is.
std::vector<LanStay> stays_in_lans(const Conversation& heard, const KnownPhone* phone);

/// Into which of them a cable that is plugged in then leads; empty: into the one of before.
std::string lan_at(const std::vector<LanStay>& stays, Duration plugged);

/// The one in which the phone is then, where there are any.
const std::string& lan_of(const std::vector<LanStay>& stays, Duration time);

/// Hosts next to the phone stand in the LAN in which they are heard; others are behind all. False
/// where a LAN has none, as one with the same addresses as another: nothing is changed then.
bool put_into_lans(std::vector<DraftHost>& hosts, const Conversation& heard,
                   const std::vector<LanStay>& stays);

}  // namespace provlab::lab
