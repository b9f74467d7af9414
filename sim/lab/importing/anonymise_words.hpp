#pragma once
#include <string>
#include <string_view>

#include "sim/lab/importing/stand_ins.hpp"

namespace provlab::lab {

enum class WordsKept : std::uint8_t { common, none };

/// Words are replaced one by one; what separates them stays, and so do markers: `{mac}`,
/// `<MACADR>`. A word in another form (percent escapes, hexadecimal, base64, UTF-16) is replaced by
/// its stand-in in that form. Addresses become theirs, also with the length of a prefix.
std::string words_replaced(std::string_view text, StandIns& stand_ins,
                           WordsKept kept = WordsKept::common);

}  // namespace provlab::lab
