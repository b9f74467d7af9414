#pragma once
#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace provlab::lab {

inline unsigned thread_count(unsigned wanted) {
  if (wanted != 0) return wanted;
  return std::max(1U, std::thread::hardware_concurrency());
}

/// Calls `work(0) … work(count - 1)`, each once, on up to `jobs` threads; returns when all are
/// done. `work` must not throw.
inline void parallel_for(std::size_t count, unsigned jobs,
                         const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  const std::size_t helpers = std::min<std::size_t>(thread_count(jobs), count);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(run);
  run();
}

}  // namespace provlab::lab
