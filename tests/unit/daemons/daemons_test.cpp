#include <gmock/gmock.h>

#include <thread>

#include "sim/lab/play/phone_half.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/wire/chance_and_clock.hpp"
#include "sim/wire/interface.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/wire/private_folder.hpp"
#include "tests/unit/daemons/space_fixture.hpp"

/// Daemons that serve a phone of ours.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct RealServers : SpaceTest {
  void SetUp() override {
    SpaceTest::SetUp();
    if (IsSkipped()) return;
    const auto plan = plan_of(
        "<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>"
        "<daemon kind=\"nginx\"/><daemon kind=\"sipp\"/>");
    const std::string missing = missing_packages(*plan);
    if (!missing.empty()) GTEST_SKIP() << "not installed: " << missing;
    if (const auto folder = wire::PrivateFolder::make(); !folder) {
      GTEST_SKIP() << folder.error().to_string();
    }
  }

  /// What of its expectations does not hold.
  static std::string played(const ScenarioPlan& plan) {
    auto daemons = Daemons::start(plan, wire::wall_time(), "phone");
    if (!daemons) return daemons.error().to_string();
    world::World world(plan.seed);
    world.network().link.latency = {};
    PhoneHalf half(world, world.network(), std::make_shared<const ScenarioPlan>(plan), {});
    auto opened = wire::Interface::open("phone");
    if (!opened) return opened.error().to_string();
    wire::Port port(world, std::move(*opened));
    wire::Pacer pacer(world, &port);
    half.start();
    world.at(world.now(), [&] { half.perform(PowerOn{}); });
    const auto over = [&] {
      return pacer.clock() > Instant{} + 1s && !half.phone().run_in_progress();
    };
    (void)pacer.run(over, pacer.clock() + 20s);
    half.end("settled");
    std::string text = (*daemons)->ended();
    (*daemons)->stop();
    for (const Finding& finding : judge(plan, plan.variants.front(), world.trace()).findings) {
      if (finding.held) continue;
      text += finding.text + ": " + finding.actual + "\n";
      for (const std::string& line : finding.slice) text += line + "\n";
    }
    if (text.empty()) return {};
    for (const DaemonLog& log : (*daemons)->logs()) text += "== " + log.daemon + "\n" + log.text;
    return text;
  }
};

TEST_F(RealServers, APhoneOfOursIsProvisionedByThem) {
  for (const char* name :
       {"dnsmasq-options/redirects", "dnsmasq-encap/tls", "dnsmasq-plain/sipp"}) {
    SCOPED_TRACE(name);
    const PlanResult plan =
        load_scenario(std::string(PROVLAB_SOURCE_DIR "/scenarios/interop/") + name + ".xml");
    ASSERT_TRUE(plan) << plan.error().front().to_string();
    EXPECT_EQ(played(**plan), "");
  }
}

TEST_F(RealServers, OneThatEndsAtOnceIsToldOfWithItsLastWord) {
  const auto plan = plan_of(
      "<daemon kind=\"dnsmasq\" config=\"dead.xml\"/>"
      "<daemon kind=\"chronyd\"/>",
      "<result is=\"provisioned\"/>", PROVLAB_TEST_DATA "/lab/s.xml");
  const auto daemons = Daemons::start(*plan, wire::wall_time(), "phone");
  ASSERT_FALSE(daemons);
  EXPECT_THAT(daemons.error().to_string(),
              StartsWith("dnsmasq on router: it has ended at once, with exit status 1: dnsmasq: "));
}

TEST_F(RealServers, WhatTheySayIsKept) {
  const auto plan = plan_of("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>");
  auto daemons = Daemons::start(*plan, wire::wall_time(), "phone");
  ASSERT_TRUE(daemons) << daemons.error().to_string();
  EXPECT_THAT((*daemons)->ended(), IsEmpty());
  // It has its sockets before its first word, and without it ends as silently as it began.
  for (int i = 0; i < 1000 && !(*daemons)->logs().front().text.contains("started, version"); ++i) {
    std::this_thread::sleep_for(2ms);  // house-rules: daemons start by the machine's clock
  }
  (*daemons)->stop();
  const std::vector<DaemonLog> logs = (*daemons)->logs();
  ASSERT_EQ(logs.size(), 2U);
  EXPECT_EQ(logs[0].daemon, "dnsmasq on router");
  EXPECT_THAT(logs[0].text, HasSubstr("started, version"));
  EXPECT_THAT(logs[0].text, HasSubstr("exiting on receipt of SIGTERM"));
  EXPECT_THAT(logs[1].text, HasSubstr("chronyd exiting"));
}

TEST_F(RealServers, OneThatDiesIsToldOf) {
  const auto plan = plan_of("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>");
  auto daemons = Daemons::start(*plan, wire::wall_time(), "phone");
  ASSERT_TRUE(daemons) << daemons.error().to_string();
  (*daemons)->stop();
  EXPECT_THAT((*daemons)->ended(), HasSubstr("dnsmasq on router ended with exit status 0"));
}

}  // namespace
}  // namespace provlab::lab
