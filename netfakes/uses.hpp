#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

/// What of a configuration did something in a run. A configuration is shared and never changes, so
/// its parts have numbers, and each run keeps its own notes about these.
namespace provlab::netfakes {

/// Of a part; 0 is that of all about which nobody asks.
using UseMark = std::uint32_t;

/// How far a part came.
enum class Use : std::uint8_t {
  none,     ///< its moment never came
  reached,  ///< it came, and nothing was different for it
  done,
};

/// The notes of one run. They hold the largest use of each part.
class Uses {
 public:
  /// For the marks from 1 to so many.
  explicit Uses(std::size_t parts) : noted_(parts + 1) {}

  void note(UseMark part, Use use = Use::done) { noted_[part] = std::max(noted_[part], use); }
  Use of(UseMark part) const { return noted_[part]; }

 private:
  std::vector<Use> noted_;
};

}  // namespace provlab::netfakes
