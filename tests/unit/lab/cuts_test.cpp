#include <gmock/gmock.h>

#include <algorithm>

#include "sim/lab/cuts/campaign.hpp"
#include "sim/lab/cuts/healing.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/phone/events.hpp"
#include "sim/record/trace.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Shared<ScenarioPlan> compiled(const std::string& text) {
  return compile_scenario(text, "sample.xml").value();
}

/// A standard world whose web server has `document` under the URL of option 66.
std::string serving(std::string_view document, std::string_view rest = "") {
  return fmt::format(R"(<scenario name="sample"><about>A sample.</about>
  <responders><dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
    <http><file path="/a.xml">{}</file>{}</http></responders>
  <expect><result is="provisioned"/></expect></scenario>)",
                     document, rest);
}

constexpr std::string_view kTimezone = "<time><timezone>CET-1</timezone></time>";

std::map<Ending, std::size_t> endings_of(const std::string& text) {
  const Campaign found = cut_power({compiled(text)}, {});
  EXPECT_THAT(found.bad, IsEmpty());
  EXPECT_EQ(found.runs, found.places);
  return found.endings;
}

TEST(PowerCut, FitsScenariosThatBootAndThenGoTheirWay) {
  EXPECT_TRUE(CutScenario::fits(*compiled(kScenario)));
  EXPECT_FALSE(CutScenario::fits(*compiled(
      changed(kScenario, "<boot at=\"0s\"/>", "<boot at=\"0s\"/><power-off at=\"9s\"/>"))));
}

TEST(PowerCut, PlacesAreTheEventsAtTheEndsOfStepsFromTheBootOn) {
  const CutScenario scenario(compiled(serving(kTimezone)));
  const auto plan = compiled(serving(kTimezone));
  Play uncut(plan, plan->variants[0], plan->seed);
  uncut.run();
  ASSERT_GT(scenario.places().size(), 10U);
  EXPECT_TRUE(std::ranges::is_sorted(scenario.places()));
  EventNumber boot = 0;
  for (const TraceRecord record : uncut.trace()) {
    if (record.is<phone::PoweredOn>()) boot = record.number();
  }
  EXPECT_GE(scenario.places().front(), boot);
  EXPECT_LT(scenario.places().back(), uncut.trace().last());
}

TEST(PowerCut, IsToldByTheTraceAndAllowsOneMoreBoot) {
  const CutScenario scenario(compiled(serving(kTimezone)));
  CutText text;
  const CutRun run = scenario.cut(scenario.places()[12], &text);
  EXPECT_FALSE(run.failed());
  EXPECT_THAT(text.narration, Contains(HasSubstr("the power fails for 5s")));
  EXPECT_EQ(std::ranges::count_if(text.narration,
                                  [](const std::string& line) {
                                    return line.find("is switched on") != std::string::npos;
                                  }),
            2);
}

TEST(PowerCut, SameTokenGivesTheSameTrace) {
  const CutScenario scenario(compiled(kScenario));
  const EventNumber after = scenario.places()[scenario.places().size() / 2];
  EXPECT_EQ(scenario.cut(after).checksum, scenario.cut(after).checksum);
  EXPECT_NE(scenario.cut(after).checksum, scenario.cut(scenario.places().front()).checksum);
}

TEST(PowerCut, LeavesASimpleScenarioAsItIs) {
  EXPECT_THAT(endings_of(serving(kTimezone)), Each(testing::Key(Ending::uncut)));
}

TEST(PowerCut, EndsRulesSoThatWhatTheySpoiledIsInOrderAfterwards) {
  const auto endings =
      endings_of(serving(kTimezone, R"(<on request="GET /a.xml"><answer status="503"/></on>)"));
  EXPECT_THAT(endings, Each(testing::Key(Ending::healed)));
}

TEST(PowerCut, LeavesWrongWhatIsWrongWithoutARule) {
  EXPECT_THAT(endings_of(serving("<time><timezone>CET-1</timezone><no/></time>")),
              Each(testing::Key(Ending::uncut)));
}

TEST(PowerCut, OfADocumentThatAddsSomethingExplainsThatItIsThereTwice) {
  const auto endings = endings_of(
      serving(R"(<referencedSettings><url>b.xml</url><url>c.xml</url></referencedSettings>)",
              R"(<file path="/b.xml"><templates><template name="A" prio="1"/></templates></file>
         <file path="/c.xml"><operations><add path="/templates"><template name="B" prio="1"/></add>
         </operations></file>)"));
  EXPECT_THAT(endings, Each(testing::Key(Ending::uncut)));
}

TEST(Healing, EndsLossesWithThePower) {
  const std::string lossy =
      changed(serving(kTimezone), "  <responders>",
              "  <world><link loss=\"90%\"/><lose to=\"prov\"/></world>\n  <responders>");
  EXPECT_TRUE(can_heal(*compiled(lossy)));
  EXPECT_FALSE(can_heal(*compiled(serving(kTimezone))));
  const CutScenario scenario(compiled(lossy));
  EXPECT_EQ(scenario.cut(scenario.places().front()).ending, Ending::healed);
}

TEST(Healing, LeavesAnEarlierEndOfARuleAlone) {
  const auto plan = compiled(
      serving(kTimezone, R"(<on request="GET /a.xml" until="3s"><answer status="503"/></on>)"));
  const auto until = [](const ScenarioPlan& of) {
    std::optional<Instant> found;
    for (const ResponderPlan& each : of.responders) {
      if (const auto* http = std::get_if<Shared<netfakes::HttpConfig>>(&each.config)) {
        found = (*http)->rules[0].until;
      }
    }
    return found;
  };
  EXPECT_EQ(until(*healed_at(*plan, Instant(std::chrono::seconds(9)))),
            Instant(std::chrono::seconds(3)));
  EXPECT_EQ(until(*healed_at(*plan, Instant{})), Instant{});
  EXPECT_EQ(until(*plan), Instant(std::chrono::seconds(3)));
}

TEST(Campaign, DrawsTheSameCutsForEveryNumberOfThreads) {
  const std::vector<Shared<ScenarioPlan>> plans{compiled(kScenario), compiled(serving(kTimezone))};
  CampaignOptions options;
  options.sample = 20;
  std::vector<std::size_t> ranks;
  options.wanted = [&ranks](std::size_t rank) {
    ranks.push_back(rank);
    return rank % 2 == 0;
  };
  options.jobs = 1;
  const Campaign one = cut_power(plans, options);
  EXPECT_THAT(ranks, SizeIs(20));
  EXPECT_EQ(one.chosen, 10U);
  EXPECT_EQ(one.runs, 10U);
  options.jobs = 4;
  EXPECT_EQ(cut_power(plans, options).endings, one.endings);
}

TEST(Campaign, LeavesScenariosWithATimelineOfTheirOwnAside) {
  const Campaign found = cut_power({compiled(changed(kScenario, "<boot at=\"0s\"/>",
                                                     "<boot at=\"0s\"/><power-off at=\"9s\"/>"))},
                                   {});
  EXPECT_EQ(found.own_timeline, 1U);
  EXPECT_EQ(found.runs, 0U);
}

}  // namespace
}  // namespace provlab::lab
