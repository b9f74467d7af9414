#include "sim/lab/neighbours/surroundings.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "tests/unit/lab/scenario_text.hpp"
#include "tests/unit/neighbours/passing.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

BaseRun race_base(std::string_view variant) {
  const auto plan = plan_of(kScenario);
  return {.plan = plan, .variant = *plan->variant(variant), .seed = plan->seed};
}

SurroundingsOptions within(Duration window) {
  SurroundingsOptions options;
  options.window = window;
  options.budget = 5'000;
  return options;
}

std::size_t runs_of(const Surroundings& found) {
  return std::accumulate(
      found.rows.begin(), found.rows.end(), std::size_t{0},
      [](std::size_t sum, const SurroundingsRow& row) { return sum + row.runs; });
}

TEST(Surroundings, HaveEveryOutcomeThatADelayInTheWindowComesTo) {
  const BaseRun base = race_base("m-then-r");
  const Surroundings found = surroundings(base, {}, within(5ms));
  EXPECT_TRUE(found.middle_came_about);
  EXPECT_EQ(found.unplayed, 0U);
  EXPECT_EQ(runs_of(found), found.runs);
  ASSERT_FALSE(found.rows.empty());
  EXPECT_THAT(found.rows.front().nearest, IsEmpty());
  // All delays, a tenth of the least difference of two latencies apart.
  const std::size_t packets = play_neighbour(base, {}).arrivals.size();
  for (std::size_t packet = 1; packet <= packets; ++packet) {
    for (Duration by = 100us; by <= 5ms; by += 100us) {
      const PlayedNeighbour run = play_neighbour(base, {{packet, {Mishap::Kind::later, by}}});
      EXPECT_TRUE(std::ranges::any_of(found.rows,
                                      [&](const SurroundingsRow& row) {
                                        return row.outcome == run.outcome &&
                                               row.broken == run.broken;
                                      }))
          << packet << ' ' << by.count();
    }
  }
}

TEST(Surroundings, AreNoFurtherThanTheWindow) {
  const BaseRun base = race_base("m-then-r");
  const Surroundings narrow = surroundings(base, {}, within(100us));
  for (const SurroundingsRow& row : narrow.rows) {
    for (const auto& [packet, mishap] : row.nearest) EXPECT_LE(mishap.by, 100us);
  }
  // Beyond a second timers of the phone fire.
  EXPECT_LT(narrow.runs, surroundings(base, {}, within(6s)).runs);
}

TEST(Surroundings, HaveLossesAndDoublesWhereTheyAreAskedFor) {
  const BaseRun base = race_base("m-then-r");
  SurroundingsOptions options = within(Duration(1));
  const std::size_t without = surroundings(base, {}, options).runs;
  options.losses = true;
  const std::size_t lost = surroundings(base, {}, options).runs;
  options.doubles = true;
  const std::size_t twice = surroundings(base, {}, options).runs;
  EXPECT_LT(without, lost);
  EXPECT_LT(lost, twice);
}

TEST(Surroundings, BeginWithTheMishapsOfTheMiddle) {
  const BaseRun base = race_base("m-then-r");
  const Mishaps middle{{2, {Mishap::Kind::lost}}};
  const Surroundings found = surroundings(base, middle, within(Duration(1)));
  EXPECT_TRUE(found.middle_came_about);
  EXPECT_EQ(found.rows.front().nearest, middle);
  EXPECT_EQ(found.rows.front().outcome, play_neighbour(base, middle).outcome);
  EXPECT_FALSE(surroundings(base, {{999, {Mishap::Kind::lost}}}, within(1ms)).middle_came_about);
}

TEST(Surroundings, AreTheSameForEveryNumberOfJobsAndEndWithTheBudget) {
  const BaseRun base = race_base("m-then-r");
  SurroundingsOptions one = within(5ms), three = within(5ms);
  one.jobs = 1;
  three.jobs = 3;
  one.budget = three.budget = 40;
  const Surroundings a = surroundings(base, {}, one);
  const Surroundings b = surroundings(base, {}, three);
  EXPECT_EQ(a.runs, b.runs);
  EXPECT_EQ(a.rows.size(), b.rows.size());
  EXPECT_EQ(a.unplayed, b.unplayed);
  EXPECT_GT(a.unplayed, 0U);
}

}  // namespace
}  // namespace provlab::lab
