#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/importing/conversation.hpp"

namespace provlab::lab {

/// What one of two phones says at some place, in words.
struct PhoneSays {
  Duration at{};
  std::size_t place = 0;  ///< in its conversation
  std::string meaning;    ///< what is compared
  std::string words;      ///< what is told
};

/// What a phone says above UDP and TCP, in its order. Transaction ids, ports, branches, tags and
/// Call-IDs are left out, and what only says again what has not been answered.
std::vector<PhoneSays> said_by_phone(const Conversation& heard);
/// The same with everything that it says again.
std::vector<PhoneSays> every_word_of_phone(const Conversation& heard);

/// The first point at which two phones part.
struct Divergence {
  std::size_t same = 0;  ///< so much was the same before
  std::string text;      ///< both sides, in words
};

/// Nothing where both say the same in the same order, and what follows one on the other does so at
/// the same pace, but for `slack`. What two sources are told at the same time may change places
/// within 10 ms. What `ours` says behind the end of the capture counts for nothing.
std::optional<Divergence> first_divergence(const Conversation& captured, const Conversation& ours,
                                           Duration slack);

/// `1.204 s`.
std::string time_words(Duration at);

}  // namespace provlab::lab
