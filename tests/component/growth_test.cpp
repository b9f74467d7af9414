#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/judge.hpp"

namespace provlab::lab {
namespace {

#ifdef __SANITIZE_ADDRESS__
// It keeps what was freed for a while, and finds leaks by itself.
constexpr int kWorlds = 300;
constexpr bool kMemoryTells = false;
#else
constexpr int kWorlds = 10'000;
constexpr bool kMemoryTells = true;
#endif

/// What this process holds of the system.
struct Holdings {
  long memory = 0;  ///< octets that are resident
  long descriptors = 0;
};

Holdings holdings() {
  Holdings held;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    long pages = 0;
    if (std::fscanf(file, "%*d %ld", &pages) == 1) held.memory = pages * 4096;
    std::fclose(file);
  }
  held.descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  return held;
}

void boot(const Shared<ScenarioPlan>& plan, int worlds) {
  for (int i = 0; i < worlds; ++i) {
    const Variant& variant = plan->variants[static_cast<std::size_t>(i) % plan->variants.size()];
    Play play(plan, variant, static_cast<std::uint64_t>(i));
    play.run();
    ASSERT_EQ(judge(*plan, variant, play.trace()).outcome, Outcome::passed) << "world " << i;
  }
}

TEST(Worlds, LeaveNothingBehindHoweverManyThereWere) {
  const PlanResult plan =
      load_scenario(PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml");
  ASSERT_TRUE(plan);
  boot(*plan, kWorlds / 10);
  const Holdings before = holdings();
  boot(*plan, kWorlds);
  const Holdings after = holdings();
  EXPECT_EQ(after.descriptors, before.descriptors);
  // A leak of a hundred octets a world shows; pages touched now and then by libraries are none.
  if (kMemoryTells) {
    EXPECT_LT(after.memory - before.memory, 1 << 20);
  }
}

}  // namespace
}  // namespace provlab::lab
