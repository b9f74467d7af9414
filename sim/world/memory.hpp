#pragma once

namespace provlab::world {

/// Makes the allocator keep the memory of ended worlds for the next ones. Otherwise each world's
/// end gives the top of the heap back to the kernel and the next world faults it in again, which
/// costs a quarter of a boot. For the whole program; call it once, early in main().
void keep_freed_memory();

}  // namespace provlab::world
