#include <gmock/gmock.h>

#include <atomic>

#include "sim/lab/cuts/campaign.hpp"
#include "sim/lab/explore/explorer.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

/// Long runs that somebody leaves in their middle.
namespace provlab::lab {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Renews its lease for two hours: more steps than pass between two questions.
constexpr const char* kLong = R"(<scenario name="long"><about>A lease of 2 s.</about>
  <responders><dhcp lease="2s"/></responders>
  <timeline until="2h"><power-on at="0s"/></timeline>
  <expect><never><event name="lease_lost"/></never></expect></scenario>)";

/// The same without a time for its end: it loads a long document.
constexpr const char* kLarge = R"(<scenario name="large"><about>A document of 1 MB.</about>
  <responders><dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http><file path="/a.xml" size="1000KiB"/></http></responders>
  <expect><result is="provisioned"/></expect></scenario>)";

RunLimits left_at_once() {
  RunLimits limits;
  limits.enough = [] { return true; };
  return limits;
}

class Abandoned : public SuiteFixture {};

TEST_F(Abandoned, RunIsNotReportedAndTheSuiteEndsEarly) {
  write("c.xml", kLong);
  RunnerOptions options;
  options.filters = {"long"};
  EXPECT_EQ(run(options).count(Outcome::passed), 1U);
  options.limits = left_at_once();
  const SuiteReport left = run(options);
  EXPECT_THAT(left.runs, IsEmpty());
  EXPECT_TRUE(left.ended_early);
  EXPECT_EQ(left.exit_code(), 130);
}

TEST_F(Abandoned, RunThatAnExceptionEndsKeepsWhatHappenedByThen) {
  write("c.xml", kLong);
  RunnerOptions options;
  options.filters = {"long"};
  options.details = Details::all;
  options.limits.enough = []() -> bool { throw std::runtime_error("no such thing"); };
  const SuiteReport suite = run(options);
  ASSERT_THAT(suite.runs, SizeIs(1));
  EXPECT_EQ(suite.runs[0].verdict.outcome, Outcome::broken);
  EXPECT_EQ(suite.runs[0].verdict.reason, "no such thing");
  EXPECT_THAT(suite.runs[0].verdict.findings, IsEmpty());
  EXPECT_GT(suite.runs[0].events, 1000U);
  ASSERT_TRUE(suite.runs[0].detail);
  EXPECT_TRUE(suite.runs[0].detail->trace.contains("lease_bound"));
}

TEST_F(Abandoned, ShortRunsAreNotAsked) {
  const std::size_t all = run().runs.size();
  RunnerOptions options;
  options.limits = left_at_once();
  EXPECT_THAT(run(options).runs, SizeIs(all));
}

TEST_F(Abandoned, KnobIsNotTriedToItsEnd) {
  write("c.xml", changed(kLong, "<responders>",
                         "<device><knobs redirect-timeout=\"3s\"/></device><responders>"));
  RunnerOptions options;
  options.filters = {"long"};
  std::atomic<int> asked = 0;
  options.limits.enough = [&] { return ++asked < 0; };
  EXPECT_FALSE(run(options).ended_early);
  const int once = asked / 2;  // with the knob, and without
  ASSERT_GT(once, 0);
  asked = 0;
  options.limits.enough = [&] { return ++asked > once + 1; };
  const SuiteReport left = run(options);
  EXPECT_THAT(left.runs, SizeIs(1));
  EXPECT_THAT(left.notes, IsEmpty());
  EXPECT_TRUE(left.ended_early);
}

TEST(AbandonedExploration, TellsWhatItHasFound) {
  ExploreOptions options;
  options.limits = left_at_once();
  const Exploration found = explore(plan_of(kLong), options);
  EXPECT_EQ(found.runs, 0U);
  EXPECT_EQ(found.unexplored, 1U);
  EXPECT_EQ(found.fault, "");
}

TEST(AbandonedCuts, EndEarlyBeforeAndAmongThem) {
  CampaignOptions options;
  options.sample = 4;
  options.jobs = 1;
  std::atomic<int> asked = 0;
  options.limits.enough = [&] { return ++asked < 0; };
  const CutScenario uncut(plan_of(kLarge), options.limits);
  const int before = asked;
  ASSERT_GT(before, 0);

  options.limits.enough = [] { return true; };
  const Campaign none = cut_power({plan_of(kLarge)}, options);
  EXPECT_EQ(none.runs, 0U);
  EXPECT_THAT(none.bad, IsEmpty());
  EXPECT_TRUE(none.ended_early);

  asked = 0;
  options.limits.enough = [&] { return ++asked > before; };
  const Campaign some = cut_power({plan_of(kLarge)}, options);
  EXPECT_EQ(some.chosen, 4U);
  EXPECT_LT(some.runs, 4U);
  EXPECT_THAT(some.bad, IsEmpty());
  EXPECT_TRUE(some.ended_early);
}

}  // namespace
}  // namespace provlab::lab
