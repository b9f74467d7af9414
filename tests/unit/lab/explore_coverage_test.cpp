#include <gmock/gmock.h>

#include "sim/lab/explore/explorer.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;

/// A run in which these packets came, one each 10 ms, all of which may wait for 25 ms.
ExploredRun run_of(const std::vector<DeliveryId>& order,
                   const std::map<DeliveryId, DeliveryId>& causes = {}) {
  ExploredRun run;
  for (const DeliveryId id : order) {
    Delivery delivery;
    delivery.id = id;
    delivery.flow = id;
    delivery.due = Instant(10ms * run.deliveries.size());
    delivery.deadline = delivery.due + 25ms;
    delivery.choice = run.deliveries.size() + 1;
    if (causes.contains(id)) delivery.cause = causes.at(id);
    run.deliveries.push_back(delivery);
  }
  return run;
}

TEST(Coverage, CountsWhatWasPlayedAndWhatTheWindowAllows) {
  Coverage coverage;
  coverage.add(run_of({1, 2, 3, 4}));
  EXPECT_EQ(coverage.pairs().played, 6U);
  EXPECT_EQ(coverage.pairs().unseen, 5U);
  EXPECT_EQ(coverage.pairs().beyond, 1U);  // 4 before 1
  EXPECT_EQ(coverage.triples().played, 4U);
  coverage.add(run_of({2, 1, 3, 4}));
  EXPECT_EQ(coverage.pairs().played, 7U);
  EXPECT_EQ(coverage.pairs().unseen, 5U);
  EXPECT_EQ(coverage.pairs().beyond, 0U);  // 1 may be as late as 4 now
  EXPECT_EQ(coverage.triples().played, 6U);
}

TEST(Coverage, TellsApartWhatCanNeverBe) {
  Coverage coverage;
  coverage.add(run_of({1, 2, 3}, {{2, 1}, {3, 2}}));
  EXPECT_EQ(coverage.pairs().played, 3U);
  EXPECT_EQ(coverage.pairs().never, 3U);
  EXPECT_EQ(coverage.pairs().unseen, 0U);
  EXPECT_EQ(coverage.triples().played, 1U);
  EXPECT_EQ(coverage.triples().never, 5U);
}

TEST(Coverage, AddsUpToAllOrders) {
  Coverage coverage;
  coverage.add(run_of({1, 2, 3, 4, 5}, {{4, 2}}));
  coverage.add(run_of({3, 1, 6}));
  const auto sum = [](const CoverageFigures& figures) {
    return figures.reachable() + figures.never + figures.beyond;
  };
  EXPECT_EQ(coverage.packets(), 6U);
  EXPECT_EQ(sum(coverage.pairs()), 6U * 5);
  EXPECT_EQ(sum(coverage.triples()), 6U * 5 * 4);
}

TEST(Coverage, CountsTheFirstPacketsAloneWhereThereAreMany) {
  std::vector<DeliveryId> order;
  for (DeliveryId id = 1; id <= Coverage::kMost + 3; ++id) order.push_back(id);
  Coverage coverage;
  coverage.add(run_of(order));
  EXPECT_EQ(coverage.packets(), Coverage::kMost);
  EXPECT_EQ(coverage.uncounted(), 3U);
}

TEST(Coverage, ReadsBackAsItWasWritten) {
  Coverage coverage;
  coverage.add(run_of({1, 2, 3, 4, 5}, {{4, 2}}));
  coverage.add(run_of({3, 1, 6}));
  const auto rows = coverage.to_rows();
  const auto read = Coverage::parse(rows);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->to_rows(), rows);
  EXPECT_EQ(read->pairs().played, coverage.pairs().played);
  EXPECT_EQ(read->triples().unseen, coverage.triples().unseen);
  for (const auto& wrong : {std::vector<std::string>{}, {"12", ""}, {rows[0], ""}}) {
    EXPECT_FALSE(Coverage::parse(wrong));
  }
}

TEST(Coverage, OfPartsIsThatOfTheWhole) {
  Coverage whole, one, other;
  for (const auto& order : {std::vector<DeliveryId>{1, 2, 3}, {3, 4, 1}, {4, 5}}) {
    whole.add(run_of(order));
    (order.size() == 3 ? one : other).add(run_of(order));
  }
  other.add(one);
  EXPECT_EQ(other.packets(), whole.packets());
  EXPECT_EQ(other.pairs().played, whole.pairs().played);
  EXPECT_EQ(other.pairs().unseen, whole.pairs().unseen);
  EXPECT_EQ(other.triples().played, whole.triples().played);
}

TEST(Coverage, SeesByClassesWhatIsNotPlayed) {
  ExploreOptions options;
  options.delivery.window = 20ms;
  const auto plan = plan_of(kScenario);
  const CoverageFigures classes = explore(plan, options).coverage.pairs();
  options.all = true;
  const CoverageFigures all = explore(plan, options).coverage.pairs();
  EXPECT_GT(classes.same, 0U);
  EXPECT_LT(classes.played, all.played);
  EXPECT_EQ(all.same, 0U);
}

}  // namespace
}  // namespace provlab::lab
