#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace provlab::wire {

/// One system call of a traced process.
struct SystemCall {
  std::uint64_t number = 0;
  std::uint64_t arguments[6] = {};
  std::int64_t result = 0;
};

/// Runs `work` in a forked child under ptrace(2) and gives its system calls, in order. With
/// `kill_at` the child is killed at that stop: every call has two, before it is carried out and
/// after, counted from 0. `killed` tells whether there was such a stop. Throws where the machine
/// forbids tracing.
struct TracedRun {
  std::vector<SystemCall> calls;
  bool killed = false;
};
TracedRun run_traced(const std::function<void()>& work, std::size_t kill_at = SIZE_MAX);

}  // namespace provlab::wire
