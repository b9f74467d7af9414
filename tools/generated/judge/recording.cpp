#include "tools/generated/judge/recording.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <new>

#include "sim/lab/suite/runner.hpp"
#include "tools/generated/switch.hpp"

namespace provlab::mutants {

namespace {

/// In memory that both processes see.
struct Shared {
  bool passed;
  Duration spent;
  std::array<unsigned char, kMost> places;
};

class SharedRows {
 public:
  explicit SharedRows(std::size_t count) : octets_(count * sizeof(Shared)) {
    if (count == 0) return;
    void* memory =
        mmap(nullptr, octets_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    rows_ = new (memory) Shared[count]{};
  }
  SharedRows(const SharedRows&) = delete;
  SharedRows& operator=(const SharedRows&) = delete;
  ~SharedRows() {
    if (rows_ != nullptr) munmap(rows_, octets_);
  }
  Shared& operator[](std::size_t i) { return rows_[i]; }

 private:
  std::size_t octets_;
  Shared* rows_ = nullptr;
};

[[noreturn]] void play(const Trial& trial, Shared& row) {
  reached = row.places.data();
  std::string by;
  const Duration start = lab::wall_clock();
  row.passed = trial.passes(by);
  row.spent = lab::wall_clock() - start;
  _exit(0);
}

}  // namespace

std::vector<Recording> recorded_apart(const std::vector<Trial>& trials, unsigned jobs) {
  SharedRows rows(trials.size());
  unsigned running = 0;
  const auto wait_for_one = [&running] {
    running = waitpid(-1, nullptr, 0) == -1 ? 0 : running - 1;
  };
  for (std::size_t i = 0; i < trials.size(); ++i) {
    while (running >= jobs) wait_for_one();
    const pid_t child = fork();
    if (child == -1) throw std::bad_alloc();
    if (child == 0) play(trials[i], rows[i]);
    ++running;
  }
  while (running > 0) wait_for_one();
  std::vector<Recording> recordings;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Shared& row = rows[i];
    recordings.push_back({row.passed, row.spent, {row.places.begin(), row.places.end()}});
  }
  return recordings;
}

}  // namespace provlab::mutants
