#include <gmock/gmock.h>

#include <set>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/suite/scenario_files.hpp"

namespace provlab::lab {
namespace {

using ::testing::IsEmpty;

std::set<std::string> outcomes(const Exploration& found) {
  std::set<std::string> all;
  for (const OutcomeRow& row : found.outcomes) all.insert(row.outcome.to_string());
  for (const BrokenRow& row : found.broken)
    all.insert("breaks " + std::string(row.broken.invariant.number));
  return all;
}

/// The library's scenarios that have no more orders than `most`, each with what it comes to.
struct Comparison {
  std::size_t compared = 0;
  std::size_t all_runs = 0;
  std::size_t runs = 0;
  std::vector<std::string> wrong;
};

void compare(Comparison& so_far, const std::string& file, ExploreOptions options) {
  const PlanResult plan = load_scenario(file);
  if (!plan || !(*plan)->daemons.empty()) return;
  options.jobs = 1;
  options.all = true;
  const Exploration all = explore(*plan, options);
  if (all.unexplored > 0) return;
  options.all = false;
  options.budget = 20'000;
  const Exploration found = explore(*plan, options);
  ++so_far.compared;
  so_far.all_runs += all.runs;
  so_far.runs += found.runs;
  if (outcomes(all) != outcomes(found)) so_far.wrong.push_back(file);
}

TEST(Reduction, ComesToTheSameAsAllOrdersWhereverTheseEnd) {
  // So many orders at most, and of files every 16th: all of them take minutes.
  constexpr std::size_t kMost = 60;
  constexpr std::size_t kEvery = 16;
  ExploreOptions options;
  options.budget = kMost;
  const auto files = find_scenarios({PROVLAB_SOURCE_DIR "/scenarios"});
  ASSERT_TRUE(files);
  Comparison all;
  for (std::size_t i = 0; i < files->size(); i += kEvery) compare(all, (*files)[i], options);
  EXPECT_GT(all.compared, 40U);
  EXPECT_LT(all.runs * 5, all.all_runs);
  EXPECT_THAT(all.wrong, IsEmpty());
}

/// What no event of the phone tells: an offer that is not sent because nobody waits for it by then,
/// and a moment at which the phone's machine gets well.
TEST(Reduction, ComesToTheSameWhereWhatIsNotThereDecides) {
  ExploreOptions options;
  Comparison all;
  for (const std::string name :
       {"faults/dhcp-two-servers", "preconditions/first-offer-is-taken",
        "machine/no-socket-to-ask-for-a-name"}) {
    compare(all, PROVLAB_SOURCE_DIR "/scenarios/" + name + ".xml", options);
  }
  EXPECT_EQ(all.compared, 3U);
  EXPECT_THAT(all.wrong, IsEmpty());
}

TEST(Reduction, ComesToTheSameWhereAnswersOfARaceGetLost) {
  ExploreOptions options;
  options.delivery.faults = 3;
  options.delivery.doubles = false;
  options.delivery.answers = {"redirect-answer", "first-pbx", "second-pbx"};
  Comparison all;
  compare(all, PROVLAB_SOURCE_DIR "/scenarios/sources/three-answers-race.xml", options);
  EXPECT_EQ(all.compared, 1U);
  EXPECT_THAT(all.wrong, IsEmpty());
}

TEST(Reduction, PlaysFewMoreRunsThanThereAreClasses) {
  const PlanResult plan = load_scenario(PROVLAB_SOURCE_DIR "/scenarios/races/six-answers.xml");
  ASSERT_TRUE(plan);
  const auto& racers = (*plan)->race->answers;
  ExploreOptions options;
  options.delivery.faults = 6;
  options.delivery.doubles = false;
  options.delivery.answers = {racers.begin(), racers.end()};
  const Exploration found = explore(*plan, options);
  EXPECT_EQ(found.unexplored, 0U);
  EXPECT_EQ(found.outcomes.size(), 7U);  // each of the six wins, or nobody
  EXPECT_LT(found.runs * 2, found.classes * 3);
}

}  // namespace
}  // namespace provlab::lab
