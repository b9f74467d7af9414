#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "tools/generated/switch.hpp"

// The main of a test program whose core has mutants in it (D48). Their judge calls it:
//
//   PROGRAM --record FILE       writes for each test that passes its name, the microseconds that it
//                               took, and the numbers that it reached, as ranges, with tabs between
//   PROGRAM --ask FILE TO       plays the tests that FILE names, a line each, until one fails. The
//                               name of each is written to the descriptor TO before it begins. Exit
//                               code 0: all passed.
//
// Each recorded test has a process of its own in which nothing ran before. So it reaches what a
// process makes once as well, and so it does when it is asked: that is another process each time.
namespace provlab::mutants {
namespace {

// house-rules: how long tests take is told by the real clock
using Clock = std::chrono::steady_clock;

void choose(const std::string& names) {
  GTEST_FLAG_SET(filter, names);
}

std::vector<std::string> all_tests() {
  std::vector<std::string> names;
  const testing::UnitTest& program = *testing::UnitTest::GetInstance();
  for (int i = 0; i < program.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *program.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      const std::string name = std::string(suite.name()) + '.' + suite.GetTestInfo(j)->name();
      if (name.find("DISABLED_") == name.npos) names.push_back(name);
    }
  }
  return names;
}

/// Whether a test passes in a process of its own.
bool passes(const std::string& name) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    choose(name);
    _exit(RUN_ALL_TESTS());
  }
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string ranges(std::span<const unsigned char> places) {
  std::string text;
  for (std::size_t first = 0; first < places.size(); ++first) {
    if (places[first] == 0) continue;
    std::size_t last = first;
    while (last + 1 < places.size() && places[last + 1] != 0) ++last;
    if (!text.empty()) text += ' ';
    text += std::to_string(first);
    if (last != first) text += '-' + std::to_string(last);
    first = last;
  }
  return text;
}

int record(const std::string& file) {
  // What was reached by now is reached in every process.
  const std::vector<unsigned char> before(reached, reached + kMost);
  void* shared = mmap(nullptr, kMost, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 4;
  reached = static_cast<unsigned char*>(shared);
  std::ofstream out(file);
  for (const std::string& name : all_tests()) {
    std::ranges::copy(before, reached);
    const Clock::time_point start = Clock::now();
    if (!passes(name)) continue;
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    out << name << '\t' << spent.count() << '\t' << ranges({reached, kMost}) << '\n';
  }
  return out.flush() ? 0 : 4;
}

class Teller : public testing::EmptyTestEventListener {
 public:
  explicit Teller(int to) : to_(to) {}

 private:
  void OnTestStart(const testing::TestInfo& test) override {
    const std::string line = std::string(test.test_suite_name()) + '.' + test.name() + '\n';
    [[maybe_unused]] const auto written = write(to_, line.data(), line.size());
  }

  int to_;
};

int ask(const std::string& file, int to) {
  std::string names;
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) names += line + ':';
  choose(names);
  GTEST_FLAG_SET(fail_fast, true);
  testing::UnitTest::GetInstance()->listeners().Append(new Teller(to));
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace provlab::mutants

int main(int count, char** words) {
  testing::InitGoogleMock(&count, words);
  const std::vector<std::string> said(words + 1, words + count);
  if (said.size() == 2 && said[0] == "--record") return provlab::mutants::record(said[1]);
  if (said.size() == 3 && said[0] == "--ask") {
    return provlab::mutants::ask(said[1], std::atoi(said[2].c_str()));
  }
  return RUN_ALL_TESTS();
}
