#include "sim/world/memory.hpp"

#ifdef PROVLAB_TCMALLOC
#include <gperftools/malloc_extension.h>
#endif

namespace provlab::world {

void keep_freed_memory() {
#ifdef PROVLAB_TCMALLOC
  MallocExtension::instance()->SetMemoryReleaseRate(0);
#endif
}

std::size_t allocated_octets() {
  std::size_t octets = 0;
#ifdef PROVLAB_TCMALLOC
  MallocExtension::instance()->GetNumericProperty("generic.current_allocated_bytes", &octets);
#endif
  return octets;
}

}  // namespace provlab::world
