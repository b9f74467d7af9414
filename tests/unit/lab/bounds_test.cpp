#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/suite/runner.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/trace/repetition.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/pcapng.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/scenario_text.hpp"

/// What a run may take of the machine (D46), and what a scenario of its files.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A lease that is renewed every second, for months.
constexpr const char* kNeverEnds =
    R"(<scenario name="endless"><about>A lease of two seconds.</about>
<responders><dhcp lease="2s"/></responders>
<timeline until="20000h"><power-on at="0s"/></timeline>
<expect>
  <never><event name="lease_lost"/></never>
  <result is="no-url"/>
</expect></scenario>)";

struct Stopped {
  Shared<ScenarioPlan> plan;
  std::unique_ptr<Play> play;
  Verdict verdict;
  const Finding& first() const { return verdict.findings.front(); }
};

Stopped stopped(const std::string& text, RunLimits limits) {
  Stopped run{plan_of(text), nullptr, {}};
  run.play = std::make_unique<Play>(run.plan, run.plan->variants.front(), 1, std::move(limits));
  run.play->run();
  run.verdict = judge(*run.plan, run.plan->variants.front(), run.play->trace());
  return run;
}

TEST(Bounds, ARunawayFailsWithALimitAndWhatItWasDoing) {
  const Stopped run = stopped(kNeverEnds, {.events = 5000});
  EXPECT_EQ(run.verdict.outcome, Outcome::failed);
  EXPECT_EQ(run.first().text, "limits of a run");
  EXPECT_EQ(run.first().expected, "the run comes to its end within its limits");
  EXPECT_THAT(run.first().actual,
              AllOf(HasSubstr("by its event no. 5000 (--limit-events); the same 10 events come "
                              "again and again, every 1s: "),
                    HasSubstr("request_received of router"), HasSubstr("lease_renewed of device")));
  EXPECT_GT(run.play->trace().last(), 5001U);
  EXPECT_LT(run.play->trace().last(), 5030U);
  ASSERT_THAT(run.first().slice, SizeIs(7));
  EXPECT_THAT(run.first().slice.back(), HasSubstr("-- stopped by the limit of events: the same"));
}

TEST(Bounds, WhatWasExpectedOfARunawayIsNotJudged) {
  const Stopped run = stopped(kNeverEnds, {.events = 5000});
  ASSERT_THAT(run.verdict.findings, SizeIs(3));
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_TRUE(run.verdict.findings[i].held);
    EXPECT_EQ(run.verdict.findings[i].not_judged, "not judged: the run was stopped before its end");
  }
  EXPECT_EQ(run.verdict.findings[2].line, 6);
}

TEST(Bounds, ARunOfExactlySoManyEventsPasses) {
  const auto events = [](RunLimits limits) {
    return stopped(without_race(), std::move(limits)).play->trace().last();
  };
  const EventNumber whole = events({});
  EXPECT_EQ(stopped(without_race(), {.events = whole}).verdict.outcome, Outcome::passed);
  const Stopped less = stopped(without_race(), {.events = 20});
  EXPECT_EQ(less.verdict.outcome, Outcome::failed);
  EXPECT_LT(less.play->trace().last(), whole);
}

TEST(Bounds, MemoryIsCountedForEachRun) {
  const Stopped run = stopped(kNeverEnds, {.octets = 4 << 20});
  EXPECT_THAT(run.first().actual, HasSubstr("when it took 4194304 octets (--limit-memory)"));
  EXPECT_GT(run.play->world().octets(), std::size_t{4} << 20);
  EXPECT_LT(run.play->world().octets(), std::size_t{16} << 20);
  // Another one beside it has all for itself.
  EXPECT_EQ(stopped(without_race(), {.octets = 4 << 20}).verdict.outcome, Outcome::passed);
}

