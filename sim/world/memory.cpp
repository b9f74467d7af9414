#include "sim/world/memory.hpp"

#include <malloc.h>

namespace provlab::world {

namespace {
constexpr int kMebibyte = 1024 * 1024;
}

void keep_freed_memory() {
  mallopt(M_TRIM_THRESHOLD, 64 * kMebibyte);
  mallopt(M_TOP_PAD, 4 * kMebibyte);
  mallopt(M_MMAP_THRESHOLD, 32 * kMebibyte);
}

}  // namespace provlab::world
