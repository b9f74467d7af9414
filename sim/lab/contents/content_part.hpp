#pragma once
#include <string>

namespace provlab::lab {

/// A part of a message: its head, its body, its options.
struct ContentPart {
  std::string heading;
  std::string text;  ///< lines; as it came, or a line for each thing that it says
  friend bool operator==(const ContentPart&, const ContentPart&) = default;
};

}  // namespace provlab::lab
