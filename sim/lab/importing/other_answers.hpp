#pragma once
#include <set>
#include <string>

#include "sim/lab/importing/conversation.hpp"

namespace provlab::lab {

/// The HTTP requests, as rules of scenarios name them, that a draft's servers answer otherwise than
/// those of the capture: with another status, body or framing, or without what is odd about the
/// head. Both phones may do the same for now, and come to something else.
std::set<std::string> answered_otherwise(const Conversation& captured, const Conversation& ours);

}  // namespace provlab::lab
