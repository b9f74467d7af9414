#pragma once
#include <initializer_list>
#include <span>
#include <string_view>

#include "core/platform/time.hpp"
#include "sim/world/random.hpp"

namespace provlab::lab {

/// Choices by chance that are the same for the same seed on every machine.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  /// Below `bound`, which is not 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.next() % bound); }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }
  /// True once in so many draws.
  bool one_in(std::size_t times) { return below(times) == 0; }
  template <class T, std::size_t Size>
  const T& of(const T (&values)[Size]) {  // NOLINT: tables are plain arrays
    return values[below(Size)];
  }
  template <class T>
  T of(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }
  template <class T>
  const T& of(std::span<const T> values) {
    return values[below(values.size())];
  }

 private:
  world::SeededRandom random_;
};

}  // namespace provlab::lab
