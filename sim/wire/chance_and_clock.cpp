#include "sim/wire/chance_and_clock.hpp"

#include <chrono>
#include <random>

namespace provlab::wire {

std::uint64_t fresh_seed() {
  std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 32 | source()) >> 1;
}

WallTime wall_time() {
  return std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
}

}  // namespace provlab::wire
