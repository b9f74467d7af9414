#include "sim/lab/explore/neighbourhood.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::IsEmpty;

Shared<ScenarioPlan> sample_race() {
  return compile_scenario(kScenario, "sample.xml").value();
}

std::size_t orders_in(const Neighbourhood& found) {
  std::size_t orders = 0;
  for (const NeighbourRow& row : found.rows) orders += row.orders;
  return orders;
}

TEST(Neighbourhood, WithoutSwapsIsTheOrderItself) {
  const auto plan = sample_race();
  const Neighbourhood found = neighbourhood(plan, {}, {}, 0);
  EXPECT_EQ(found.orders, 1U);
  EXPECT_TRUE(found.middle_came_about);
  ASSERT_EQ(found.rows.size(), 1U);
  EXPECT_EQ(found.rows[0].outcome, replay(plan, {}, {}).outcome);
}

TEST(Neighbourhood, OneSwapIsEveryOtherAlternativeOfEveryChoice) {
  const auto plan = sample_race();
  const ExploredRun natural = replay(plan, {}, {});
  std::set<std::uint64_t> traces{natural.checksum};
  for (std::size_t i = 0; i < natural.choices.size(); ++i) {
    for (std::size_t other = 1; other < natural.choices[i].alternatives; ++other) {
      traces.insert(replay(plan, {}, {{i + 1, other}}).checksum);
    }
  }
  const Neighbourhood found = neighbourhood(plan, {}, {}, 1);
  EXPECT_EQ(found.orders, traces.size());
  EXPECT_EQ(orders_in(found), found.orders);
  EXPECT_EQ(found.unplayed, 0U);
}

TEST(Neighbourhood, LeadsBackToTheNaturalOrder) {
  const auto plan = sample_race();
  const ExploredRun natural = replay(plan, {}, {});
  std::size_t first = 0;
  while (natural.choices[first].alternatives < 2) ++first;
  const Neighbourhood found = neighbourhood(plan, {}, {{first + 1, 1}}, 1);
  const auto row = std::ranges::find(found.rows, natural.outcome, &NeighbourRow::outcome);
  ASSERT_NE(row, found.rows.end());
}

TEST(Neighbourhood, IsTheSameForEveryNumberOfThreadsAndGrowsWithSwaps) {
  const auto plan = sample_race();
  ExploreOptions options;
  options.jobs = 1;
  const Neighbourhood one = neighbourhood(plan, options, {}, 2);
  options.jobs = 3;
  const Neighbourhood many = neighbourhood(plan, options, {}, 2);
  EXPECT_EQ(one.orders, many.orders);
  ASSERT_EQ(one.rows.size(), many.rows.size());
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    EXPECT_EQ(one.rows[i].nearest, many.rows[i].nearest);
    EXPECT_EQ(one.rows[i].orders, many.rows[i].orders);
  }
  EXPECT_GT(one.orders, neighbourhood(plan, {}, {}, 1).orders);
}

TEST(Neighbourhood, SaysWhatItsBudgetLeftOutAndWhatNeverCameAbout) {
  const auto plan = sample_race();
  ExploreOptions options;
  options.budget = 3;
  const Neighbourhood found = neighbourhood(plan, options, {}, 2);
  EXPECT_LE(found.orders, 3U);
  EXPECT_GT(found.unplayed, 0U);
  EXPECT_FALSE(neighbourhood(plan, {}, {{9999, 1}}, 0).middle_came_about);
  options.enough = [] { return true; };
  EXPECT_THAT(neighbourhood(plan, options, {}, 1).rows, IsEmpty());
}

}  // namespace
}  // namespace provlab::lab
