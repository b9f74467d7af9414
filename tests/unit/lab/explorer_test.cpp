#include "sim/lab/explore/explorer.hpp"

#include <gmock/gmock.h>

#include <new>
#include <set>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Shared<ScenarioPlan> sample() {
  return compile_scenario(kScenario, "sample.xml").value();
}

ExploreOptions within(Duration window, unsigned faults = 0) {
  ExploreOptions options;
  options.delivery.window = window;
  options.delivery.faults = faults;
  return options;
}

std::vector<std::string> winners(const Exploration& found) {
  std::vector<std::string> names;
  for (const OutcomeRow& row : found.outcomes) names.push_back(row.outcome.winner);
  return names;
}

TEST(Token, ReadsBackAsItWasWritten) {
  const Deviations deviations{{3, 1}, {7, 2}};
  EXPECT_EQ(to_token(deviations), "3:1,7:2");
  EXPECT_EQ(parse_token("3:1,7:2"), deviations);
  EXPECT_EQ(parse_token(to_token({})), Deviations{});
}

TEST(Token, IsRefusedWhereItMeansNothing) {
  for (const char* text : {"", "3", "3:", "3:0", "x:1", "7:1,3:1", "3:1,,7:1", "3:1 ", "3:1,3:2"}) {
    EXPECT_FALSE(parse_token(text)) << text;
  }
}

/// Three telephone systems and the redirect service, each with a URL of its own.
Shared<ScenarioPlan> four_answers() {
  std::string text =
      changed(kScenario, "<host id=\"cloud\"",
              R"(<host id="pbx2" address="192.0.2.11"/><host id="pbx3" address="192.0.2.12"/>
    <host id="cloud")");
  text = changed(
      text, "<http host=",
      R"(<multicast host="pbx2"><notify id="n" url="http://prov.server.com/c.xml"/></multicast>
    <multicast host="pbx3"><notify id="o" url="http://prov.server.com/d.xml"/></multicast>
    <http host=)");
  text = changed(text, "<answer ref=\"m\"/>",
                 "<answer ref=\"m\"/><answer ref=\"n\"/><answer ref=\"o\"/>");
  return compile_scenario(text, "four.xml").value();
}

TEST(Explorer, LetsEachOfSeveralAnswersComeFirst) {
  ExploreOptions options = within(200ms);
  options.delivery.answers = {"r", "m", "n", "o"};
  const Exploration found = explore(four_answers(), options);
  std::set<std::string> first;
  for (const OutcomeRow& row : found.outcomes) {
    first.insert(row.outcome.requests.substr(0, row.outcome.requests.find(' ', 4)));
  }
  EXPECT_THAT(first, UnorderedElementsAre("GET /a.xml", "GET /b.xml", "GET /c.xml", "GET /d.xml"));
  EXPECT_EQ(found.unexplored, 0U);
}

TEST(Explorer, OnlyLosesWhereNothingMayComeTwice) {
  ExploreOptions options = within(0ms, 1);
  options.delivery.answers = {"r", "m", "n", "o"};
  const auto runs = [&](bool doubles) {
    options.delivery.doubles = doubles;
    return explore(four_answers(), options).runs;
  };
  // The redirect service has not answered yet when the first NOTIFY wins.
  EXPECT_EQ(runs(false), 1U + 3U);
  EXPECT_GT(runs(true), runs(false));
}

TEST(Explorer, WithoutWindowAndFaultsOnlyKnowsTheNaturalOrder) {
  const Exploration found = explore(sample(), within(0ms));
  EXPECT_EQ(found.runs, 1U);
  EXPECT_EQ(found.choices, 0U);
}

TEST(Explorer, LeavesTheNaturalRunAsItIsWithoutAnExplorer) {
  const auto plan = sample();
  RunText text;
  replay(plan, within(100ms), {}, &text);
  const Variant variant;
  Play play(plan, variant, plan->seed);
  play.run();
  EXPECT_EQ(text.json_lines, play.trace().json_lines());
}

TEST(Explorer, FindsEveryWinnerThatTheWindowAllows) {
  const Exploration found = explore(sample(), within(100ms));
  EXPECT_THAT(winners(found), UnorderedElementsAre("redirect", "multicast"));
  EXPECT_GT(found.pruned.independent, 0U);
  EXPECT_EQ(found.unexplored, 0U);
  EXPECT_THAT(found.broken, IsEmpty());
}

