#pragma once
#include <cstddef>

namespace provlab::bench {

/// Counts what a benchmark's program allocates, pugixml included: memory_meter.cpp replaces
/// operator new of the whole program.
struct MemoryMeter {
  static void begin();        ///< forgets what was the most
  static std::size_t most();  ///< octets in use since begin(), at most, beyond those in use then
};

}  // namespace provlab::bench
