#include "sim/wire/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "sim/wire/system_error.hpp"

namespace provlab::wire {

namespace {

constexpr const char* kPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr Duration kBetweenLooks = std::chrono::milliseconds(2);

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// What a child needs between its birth and its program, made before: there it may neither allocate
/// nor wait for locks, which other threads of its parent held.
struct Birth {
  std::vector<std::string> words;
  std::vector<std::string> variables;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string folder;
  Descriptor input, log, told, tell, allowed, allow;
  int network = -1;
  std::array<int, 5> kept{};  ///< the child's share of these, in ascending order
};

/// What the child tells before it says what went wrong, if anything does.
constexpr int kReady = 0;

[[noreturn]] void give_up(const Birth& birth) {
  const int reason = errno;
  (void)!::write(birth.tell.get(), &reason, sizeof reason);
  ::_exit(127);
}

/// In the child.
[[noreturn]] void become(const Birth& birth) {
  // Pipes of others that are being born: their ends must close when their parent does.
  unsigned next = 3;
  for (const int kept : birth.kept) {
    const auto number = static_cast<unsigned>(kept);
    if (number > next) ::syscall(SYS_close_range, next, number - 1, 0);
    next = std::max(next, number + 1);
  }
  ::syscall(SYS_close_range, next, ~0U, 0);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(birth);
  // Whose parent ended before that hears no signal. So a parent that is still there says so now.
  char go = 0;
  (void)!::write(birth.tell.get(), &kReady, sizeof kReady);
  if (::read(birth.allowed.get(), &go, sizeof go) != sizeof go) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  ::setsid();  // Ctrl-C is for the lab, which ends its daemons itself
  if (::setns(birth.network, CLONE_NEWNET) != 0 || ::chdir(birth.folder.c_str()) != 0 ||
      ::dup2(birth.input.get(), 0) < 0 || ::dup2(birth.log.get(), 1) < 0 ||
      ::dup2(birth.log.get(), 2) < 0 ||
      ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
    give_up(birth);
  }
  ::execve(birth.arguments[0], birth.arguments.data(), birth.environment.data());
  give_up(birth);
}

bool make_pipe(Descriptor& read, Descriptor& write) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  read = Descriptor(ends[0]);
  write = Descriptor(ends[1]);
  return true;
}

/// Of a file of the kernel's; empty where there is none.
std::string content_of(const std::string& file) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(opened.get(), part.data(), part.size())) > 0;) {
    content.append(part.data(), static_cast<std::size_t>(got));
  }
  return content;
}

Duration now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

int milliseconds(Duration time) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

}  // namespace

Expected<std::unique_ptr<Process>> Process::start(const Launch& launch,
                                                  const NetworkSpace& network) {
  Birth birth;
  birth.words = {launch.program};
  birth.words.insert(birth.words.end(), launch.arguments.begin(), launch.arguments.end());
  birth.variables = {std::string("PATH=") + kPath, "LC_ALL=C"};
  birth.variables.insert(birth.variables.end(), launch.environment.begin(),
                         launch.environment.end());
  birth.arguments = pointers(birth.words);
  birth.environment = pointers(birth.variables);
  birth.folder = launch.folder;
  birth.network = network.descriptor();
  birth.input = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  birth.log = Descriptor(
      ::open(launch.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644));
  if (birth.log.get() < 0) return system_failed(fmt::format("'{}' cannot be written", launch.log));
  if (!make_pipe(birth.told, birth.tell) || !make_pipe(birth.allowed, birth.allow)) {
    return system_failed("the kernel gives no pipe");
  }
  birth.kept = {birth.input.get(), birth.log.get(), birth.tell.get(), birth.allowed.get(),
                birth.network};
  std::ranges::sort(birth.kept);
  const auto id = static_cast<pid_t>(::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0));
  if (id == 0) become(birth);
  if (id < 0) return system_failed(fmt::format("'{}' cannot be started", launch.program));
  birth.tell.close();
  Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  std::unique_ptr<Process> process(new Process(id, std::move(handle)));
  int reason = kReady;
  const auto told = [&] { return ::read(birth.told.get(), &reason, sizeof reason) > 0; };
  if (told() && reason == kReady) {
    const char go = 1;
    (void)!::write(birth.allow.get(), &go, sizeof go);
    (void)told();
  }
  if (reason != kReady) {
    return system_failed(fmt::format("'{}' cannot be started", launch.program), reason);
  }
  return process;
}

Process::~Process() {
  stop({});
}

bool Process::ends_within(Duration time) {
  if (gone_) return true;
  pollfd watched{handle_.get(), POLLIN, 0};
  (void)::poll(&watched, 1, milliseconds(time));
  int status = 0;
  if (::waitpid(id_, &status, WNOHANG) != id_) return false;
  gone_ = true;
  ending_ = WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                              : fmt::format("signal {}", WTERMSIG(status));
  return true;
}

bool Process::running() {
  return !ends_within({});
}

void Process::stop(Duration patience) {
  if (ends_within({})) return;
  // To the first process of its space a signal that it does not handle yet is none: asked again.
  for (const Duration end = now() + patience; now() < end;) {
    ::kill(id_, SIGTERM);
    if (ends_within(kBetweenLooks)) return;
  }
  ::kill(id_, SIGKILL);
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  gone_ = true;
  ending_ = "killed";
}

bool Process::wait_until(const std::function<bool()>& holds, Duration limit) {
  const Duration end = now() + limit;
  while (!holds()) {
    if (ends_within(kBetweenLooks) || now() > end) return false;
  }
  return true;
}

bool has_socket(pid_t process, const std::string& protocol, unsigned port) {
  constexpr unsigned kListening = 0x0a;  // TCP_LISTEN of the kernel
  std::istringstream table(content_of(fmt::format("/proc/{}/net/{}", process, protocol)));
  std::string line;
  std::getline(table, line);  // the names of the columns
  while (std::getline(table, line)) {
    std::istringstream columns(line);
    std::string number, local, remote, state;
    columns >> number >> local >> remote >> state;
    const std::size_t colon = local.find(':');
    if (colon == std::string::npos) continue;
    if (std::strtoul(local.c_str() + colon + 1, nullptr, 16) != port) continue;
    if (protocol == "udp" || std::strtoul(state.c_str(), nullptr, 16) == kListening) return true;
  }
  return false;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(fmt::format("{}:{}", path == nullptr ? "" : path, kPath));
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (folder.empty()) continue;
    std::string file = fmt::format("{}/{}", folder, name);
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace provlab::wire
