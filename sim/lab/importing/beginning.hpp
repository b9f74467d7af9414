#pragma once
#include "sim/lab/importing/conversation.hpp"

namespace provlab::lab {

/// Whether the phone had an address, or an offer of one, before it said the first thing that the
/// capture has: the address is a fixed one, or the capture begins later than the phone.
bool begins_in_the_middle(const Conversation& heard);

/// The same behind a usual beginning, which the capture does not show (D68): the phone gets the
/// address that it has by DHCP, the time, and the addresses of names that it uses without asking.
/// What the capture has left of an exchange of DHCP is made whole.
Conversation with_beginning(const Conversation& heard);

}  // namespace provlab::lab
