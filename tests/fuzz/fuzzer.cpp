// libFuzzer's way into one target, named when this is compiled. Each input is timed; now and then a
// part of one is repeated some thousand times, since what costs more than it should seldom shows
// in inputs as short as libFuzzer likes them.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "tests/fuzz/targets.hpp"

#define PROVLAB_TEXT_OF(name) #name
#define PROVLAB_NAME_OF(name) PROVLAB_TEXT_OF(name)

namespace provlab::fuzz {
namespace {

constexpr Cost kMost = cost_of(PROVLAB_NAME_OF(PROVLAB_FUZZ_TARGET));
constexpr std::size_t kLongest = 60'000;

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

[[noreturn]] void end_with(const std::string& problem, std::string_view input, bool changed) {
  std::fprintf(stderr, "%s\n", problem.c_str());
  if (changed) {  // libFuzzer knows only what it was changed from
    if (std::FILE* const file = std::fopen("build/fuzz/findings/repeated-input", "wb")) {
      std::fwrite(input.data(), 1, input.size(), file);
      std::fclose(file);
      std::fprintf(stderr,
                   "the input with its part repeated: build/fuzz/findings/repeated-input\n");
    }
  }
  std::abort();
}

void try_input(std::string_view input, bool changed) {
  const double allowed =
      kMost.milliseconds + kMost.microseconds_per_octet * static_cast<double>(input.size()) / 1e3;
  double least = 0;
  for (int attempt = 0; attempt < 3; ++attempt) {
    const double before = cpu_milliseconds();
    const std::string problem = PROVLAB_FUZZ_TARGET(input);
    const double took = cpu_milliseconds() - before;
    if (!problem.empty()) end_with(problem, input, changed);
    least = attempt == 0 ? took : std::min(least, took);
    if (least <= allowed) return;
  }
  end_with("takes " + std::to_string(least) + " ms of CPU for " + std::to_string(input.size()) +
               " octets",
           input, changed);
}

/// The input with one part of it, which its octets choose, as often as there is room.
std::string with_part_repeated(std::string_view input, std::size_t choice) {
  const std::size_t begin = choice % input.size();
  const std::size_t size =
      1 + choice / input.size() % std::min<std::size_t>(input.size() - begin, 64);
  std::string out(input.substr(0, begin));
  while (out.size() + input.size() < kLongest) out += input.substr(begin, size);
  return out += input.substr(begin);
}

}  // namespace
}  // namespace provlab::fuzz

// Sanitizers as cheap as they find the same. What is freed stays forbidden for longer than an input
// lasts; where memory was had and freed tells a second run of the one input that was found, with
// ASAN_OPTIONS=malloc_context_size=30. What is used after its function has returned would be found,
// but coroutines have their variables on the heap anyway.
extern "C" const char* __asan_default_options() {
  return "detect_stack_use_after_return=0:malloc_context_size=1:quarantine_size_mb=4";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provlab::fuzz;
  static std::size_t count = 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try_input(input, false);
  if (++count % 64 == 0 && !input.empty()) {
    try_input(with_part_repeated(input, count / 64 * 2654435761U), true);
  }
  return 0;
}
