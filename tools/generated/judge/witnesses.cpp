#include "tools/generated/judge/witnesses.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>
#include <sstream>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "tools/generated/judge/call.hpp"
#include "tools/generated/judge/identity.hpp"

namespace provlab::mutants {

namespace {

/// Has a program record into a file; false where it does not.
bool has_recorded(const std::string& program, const std::string& file) {
  std::vector<std::string> words = {program, "--record", file};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", 1, 0);
  posix_spawn_file_actions_adddup2(&silent, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = -1;
  const int failed =
      posix_spawn(&child, program.c_str(), &silent, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&silent);
  int status = 0;
  return failed == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

/// `3-7 9`, of which those above `most` are left out; false where it is something else.
bool read_ranges(std::string_view text, std::size_t most, Reach& reach) {
  reach.assign(most + 1, false);
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    std::size_t first = 0;
    const char* end = word.data() + word.size();
    auto read = std::from_chars(word.data(), end, first);
    std::size_t last = first;
    if (read.ptr != end && *read.ptr == '-') read = std::from_chars(read.ptr + 1, end, last);
    if (read.ec != std::errc() || read.ptr != end) return false;
    for (std::size_t number = first; number <= std::min(last, most); ++number) reach[number] = true;
  }
  return true;
}

}  // namespace

Expected<std::vector<Witnesses::Test>> Witnesses::parse_tests(const std::string& text,
                                                              std::size_t mutants) {
  std::vector<Test> tests;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    Test test;
    std::string spent;
    std::string reach;
    std::getline(fields, test.name, '\t');
    std::getline(fields, spent, '\t');
    std::getline(fields, reach);
    std::int64_t microseconds = 0;
    std::from_chars(spent.data(), spent.data() + spent.size(), microseconds);
    if (!read_ranges(reach, mutants, test.reach)) return fail("this is no record of a test", line);
    test.spent = std::chrono::microseconds(microseconds);
    tests.push_back(std::move(test));
  }
  return tests;
}

Expected<Witnesses::Program> Witnesses::recorded(const std::string& path, std::uint64_t identity,
                                                 std::size_t mutants) {
  const std::string file = path + ".reach";
  const std::string heading = fmt::format("# what tests reach, by program {:016x}\n", identity);
  if (const auto known = lab::read_start(file, heading.size()); !known || *known != heading) {
    if (!has_recorded(path, file + ".new")) return fail("it does not record its tests", path);
    const auto said = lab::read_file(file + ".new", lab::kMostReportOctets);
    if (!said) return std::unexpected(said.error());
    if (const auto kept = lab::write_file(file, heading + *said); !kept) {
      return std::unexpected(kept.error());
    }
    std::filesystem::remove(file + ".new");
  }
  const auto text = lab::read_file(file, lab::kMostReportOctets);
  if (!text) return std::unexpected(text.error());
  auto tests = parse_tests(*text, mutants);
  if (!tests) return std::unexpected(tests.error());
  return Program{path, std::filesystem::path(path).filename(), std::move(*tests)};
}

Expected<Witnesses> Witnesses::load(const std::vector<std::string>& programs, std::size_t mutants,
                                    unsigned jobs) {
  std::vector<Expected<Program>> read(programs.size(), fail("it was not asked"));
  std::vector<std::uint64_t> identities(programs.size());
  lab::parallel_for(programs.size(), jobs, [&](std::size_t i) {
    const std::string path = std::filesystem::absolute(programs[i]);
    const auto identity = identity_of(path);
    if (!identity) {
      read[i] = std::unexpected(identity.error());
      return;
    }
    identities[i] = *identity;
    read[i] = recorded(path, *identity, mutants);
  });
  Witnesses witnesses;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (!read[i]) return std::unexpected(read[i].error());
    witnesses.identity_ = witnesses.identity_ * 31 + identities[i];
    witnesses.programs_.push_back(std::move(*read[i]));
  }
  return witnesses;
}

std::vector<const Trial*> Witnesses::trials_for(const Mutant& mutant, const Noticed& noticed) {
  std::vector<const Trial*> all;
  for (const Program& program : programs_) {
    Call call{{program.path, "--ask"}, {}, {}};
    Trial trial;
    trial.name = program.name;
    trial.kind = Kind::tests;
    for (const Test& test : program.tests) {
      if (!test.reach[mutant.number]) continue;
      call.text += test.name + '\n';
      trial.spent += test.spent;
    }
    if (call.text.empty()) continue;
    call.limit = std::chrono::seconds(1) + 10 * trial.spent;
    trial.passes = [call = std::move(call), name = program.name](std::string& by) {
      std::string test;
      const bool passed = passes_call(call, test);
      by = fmt::format("{} {}", name, test);
      return passed;
    };
    all.push_back(&trials_.emplace_back(std::move(trial)));
  }
  noticed.sort(mutant, all);
  return all;
}

std::size_t Witnesses::tests_reaching(std::uint32_t number) const {
  std::size_t count = 0;
  for (const Program& program : programs_) {
    count += static_cast<std::size_t>(std::ranges::count_if(
        program.tests, [number](const Test& test) { return test.reach[number]; }));
  }
  return count;
}

std::size_t Witnesses::tests() const {
  return std::accumulate(
      programs_.begin(), programs_.end(), std::size_t{0},
      [](std::size_t sum, const Program& program) { return sum + program.tests.size(); });
}

}  // namespace provlab::mutants
