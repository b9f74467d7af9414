#include "tools/generated/judge/trial_child.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <new>
#include <numeric>
#include <utility>

#include "tools/generated/switch.hpp"

namespace provlab::mutants {

namespace {

[[maybe_unused]] constexpr std::size_t kMostMemory = std::size_t{3} << 30;
constexpr std::array<std::string_view, 6> kEnds{"survived", "scenario", "exploration",
                                                "limit",    "crash",    "test"};

/// From now on so much processor time, then SIGPROF ends the process.
void allow(Duration time) {
  const auto whole =
      std::chrono::duration_cast<std::chrono::seconds>(time) + std::chrono::seconds(1);
  itimerval timer{};
  timer.it_value.tv_sec = whole.count();
  setitimer(ITIMER_PROF, &timer, nullptr);
}

bool passes(const Trial& trial, std::string& by) {
  try {
    return trial.passes(by);
  } catch (const std::exception&) {
    return false;
  }
}

End end_by(Kind kind) {
  switch (kind) {
    case Kind::scenario:
    case Kind::fresh:
      return End::scenario;
    case Kind::exploration:
      return End::exploration;
    case Kind::tests:
      return End::test;
  }
  return End::scenario;
}

/// AddressSanitizer has taken more than that before anything begins.
void limit_memory() {
#ifndef __SANITIZE_ADDRESS__
  const rlimit memory{kMostMemory, kMostMemory};
  setrlimit(RLIMIT_AS, &memory);
#endif
}

void be_silent() {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

}  // namespace

struct TrialChild::Told {
  std::uint32_t begun;
  bool failed;
  std::array<char, 200> by;  ///< ends with a nought

  /// One for each trial: whether it did not pass. They lie behind this.
  unsigned char* objections() { return reinterpret_cast<unsigned char*>(this + 1); }

  void name(std::string_view text) {
    by = {};
    std::ranges::copy(text.substr(0, by.size() - 1), by.begin());
  }
};

std::string_view to_string(End end) {
  return kEnds[static_cast<std::size_t>(end)];
}

std::optional<End> end_of(std::string_view name) {
  const auto found = std::ranges::find(kEnds, name);
  if (found == kEnds.end()) return std::nullopt;
  return static_cast<End>(found - kEnds.begin());
}

std::size_t TrialChild::octets() const {
  return sizeof(Told) + trials_.size();
}

TrialChild::TrialChild(std::uint32_t number, std::vector<const Trial*> trials, Hearing hearing)
    : trials_(std::move(trials)) {
  void* shared = mmap(nullptr, octets(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) throw std::bad_alloc();
  told_ = new (shared) Told{};
  process_ = fork();
  if (process_ == -1) throw std::bad_alloc();
  if (process_ == 0) play(number, hearing);
}

void TrialChild::play(std::uint32_t number, Hearing hearing) {
  be_silent();
  limit_memory();
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  std::signal(SIGPROF, SIG_DFL);
  active = number;
  if (hearing == Hearing::all) {
    allow(10 * std::accumulate(trials_.begin(), trials_.end(), Duration{},
                               [](Duration sum, const Trial* one) { return sum + one->spent; }));
  }
  for (const Trial* trial : trials_) {
    const std::uint32_t at = told_->begun++;
    if (hearing == Hearing::first) allow(trial->spent * 100);
    std::string by;
    if (passes(*trial, by)) continue;
    told_->objections()[at] = 1;
    if (hearing == Hearing::all) continue;
    told_->name(by);
    told_->failed = true;
    break;
  }
  _exit(0);
}

TrialChild::TrialChild(TrialChild&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      told_(std::exchange(other.told_, nullptr)),
      trials_(std::move(other.trials_)) {}

TrialChild::~TrialChild() {
  if (told_ != nullptr) munmap(told_, octets());
}

bool TrialChild::ran_out_of_time(int status) {
  return WIFSIGNALED(status) && (WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGKILL);
}

bool TrialChild::ended_well(int status) {
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<const Trial*> TrialChild::objectors(int status) const {
  std::vector<const Trial*> all;
  for (std::size_t i = 0; i < told_->begun; ++i) {
    const bool ended_it = i + 1 == told_->begun && !ended_well(status);
    if (ended_it || told_->objections()[i] != 0) all.push_back(trials_[i]);
  }
  return all;
}

std::vector<const Trial*> TrialChild::unheard(int status) const {
  if (ended_well(status)) return {};
  return {trials_.begin() + told_->begun, trials_.end()};
}

Ending TrialChild::ending(int status) const {
  Ending ending;
  ending.runs = told_->begun;
  if (ended_well(status) && !told_->failed) return ending;
  const Trial* last = told_->begun == 0 ? nullptr : trials_[told_->begun - 1];
  ending.trial = last;
  if (last != nullptr) ending.by = last->name;
  if (told_->failed) {
    ending.end = end_by(last->kind);
    if (told_->by[0] != 0) ending.by = told_->by.data();
  } else {
    ending.end = ran_out_of_time(status) ? End::limit : End::crash;
  }
  return ending;
}

}  // namespace provlab::mutants