TEST(Explorer, KeepsTheSettingsInWhichOutcomesPart) {
  const Exploration found = explore(sample(), within(100ms));
  std::string parting;
  for (const OutcomeRow& row : found.outcomes) {
    const auto parted = differences(found.natural, row.configuration);
    EXPECT_EQ(parted.empty(), row.shortest.empty()) << row.outcome.to_string();
    for (const Difference& each : parted) parting += each.path + " ";
  }
  EXPECT_THAT(parting, HasSubstr("telephony/callWaiting/"));
}

TEST(Explorer, FindsTheSameWithAnyNumberOfThreads) {
  ExploreOptions options = within(5ms, 1);
  options.jobs = 1;
  const Exploration one = explore(sample(), options);
  options.jobs = 3;
  const Exploration three = explore(sample(), options);
  EXPECT_EQ(one.runs, three.runs);
  EXPECT_EQ(one.classes, three.classes);
  EXPECT_EQ(one.pruned.covered, three.pruned.covered);
  ASSERT_EQ(one.outcomes.size(), three.outcomes.size());
  for (std::size_t i = 0; i < one.outcomes.size(); ++i) {
    EXPECT_EQ(one.outcomes[i].outcome, three.outcomes[i].outcome);
    EXPECT_EQ(one.outcomes[i].shortest, three.outcomes[i].shortest);
  }
}

TEST(Explorer, PlaysATokenAgainToTheOctet) {
  const auto plan = sample();
  const ExploreOptions options = within(100ms);
  for (const OutcomeRow& row : explore(plan, options).outcomes) {
    const ExploredRun first = replay(plan, options, row.shortest);
    const ExploredRun second = replay(plan, options, row.shortest);
    EXPECT_EQ(first.outcome, row.outcome);
    EXPECT_EQ(first.checksum, second.checksum);
    EXPECT_EQ(first.deviated, row.shortest.size());
  }
}

TEST(Explorer, LosesAndDoublesPacketsWithinItsFaults) {
  const Exploration found = explore(sample(), within(0ms, 1));
  EXPECT_THAT(winners(found), UnorderedElementsAre("redirect", "multicast"));
  bool lost = false, doubled = false;
  for (std::size_t choice = 1; choice <= 20; ++choice) {
    for (std::size_t alternative = 1; alternative <= 2; ++alternative) {
      const ExploredRun run = replay(sample(), within(0ms, 1), {{choice, alternative}});
      for (const std::string& text : run.departures) {
        lost = lost || text.ends_with(" is lost");
        doubled = doubled || text.ends_with(" arrives twice");
      }
      EXPECT_LE(run.departures.size(), 1U);
    }
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(doubled);
}

TEST(Explorer, NamesAnswersByWhatTheScenarioCallsThem) {
  const Exploration found = explore(sample(), within(0ms, 1));
  for (const OutcomeRow& row : found.outcomes) {
    if (row.outcome.winner == "redirect") {
      EXPECT_THAT(row.departures, ElementsAre(HasSubstr("m is lost")));
    }
  }
}

TEST(Explorer, StopsAtItsBudgetAndSaysWhatIsLeft) {
  ExploreOptions options = within(100ms);
  options.budget = 5;
  const Exploration found = explore(sample(), options);
  EXPECT_EQ(found.runs, 5U);
  EXPECT_GT(found.unexplored, 0U);
}

TEST(Explorer, StopsAtItsDepthAndSaysWhatIsLeft) {
  ExploreOptions options = within(100ms);
  options.depth = 1;
  const Exploration found = explore(sample(), options);
  for (const OutcomeRow& row : found.outcomes) EXPECT_LE(row.shortest.size(), 1U);
  EXPECT_GT(found.unexplored, 0U);
}

TEST(Explorer, TellsWhatItHasFoundWhereTheMachineGivesNoMore) {
  ExploreOptions options = within(200ms);
  unsigned batches = 0;
  options.enough = [&batches]() -> bool {
    if (++batches > 1) throw std::bad_alloc();
    return false;
  };
  const Exploration found = explore(sample(), options);
  EXPECT_EQ(found.runs, 1U);
  EXPECT_GT(found.unexplored, 1U);
  EXPECT_EQ(found.outcomes.size(), 1U);
  EXPECT_THAT(found.fault, HasSubstr("there is no memory left"));
}

}  // namespace
}  // namespace provlab::lab
