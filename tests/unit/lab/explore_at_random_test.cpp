#include <gmock/gmock.h>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/language/load.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Key;

Shared<ScenarioPlan> eight_answers() {
  return load_scenario(PROVLAB_SOURCE_DIR "/scenarios/races/eight-answers.xml").value();
}

/// One run of the search, which plays the natural order alone.
ExploreOptions too_small(const ScenarioPlan& plan, std::size_t random) {
  ExploreOptions options;
  options.delivery.answers = {plan.race->answers.begin(), plan.race->answers.end()};
  options.budget = 1;
  options.random = random;
  return options;
}

TEST(ExploreAtRandom, FindsWinnersBeyondTheBudget) {
  const auto plan = eight_answers();
  EXPECT_EQ(explore(plan, too_small(*plan, 0)).outcomes.size(), 1U);
  const ExploreOptions options = too_small(*plan, 64);
  const Exploration found = explore(plan, options);
  EXPECT_EQ(found.runs, 65U);
  EXPECT_EQ(found.random.runs, 64U);
  EXPECT_GT(found.outcomes.size(), 2U);
  for (const OutcomeRow& row : found.outcomes) {
    EXPECT_EQ(replay(plan, options, row.shortest).outcome, row.outcome);
  }
}

TEST(ExploreAtRandom, SaysInWordsWhatIsLeft) {
  const auto plan = eight_answers();
  const Exploration found = explore(plan, too_small(*plan, 0));
  EXPECT_GT(found.unexplored, 0U);
  EXPECT_THAT(found.left, Contains(Key("notify-2 before notify-1")));
}

TEST(ExploreAtRandom, IsTheSameWithAnyNumberOfThreadsAndAnotherWithAnotherSeed) {
  const auto plan = eight_answers();
  ExploreOptions options = too_small(*plan, 40);
  const auto tokens = [&] {
    std::vector<std::string> all;
    for (const OutcomeRow& row : explore(plan, options).outcomes) {
      all.push_back(std::to_string(row.runs) + " " + to_token(row.shortest));
    }
    return all;
  };
  options.jobs = 1;
  const auto one = tokens();
  options.jobs = 3;
  EXPECT_EQ(one, tokens());
  options.random_seed = 2;
  EXPECT_NE(one, tokens());
}

TEST(ExploreAtRandom, IsNotNeededWhereTheBudgetSuffices) {
  const auto plan = eight_answers();
  ExploreOptions options = too_small(*plan, 64);
  options.delivery.window = Duration::zero();
  const Exploration found = explore(plan, options);
  EXPECT_EQ(found.unexplored, 0U);
  EXPECT_EQ(found.random.runs, 0U);
  EXPECT_THAT(found.left, IsEmpty());
}

TEST(ExploreAtRandom, StatesItsChance) {
  RandomRuns random{.seed = 1, .runs = 8, .flows = 4, .arrivals = 10};
  EXPECT_DOUBLE_EQ(random.chance(1), 0.25);
  EXPECT_DOUBLE_EQ(random.chance(3), 0.0025);
  EXPECT_DOUBLE_EQ(random.chance_of_all(1), 1 - 0.75 * 0.75);
  random.runs = 1;
  EXPECT_DOUBLE_EQ(random.chance_of_all(1), 0.25);
  EXPECT_DOUBLE_EQ(random.chance_of_all(2), 0);
}

TEST(PriorityPilot, HoldsTheLastAndLetsPassWhoIsBefore) {
  PriorityCourse course{.seed = 5, .flows = {1, 2}, .changes = {}};
  const auto acts = [&](std::uint64_t flow, std::uint64_t rival) {
    PriorityPilot pilot(course);
    const std::uint64_t rivals[] = {rival};
    return pilot.decide({.choice = 1, .id = 1, .flow = flow, .rivals = rivals, .can_wait = true});
  };
  EXPECT_NE(acts(1, 2), acts(2, 1));
  course.changes = {1};
  EXPECT_EQ(acts(1, 2), Act::wait);
  EXPECT_EQ(acts(2, 1), Act::wait);
}

}  // namespace
}  // namespace provlab::lab
