#include "tools/asked_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace provlab::tools {

namespace {

constexpr int kPatience = 5000;  // milliseconds
constexpr std::size_t kMostOctets = 16 * 1024;

/// All that comes until the other end closes, patience ends or it is enough.
std::string read_all(int from) {
  std::string text;
  char octets[4096];
  pollfd waiting{from, POLLIN, 0};
  while (text.size() < kMostOctets && poll(&waiting, 1, kPatience) > 0) {
    const ssize_t got = read(from, octets, sizeof octets);
    if (got <= 0) break;
    text.append(octets, static_cast<std::size_t>(got));
  }
  return text;
}

/// Whether there is something like `2.1` in it; wrappers say other things besides.
bool tells_version(std::string_view line) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 1; i + 1 < line.size(); ++i) {
    if (line[i] == '.' && digit(line[i - 1]) && digit(line[i + 1])) return true;
  }
  return false;
}

pid_t start(const std::string& program, const std::string& argument, int output) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
  char* const words[] = {const_cast<char*>(program.c_str()), const_cast<char*>(argument.c_str()),
                         nullptr};
  pid_t child = -1;
  if (posix_spawn(&child, program.c_str(), &files, nullptr, words, environ) != 0) child = -1;
  posix_spawn_file_actions_destroy(&files);
  return child;
}

}  // namespace

std::string version_said_by(const std::string& program, const std::string& argument) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  const pid_t child = start(program, argument, ends[1]);
  close(ends[1]);
  const std::string said = child > 0 ? read_all(ends[0]) : std::string();
  close(ends[0]);
  if (child > 0) {
    kill(child, SIGKILL);  // it has said what it had to say, or nothing for too long
    waitpid(child, nullptr, 0);
  }
  std::string_view text = said;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (tells_version(line)) {
      const std::size_t begin = line.find_first_not_of(" \t");
      return std::string(line.substr(begin, line.find_last_not_of(" \t\r.,") + 1 - begin));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return {};
}

}  // namespace provlab::tools
