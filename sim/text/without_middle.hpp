#pragma once
#include <string>
#include <string_view>

namespace provlab {

/// A sentence that quotes much, cut where it quotes: what is wrong stands at its beginning, what to
/// do at its end. Of a text of more than 1200 octets the first and last 600 and `…` between.
std::string without_middle(std::string_view text);

}  // namespace provlab
