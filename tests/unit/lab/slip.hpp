#pragma once
#include <string>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {

/// One slip in a text that is right, and the complaint that it must bring.
struct Slip {
  const char* name;
  const char* from;
  const char* to;
  const char* complaint;

  /// The first place of the text changed.
  std::string in(const std::string& text) const { return changed(text, from, to); }
};

/// By its own name a slip is a test.
inline constexpr auto kSlipName = [](const auto& slip) { return slip.param.name; };

}  // namespace provlab::lab
