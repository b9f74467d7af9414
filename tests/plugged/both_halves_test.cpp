#include <atomic>
#include <thread>

#include "tests/plugged/phone_boot.hpp"
#include "tests/plugged/servers.hpp"
#include "tests/unit/port/cable.hpp"

/// A scenario's two halves as two worlds, each in a thread of its own, on the ends of a cable.
namespace provlab::lab {
namespace {

struct BothHalves : wire::CableTest {
  struct Outcome {
    PhoneBoot phone;
    std::string requests;
  };

  static Outcome play(const Shared<ScenarioPlan>& plan, const Variant& variant,
                      std::uint64_t seed) {
    std::atomic<bool> done = false;
    Servers servers(plan, variant, seed, open("theirs"));
    std::thread serving([&] { servers.serve(done); });
    Outcome outcome{.phone = boot_phone(plan, seed + 1000, open("ours")), .requests = {}};
    done = true;
    serving.join();
    outcome.requests = servers.requests();
    return outcome;
  }
};

TEST_F(BothHalves, RaceArrivesInTheOrderOfEachVariant) {
  const PlanResult loaded =
      load_scenario(PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml");
  ASSERT_TRUE(loaded) << loaded.error().front().to_string();
  const Shared<ScenarioPlan>& plan = *loaded;
  unsigned raced = 0;
  for (const Variant& variant : plan->variants) {
    if (!variant.missing.empty() || variant.order.size() != 2) continue;
    ++raced;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(variant.name + ", seed " + std::to_string(seed));
      const Outcome outcome = play(plan, variant, seed);
      EXPECT_EQ(outcome.phone.result, "provisioned");
      EXPECT_EQ(outcome.phone.order, variant.order);
      const bool redirect_first = variant.order.front() == "redirect-answer";
      EXPECT_EQ(outcome.requests.contains("/a.xml"), redirect_first) << outcome.requests;
      EXPECT_EQ(outcome.requests.contains("/b.xml"), !redirect_first) << outcome.requests;
    }
  }
  EXPECT_EQ(raced, 4U);
}

}  // namespace
}  // namespace provlab::lab
