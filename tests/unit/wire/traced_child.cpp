#include "tests/unit/wire/traced_child.hpp"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace provlab::wire {

namespace {

[[noreturn]] void fail_with(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Waits for the child's next stop; false where it has ended.
bool stopped(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, 0) != child) fail_with("waitpid");
  return WIFSTOPPED(status);
}

void note(pid_t child, std::vector<SystemCall>& calls) {
  __ptrace_syscall_info info{};
  // glibc declares the address as void*, the size goes where other requests have theirs.
  if (ptrace(PTRACE_GET_SYSCALL_INFO, child, reinterpret_cast<void*>(sizeof info), &info) < 0) {
    fail_with("PTRACE_GET_SYSCALL_INFO");
  }
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    SystemCall call;
    call.number = info.entry.nr;
    for (std::size_t i = 0; i < 6; ++i) call.arguments[i] = info.entry.args[i];
    calls.push_back(call);
  } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && !calls.empty()) {
    calls.back().result = info.exit.rval;
  }
}

}  // namespace

TracedRun run_traced(const std::function<void()>& work, std::size_t kill_at) {
  const pid_t child = fork();
  if (child < 0) fail_with("fork");
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(99);
    raise(SIGSTOP);
    work();
    _exit(0);
  }
  TracedRun run;
  if (!stopped(child)) fail_with("the child cannot be traced");
  if (ptrace(PTRACE_SETOPTIONS, child, nullptr,
             reinterpret_cast<void*>(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) != 0) {
    fail_with("PTRACE_SETOPTIONS");
  }
  for (std::size_t stop = 0;; ++stop) {
    if (ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) != 0) fail_with("PTRACE_SYSCALL");
    if (!stopped(child)) return run;
    note(child, run.calls);
    if (stop != kill_at) continue;
    kill(child, SIGKILL);
    run.killed = true;
    while (stopped(child)) {
    }
    return run;
  }
}

}  // namespace provlab::wire
