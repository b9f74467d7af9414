#pragma once

namespace provlab::world {

/// Makes the allocator keep the memory of ended worlds for the next ones. Otherwise it is given
/// back to the kernel now and then, and the next world faults it in again. For the whole program;
/// call it once, early in main(). The allocator is mimalloc: a world makes and frees thousands of
/// small objects, most of them inside libraries, and takes two thirds less time for it than with
/// the C library's. Sanitizers bring their own allocator; there this does nothing.
void keep_freed_memory();

}  // namespace provlab::world
