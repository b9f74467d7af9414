#include "tests/bench/memory_meter.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <pugixml.hpp>

namespace provlab::bench {
namespace {

std::atomic<std::size_t> in_use{0};
std::atomic<std::size_t> most_in_use{0};
std::size_t in_use_before = 0;

void* take(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) return nullptr;
  const std::size_t now = in_use += malloc_usable_size(block);
  if (now > most_in_use) most_in_use = now;
  return block;
}

void give_back(void* block) {
  in_use -= malloc_usable_size(block);
  std::free(block);
}

const bool pugixml_counts = [] {
  pugi::set_memory_management_functions(take, give_back);
  return true;
}();

}  // namespace

void MemoryMeter::begin() {
  in_use_before = in_use;
  most_in_use = in_use_before;
}

std::size_t MemoryMeter::most() {
  return most_in_use - in_use_before;
}

}  // namespace provlab::bench

void* operator new(std::size_t size) {
  if (void* const block = provlab::bench::take(size)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
  provlab::bench::give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
  provlab::bench::give_back(block);
}
