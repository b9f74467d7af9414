#pragma once
#include <string>
#include <vector>

#include "sim/lab/importing/conversation.hpp"

namespace provlab::lab {

/// A line of what happened between a phone and its servers.
struct StoryLine {
  Duration at{};
  std::string who;  ///< `device`, or the id of the host
  std::string words;
  bool concluded = false;  ///< it follows from what was seen, and was not seen itself
};

/// What is seen, with what follows from it: what was sent again, never answered, refused, or came
/// unasked.
std::vector<StoryLine> story_of(const Conversation& heard);

/// As a time line: time, who, and words; what is concluded stands in brackets.
std::string to_text(const std::vector<StoryLine>& story);

}  // namespace provlab::lab
