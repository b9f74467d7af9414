#include <atomic>
#include <thread>

#include "core/service/events.hpp"
#include "sim/lab/play/phone_half.hpp"
#include "tests/plugged/servers.hpp"
#include "tests/unit/port/cable.hpp"

/// A scenario's two halves as two worlds, each in a thread of its own, on the ends of a cable.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;

/// Sees in which order answers of the race come to the phone.
struct Arrivals final : world::CaptureSink {
  std::vector<std::string> seen;
  void packet(Instant, const world::Packet& packet) override {
    const bool notify = text_of(packet.payload).starts_with("NOTIFY");
    const bool redirect = text_of(packet.payload).starts_with("HTTP/") &&
                          packet.from.address == Ipv4Address::of(198, 51, 100, 7);
    if (notify) note("multicast-answer");
    if (redirect) note("redirect-answer");
  }
  void note(const std::string& answer) {
    if (std::ranges::find(seen, answer) == seen.end()) seen.push_back(answer);
  }
};

struct BothHalves : wire::CableTest {
  struct Outcome {
    std::string result;
    std::string requests;
    std::vector<std::string> order;
  };

  static Outcome play(const Shared<ScenarioPlan>& plan, const Variant& variant,
                      std::uint64_t seed) {
    std::atomic<bool> done = false;
    Servers servers(plan, variant, seed, open("theirs"));
    std::thread serving([&] { servers.serve(done); });
    Outcome outcome;
    {
      world::World world(seed + 1000);
      world.network().link.latency = {};
      PhoneHalf half(world, world.network(), plan);
      Arrivals arrivals;
      world.network().capture(half.device(), arrivals);
      wire::Port port(world, open("ours"));
      wire::Pacer pacer(world, &port);
      half.start();
      world.at(world.now(), [&] { half.perform(PowerOn{}); });
      EventNumber looked = 0;
      const auto ended = [&] {
        while (looked < world.trace().last()) {
          const TraceRecord record = world.trace().event(++looked);
          if (record.is<service::RunEnded>()) outcome.result = record.field("result").value_or("");
        }
        return !outcome.result.empty();
      };
      EXPECT_TRUE(pacer.run(ended, pacer.clock() + 30s).value_or(false));
      (void)pacer.run([] { return false; }, pacer.clock() + 30ms);
      outcome.order = arrivals.seen;
    }
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
      EXPECT_EQ(outcome.result, "provisioned");
      EXPECT_EQ(outcome.order, variant.order);
      const bool redirect_first = variant.order.front() == "redirect-answer";
      EXPECT_EQ(outcome.requests.contains("/a.xml"), redirect_first) << outcome.requests;
      EXPECT_EQ(outcome.requests.contains("/b.xml"), !redirect_first) << outcome.requests;
    }
  }
  EXPECT_EQ(raced, 4U);
}

}  // namespace
}  // namespace provlab::lab
