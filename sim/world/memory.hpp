#pragma once
#include <cstddef>

/// The allocator of the whole program is tcmalloc (D28): a world makes and frees thousands of small
/// objects, most of them inside libraries, and what was freed last is what it gives out next, still
/// in the cache. Sanitizers bring their own allocator; there both functions do nothing.
namespace provlab::world {

/// Makes the allocator keep the memory of ended worlds for the next ones. Otherwise it is given
/// back to the kernel now and then, and the next world faults it in again. Call it once, early in
/// main().
void keep_freed_memory();

/// What is allocated now; 0 where the allocator does not tell.
std::size_t allocated_octets();

}  // namespace provlab::world
