#include <gmock/gmock.h>

#include <set>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
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

void compare(Comparison& so_far, const std::string& name, const Shared<ScenarioPlan>& plan,
             ExploreOptions options) {
  options.jobs = 1;
  options.all = true;
  const Exploration all = explore(plan, options);
  if (all.unexplored > 0) return;
  options.all = false;
  options.budget = 20'000;
  const Exploration found = explore(plan, options);
  ++so_far.compared;
  so_far.all_runs += all.runs;
  so_far.runs += found.runs;
  if (outcomes(all) != outcomes(found)) so_far.wrong.push_back(name);
}

void compare(Comparison& so_far, const std::string& file, const ExploreOptions& options) {
  const PlanResult plan = load_scenario(file);
  if (plan && (*plan)->daemons.empty()) compare(so_far, file, *plan, options);
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
  EXPECT_LT(all.runs * 3, all.all_runs);
  EXPECT_THAT(all.wrong, IsEmpty());
}

/// What no event of the phone tells: an offer that is not sent because nobody waits for it by then,
/// and a moment at which the phone's machine gets well.
TEST(Reduction, ComesToTheSameWhereWhatIsNotThereDecides) {
  ExploreOptions options;
  Comparison all;
  for (const std::string name : {"faults/dhcp-two-servers", "preconditions/first-offer-is-taken",
                                 "machine/no-socket-to-ask-for-a-name"}) {
    compare(all, PROVLAB_SOURCE_DIR "/scenarios/" + name + ".xml", options);
  }
  EXPECT_EQ(all.compared, 3U);
  EXPECT_THAT(all.wrong, IsEmpty());
}

/// A server that answers otherwise from a moment on, which lies before and behind the window of one
/// packet: there, what led to the request has to come late too.
TEST(Reduction, ComesToTheSameWhereRulesBeginAndEnd) {
  struct Rule {
    std::string_view responder;
    std::string_view with_rule;
    Duration window;
  };
  constexpr std::string_view kHttp = "<http host=\"prov\">";
  constexpr std::string_view kDns = "<dns host=\"router\"/>";
  const Rule rules[] = {
      {kHttp, R"(<http host="prov"><on since="44ms"><answer status="404"/></on>)", 5ms},
      {kHttp, R"(<http host="prov"><on since="50ms"><answer status="404"/></on>)", 5ms},
      {kHttp, R"(<http host="prov"><on until="70ms"><answer status="404"/></on>)", 20ms},
      {kDns, R"(<dns host="router"><on since="9500us"><nothing/></on></dns>)", 5ms},
      {kDns, R"(<dns host="router"><on since="43ms"><nothing/></on></dns>)", 20ms}};
  Comparison all;
  for (const Rule& rule : rules) {
    ExploreOptions options;
    options.delivery.window = rule.window;
    compare(all, std::string(rule.with_rule),
            plan_of(changed(kScenario, rule.responder, rule.with_rule)), options);
  }
  EXPECT_EQ(all.compared, std::size(rules));
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

/// What was heard in which order is told as well: check-syncs, some of one instant with the end of
/// a run and with each other.
TEST(Reduction, ComesToTheSameWhereCheckSyncsRace) {
  Comparison all;
  for (const std::string name :
       {"order-triggers", "order-delays", "order-searches", "order-answers"}) {
    const PlanResult plan =
        load_scenario(PROVLAB_SOURCE_DIR "/scenarios/explorations/" + name + ".xml");
    ASSERT_TRUE(plan) << name;
    const auto& racers = (*plan)->race->answers;
    ExploreOptions options;
    options.delivery.answers = {racers.begin(), racers.end()};
    compare(all, name, *plan, options);
  }
  EXPECT_EQ(all.compared, 4U);
  EXPECT_THAT(all.wrong, IsEmpty());
}

/// Where a packet has to be late because what led to it was, where one comes too late for a wait
/// that it has ended in each run so far, and where it is too old by then, which is no event.
TEST(Reduction, ComesToTheSameWherePacketsAreLateTogetherOrAlone) {
  ExploreOptions options;
  Comparison all;
  for (const std::string name : {"transport/power-cut-in-a-download", "explorations/order-names",
                                 "check-sync/request-is-known-again-for-32-s",
                                 "check-sync/start-delays-are-written-in-many-ways",
                                 "check-sync/start-dates-are-written-in-many-ways"}) {
    compare(all, PROVLAB_SOURCE_DIR "/scenarios/" + name + ".xml", options);
  }
  EXPECT_EQ(all.compared, 5U);
  EXPECT_THAT(all.wrong, IsEmpty());
}

TEST(Reduction, PlaysEachOrderOfWhatCouldMatter) {
  struct Case {
    std::string name;
    bool answers_alone;
    std::size_t classes;
  };
  // Of four answers that cannot be used any may come before the one that can, in any order: 65.
  // Else the last of them comes while the document is loaded already. A kiss may come before and
  // after the timer that another server is asked by, whose wait it began. What DHCP tells changes
  // who is asked for names.
  for (const Case& each : {Case{"order-answers", true, 84}, Case{"order-times", false, 6},
                           Case{"order-domain", false, 6}}) {
    const PlanResult plan =
        load_scenario(PROVLAB_SOURCE_DIR "/scenarios/explorations/" + each.name + ".xml");
    ASSERT_TRUE(plan) << each.name;
    ExploreOptions options;
    if (each.answers_alone) {
      const auto& racers = (*plan)->race->answers;
      options.delivery.answers = {racers.begin(), racers.end()};
    }
    EXPECT_EQ(explore(*plan, options).classes, each.classes) << each.name;
  }
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
