#include "tests/plugged/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace provlab::test {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(20);

/// What the new process needs, made before there is one: another thread may hold the heap's lock.
class CommandWords {
 public:
  explicit CommandWords(std::vector<std::string> command) : command_(std::move(command)) {
    for (std::string& each : command_) words_.push_back(each.data());
    words_.push_back(nullptr);
  }
  [[noreturn]] void become(const std::function<void()>& prepare) {
    if (prepare) prepare();
    ::execv(words_[0], words_.data());
    ::_exit(127);
  }

 private:
  std::vector<std::string> command_;
  std::vector<char*> words_;
};

}  // namespace

Program::Program(std::vector<std::string> command, On on, const std::function<void()>& prepare) {
  CommandWords words(std::move(command));
  if (on == On::terminal) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 80;
    process_ = ::forkpty(&stream_, nullptr, nullptr, &size);
    if (process_ == 0) words.become(prepare);
  } else {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ == 0) {
      const int nothing = ::open("/dev/null", O_RDONLY);
      ::dup2(nothing, STDIN_FILENO);
      ::dup2(ends[1], STDOUT_FILENO);
      ::dup2(ends[1], STDERR_FILENO);
      words.become(prepare);
    }
    ::close(ends[1]);
    stream_ = ends[0];
  }
  if (process_ < 0) throw std::runtime_error("no process");
}

Program::~Program() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  if (stream_ >= 0) ::close(stream_);
}

bool Program::read_some(Clock::time_point limit) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(limit - Clock::now());
  pollfd wait{.fd = stream_, .events = POLLIN, .revents = 0};
  if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
  char buffer[4096];
  const ssize_t got = ::read(stream_, buffer, sizeof buffer);
  if (got <= 0) return false;  // a terminal without anybody at its other end gives an error
  text_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

bool Program::says(const std::string& words) {
  const auto limit = Clock::now() + kPatience;
  for (;;) {
    if (const std::size_t at = text_.find(words, looked_at_); at != std::string::npos) {
      looked_at_ = at + words.size();
      return true;
    }
    if (!read_some(limit)) return false;
  }
}

int Program::ends() {
  const auto limit = Clock::now() + kPatience;
  while (read_some(limit)) {
  }
  if (Clock::now() >= limit) return -1;
  int status = 0;
  if (::waitpid(process_, &status, 0) != process_) return -1;
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void Program::type(const std::string& keys) {
  if (::write(stream_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::runtime_error("the terminal takes no keys");
  }
}

tcflag_t Program::terminal_flags() const {
  termios mode{};
  if (::tcgetattr(stream_, &mode) != 0) throw std::runtime_error("this is no terminal");
  return mode.c_lflag;
}

void Program::signal(int number) {
  ::kill(process_, number);
}

}  // namespace provlab::test
