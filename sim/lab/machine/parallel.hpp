#pragma once
#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

#include "sim/lab/machine/cores.hpp"

namespace provlab::lab {

/// Calls `work(0) … work(count - 1)`, each once, on up to `jobs` threads, or on as many as the
/// machine gives; returns when all are done. An exception of one is thrown here once all threads
/// have ended; what had not begun by then is left.
inline void parallel_for(std::size_t count, unsigned jobs,
                         const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic_flag thrown;
  std::exception_ptr first;
  const auto run = [&]() noexcept {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      if (!thrown.test_and_set()) first = std::current_exception();
    }
  };
  const std::size_t helpers = std::min<std::size_t>(thread_count(jobs), count);
  {
    std::vector<std::jthread> threads;
    threads.reserve(helpers);
    try {
      for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(run);
    } catch (const std::system_error&) {
      // No more threads: those that there are do the work.
    } catch (const std::bad_alloc&) {
    }
    run();
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace provlab::lab
