#include "tools/power_cycle.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>
#include <vector>

namespace provlab::tools {

namespace {

constexpr useconds_t kBetweenWaits = 10'000;
constexpr int kWaits = 100;         ///< a second, before it is killed
constexpr int kPatientWaits = 500;  ///< five, for it to end by itself

std::vector<std::string> environment_with(const std::string& variant, unsigned round) {
  std::vector<std::string> all{"PROVLAB_VARIANT=" + variant,
                               fmt::format("PROVLAB_ROUND={}", round)};
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry = *each;
    if (entry.starts_with("PROVLAB_VARIANT=") || entry.starts_with("PROVLAB_ROUND=")) continue;
    all.emplace_back(entry);
  }
  return all;
}

}  // namespace

Expected<void> PowerCycle::start(const std::string& variant, unsigned round) {
  end();
  std::vector<std::string> environment = environment_with(variant, round);
  std::vector<char*> entries;
  for (std::string& entry : environment) entries.push_back(entry.data());
  entries.push_back(nullptr);
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::string command = command_;
  char* const words[] = {shell.data(), option.data(), command.data(), nullptr};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  // Reports go to standard output, where nobody else is to write.
  posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t process = 0;
  const int failed = posix_spawn(&process, words[0], &files, &attributes, words, entries.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    return fail("the command cannot be run: " + std::generic_category().message(failed),
                "--power-cycle");
  }
  process_ = process;
  return {};
}

Expected<void> PowerCycle::look() {
  if (!process_) return {};
  int status = 0;
  if (::waitpid(*process_, &status, WNOHANG) != *process_) return {};
  process_.reset();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(WIFEXITED(status)
                  ? fmt::format("the command ended with {}; see what it says above, and mend it",
                                WEXITSTATUS(status))
                  : fmt::format("the command was ended by signal {}", WTERMSIG(status)),
              "--power-cycle");
}

Expected<void> PowerCycle::finish() {
  for (int i = 0; running() && i < kPatientWaits; ++i) {
    if (const auto looked = look(); !looked) return looked;
    if (running()) ::usleep(kBetweenWaits);
  }
  return {};
}

void PowerCycle::end() {
  const auto process = std::exchange(process_, std::nullopt);
  if (!process) return;
  int status = 0;
  ::kill(-*process, SIGTERM);
  for (int i = 0; i < kWaits; ++i) {
    if (::waitpid(*process, &status, WNOHANG) != 0) return;
    ::usleep(kBetweenWaits);
  }
  ::kill(-*process, SIGKILL);
  ::waitpid(*process, &status, 0);
}

}  // namespace provlab::tools
