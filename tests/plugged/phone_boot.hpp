#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/service/events.hpp"
#include "sim/lab/play/phone_half.hpp"
#include "sim/record/trace.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/pacer.hpp"

namespace provlab::lab {

/// Sees in which order answers of the reference race come to the phone.
struct RaceArrivals final : world::CaptureSink {
  std::vector<std::string> seen;
  void packet(Instant, const world::Packet& packet) override {
    const std::string_view text = text_of(packet.payload);
    if (text.starts_with("NOTIFY")) note("multicast-answer");
    if (text.starts_with("HTTP/") && packet.from.address == Ipv4Address::of(198, 51, 100, 7)) {
      note("redirect-answer");
    }
  }
  void note(const std::string& answer) {
    if (std::ranges::find(seen, answer) == seen.end()) seen.push_back(answer);
  }
};

struct PhoneBoot {
  std::string result;
  std::vector<std::string> order;  ///< in which answers of the race came to it
};

/// Boots the phone of a plan on an interface, to the end of its first run.
inline PhoneBoot boot_phone(const Shared<ScenarioPlan>& plan, std::uint64_t seed,
                            std::unique_ptr<wire::Interface> interface) {
  using namespace std::chrono_literals;
  PhoneBoot outcome;
  world::World world(seed);
  world.network().link.latency = {};
  PhoneHalf half(world, world.network(), plan, {});
  RaceArrivals arrivals;
  world.network().capture(half.device(), arrivals);
  wire::Port port(world, std::move(interface));
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
  return outcome;
}

}  // namespace provlab::lab