TEST(Bounds, ACaptureCounts) {
  const auto plan = plan_of(kNeverEnds);
  Play play(plan, plan->variants.front(), 1, {.octets = 4 << 20});
  world::PcapngWriter capture("device", plan->epoch, "");
  play.capture(capture);
  play.run();
  EXPECT_TRUE(play.trace().event(play.trace().last()).is<RunStopped>());
  EXPECT_GT(capture.bytes().size(), 100'000U);
  EXPECT_LT(capture.bytes().size(), std::size_t{4} << 20);
}

TEST(Bounds, TheClockIsAskedNowAndThen) {
  int asked = 0;
  const Stopped run =
      stopped(kNeverEnds, {.wall = 10s, .clock = [&asked] { return Duration(1s) * asked++; }});
  EXPECT_THAT(run.first().actual, HasSubstr("after 10s by the clock (--limit-wall)"));
  EXPECT_EQ(asked, 11);
  EXPECT_LT(run.play->trace().last(), 50'000U);
}

TEST(Bounds, SeedAndLimitOfEventsGiveTheSameTrace) {
  EXPECT_EQ(stopped(kNeverEnds, {.events = 20'000}).play->trace().checksum(),
            stopped(kNeverEnds, {.events = 20'000}).play->trace().checksum());
}

TEST(Bounds, AnExplorationTellsOfRunsThatAreStopped) {
  ExploreOptions options;
  options.limits.events = 30;
  options.budget = 3;
  const Exploration found = explore(plan_of(without_race()), options);
  ASSERT_FALSE(found.broken.empty());
  EXPECT_EQ(found.broken.front().broken.invariant.number, "limits");
}

TEST(Bounds, WhatRepeatsIsNamed) {
  EXPECT_EQ(what_repeats(Trace()), "nothing has happened yet");
  Trace trace;
  const HostId one = trace.add_host("one");
  for (int i = 0; i < 8; ++i) trace.record(one, Instant{}, CheckSyncNotSent{"x"});
  EXPECT_EQ(
      what_repeats(trace),
      "the same event comes again and again, without any time passing: check_sync_not_sent of "
      "one");
  trace.record(one, Instant{}, PhoneQuiet{1s});
  EXPECT_EQ(what_repeats(trace),
            "of the last 9 events: 8 times check_sync_not_sent of one, 1 times phone_quiet of one");
}

/// Of a scenario in that file whose document lies at `src`.
std::vector<std::string> complaints_of(const std::string& file, const std::string& src,
                                       const std::string& root = {}) {
  return complaints("<scenario name=\"s\"><about>t</about><device><configuration-file src=\"" +
                        src + "\"/></device><expect><result is=\"no-url\"/></expect></scenario>",
                    file, root);
}

class Sources : public ::testing::Test {
 protected:
  Sources() {
    std::filesystem::create_directories(folder_ / "in/deep");
    for (const std::string name : {"in/a.xml", "in/deep/a.xml", "out.xml"}) {
      std::ofstream(folder_ / name)
          << "<configuration><telephony><callWaiting><active>true</active></callWaiting>"
             "</telephony></configuration>";
    }
    std::filesystem::create_symlink("../out.xml", folder_ / "in/leads-out.xml");
    std::filesystem::create_symlink("deep/a.xml", folder_ / "in/leads-in.xml");
    std::filesystem::create_directory_symlink("..", folder_ / "in/up");
    std::filesystem::create_directory_symlink("in", folder_ / "alias");
  }
  std::string scenario(const std::string& name = "in/s.xml") const { return folder_ / name; }

  test::TemporaryFolder folder_;
};

TEST_F(Sources, LieBelowTheFolderOfTheScenario) {
  for (const std::string src : {"a.xml", "deep/a.xml", "./deep/../a.xml", "leads-in.xml"}) {
    EXPECT_THAT(complaints_of(scenario(), src), ElementsAre()) << src;
    EXPECT_THAT(complaints_of(scenario("alias/s.xml"), src), ElementsAre()) << src;
  }
  EXPECT_THAT(complaints_of(scenario(), folder_ / "in/a.xml"), ElementsAre());
}

TEST_F(Sources, OutsideAreComplaintsWhereverLinksLead) {
  for (const std::string src : {"../out.xml", "deep/../../out.xml", "leads-out.xml", "up/out.xml",
                                "/etc/hostname", "../nothing.xml", "up/in/../out.xml"}) {
    EXPECT_THAT(complaints_of(scenario(), src),
                ElementsAre(AllOf(HasSubstr("s.xml:1: '" + src + "' leads out of the folder "),
                                  EndsWith("by --root"))))
        << src;
  }
}

TEST_F(Sources, MayLieAnywhereBelowARoot) {
  EXPECT_THAT(complaints_of(scenario(), "../out.xml", folder_.path()), ElementsAre());
  EXPECT_THAT(complaints_of(scenario(), "leads-out.xml", folder_.path() + "/"), ElementsAre());
  EXPECT_THAT(complaints_of(scenario(), "/etc/hostname", folder_.path()), SizeIs(1));
  EXPECT_THAT(complaints_of(scenario(), "../out.xml", folder_ / "in"), SizeIs(1));
  EXPECT_THAT(complaints_of(scenario(), "a.xml", folder_ / "in/deep"), SizeIs(1));
}

TEST_F(Sources, AFolderWhoseNameBeginsAlikeIsAnother) {
  std::filesystem::create_directory(folder_ / "in-side");
  std::filesystem::copy_file(folder_ / "out.xml", folder_ / "in-side/a.xml");
  EXPECT_THAT(complaints_of(scenario(), "../in-side/a.xml"), SizeIs(1));
}

}  // namespace
}  // namespace provlab::lab
