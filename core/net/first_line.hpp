#pragma once
#include <string_view>

#include "core/platform/text.hpp"

namespace provlab::net {

/// The first line of a text, which names a URL (SPEC 4.1, 4.2), without blanks around it. A
/// byte-order mark, which editors put there unseen, is no part of it.
inline std::string_view first_line(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return trimmed(text.substr(0, text.find_first_of("\r\n")), kBlanks);
}

}  // namespace provlab::net
