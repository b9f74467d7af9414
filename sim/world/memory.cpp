#include "sim/world/memory.hpp"

#ifdef PROVLAB_MIMALLOC
#include <mimalloc.h>
#endif

namespace provlab::world {

void keep_freed_memory() {
#ifdef PROVLAB_MIMALLOC
  mi_option_disable(mi_option_allow_decommit);
#endif
}

}  // namespace provlab::world
