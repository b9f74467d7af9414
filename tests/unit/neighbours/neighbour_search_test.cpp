#include "sim/lab/neighbours/neighbour_search.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "sim/lab/neighbours/failed_runs.hpp"
#include "sim/lab/pages/pages.hpp"
#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "tests/unit/lab/suite_fixture.hpp"
#include "tests/unit/neighbours/passing.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kOtherExpected = changed(kScenario, "is=\"first-answer\"", "is=\"redirect\"");

BaseRun base_of(const std::string& text, std::string_view variant) {
  const auto plan = plan_of(text);
  return {.plan = plan, .variant = *plan->variant(variant), .seed = plan->seed};
}

NeighbourOptions one_step() {
  NeighbourOptions options;
  options.steps = 1;
  return options;
}

TEST(NeighbourSearch, SaysWhatWouldHaveLetARunPass) {
  const BaseRun base = base_of(kOtherExpected, "m-then-r");
  EXPECT_FALSE(passes(base, {}));
  const WhatIf found = search_neighbours(base, {});
  ASSERT_TRUE(found.nearest);
  EXPECT_THAT(found.nearest->words,
              AllOf(StartsWith("had the NOTIFY of pbx at "), HasSubstr(" come right behind the redirect service's answer of cloud at "),
                    HasSubstr(", the redirect service would have won")));
  EXPECT_TRUE(found.whole);
  EXPECT_TRUE(passes(base, *parse_mishaps(found.nearest->token)));
}

TEST(NeighbourSearch, IsTheSameForEveryNumberOfJobs) {
  const BaseRun base = base_of(kOtherExpected, "m-then-r");
  NeighbourOptions one, three;
  one.jobs = 1;
  three.jobs = 3;
  one.budget = three.budget = 100;
  const WhatIf a = search_neighbours(base, one);
  const WhatIf b = search_neighbours(base, three);
  EXPECT_EQ(a.runs, b.runs);
  EXPECT_FALSE(a.whole);
  EXPECT_EQ(what_if_lines(a), what_if_lines(b));
  ASSERT_EQ(a.outcomes.size(), b.outcomes.size());
  for (std::size_t i = 0; i < a.outcomes.size(); ++i) {
    EXPECT_EQ(a.outcomes[i].words, b.outcomes[i].words);
    EXPECT_EQ(a.outcomes[i].last, b.outcomes[i].last);
  }
}

TEST(NeighbourSearch, TellsThatNothingPasses) {
  const std::string never = expecting("<result is=\"provisioned\"/><winner is=\"multicast\"/>");
  const WhatIf found = search_neighbours(base_of(never, ""), one_step());
  EXPECT_FALSE(found.nearest);
  EXPECT_EQ(found.no_return(), nullptr);
  EXPECT_THAT(what_if_lines(found).front(), StartsWith("nearest:  none passes in "));
}

/// Two answers are too early, so that two packets are in the way.
TEST(NeighbourSearch, TakesTwoPacketsWhereOneIsNotEnough) {
  std::string text =
      changed(kOtherExpected, "<host id=\"cloud\"", R"(<host id="pbx2" address="192.0.2.11"/>
    <host id="cloud")");
  text = changed(
      text, "<http host=",
      R"(<multicast host="pbx2"><notify id="n" url="http://prov.server.com/b.xml"/></multicast>
    <http host=)");
  text = changed(text, "<answer ref=\"m\"/>", "<answer ref=\"m\"/><answer ref=\"n\"/>");
  const BaseRun base = base_of(text, "m-then-n-then-r");
  NeighbourOptions options;
  options.budget = 2'500;
  const WhatIf found = search_neighbours(base, options);
  ASSERT_TRUE(found.nearest);
  const Mishaps nearest = *parse_mishaps(found.nearest->token);
  EXPECT_EQ(nearest.size(), 2U);
  EXPECT_EQ(found.steps, 2U);
  EXPECT_TRUE(passes(base, nearest));
  for (const auto& [packet, mishap] : nearest) {
    if (mishap.kind != Mishap::Kind::later) continue;
    Mishaps less = nearest;
    if ((less[packet].by -= Duration(1)) == Duration::zero()) less.erase(packet);
    EXPECT_FALSE(passes(base, less)) << mishap_token(less);
  }
}

/// What could be reached ends with the packet that decides.
TEST(NeighbourSearch, KnowsThePointOfNoReturn) {
  const BaseRun base = base_of(kOtherExpected, "m-then-r");
  const WhatIf found = search_neighbours(base, one_step());
  const ReachableOutcome* last = found.no_return();
  ASSERT_NE(last, nullptr);
  EXPECT_THAT(last->last_packet, StartsWith("the NOTIFY of pbx at "));
  const PlayedNeighbour natural = play_neighbour(base, {});
  const auto& packets = natural.arrivals;
  const auto decisive = std::ranges::find_if(packets, [&](const MishapMaker::Arrival& each) {
    return each.at.time_since_epoch() == last->until;
  });
  // Whatever happens to a later packet, it does not pass.
  for (auto each = decisive + 1; each != packets.end(); ++each) {
    const auto number = static_cast<std::size_t>(each - packets.begin()) + 1;
    for (const auto kind : {Mishap::Kind::lost, Mishap::Kind::twice, Mishap::Kind::swapped}) {
      EXPECT_FALSE(passes(base, {{number, {kind}}})) << number;
    }
    for (const Duration by : {Duration(1ns), Duration(1ms), Duration(50ms), Duration(3s)}) {
      EXPECT_FALSE(passes(base, {{number, {Mishap::Kind::later, by}}})) << number;
    }
  }
}

using FailedRuns = SuiteFixture;

TEST_F(FailedRuns, AreExplainedAndOthersAreNot) {
  write("c.xml", changed(kOtherExpected, "name=\"sample\"", "name=\"cherry\""));
  SuiteReport suite = run();
  FailuresOptions options;
  options.search = one_step();
  EXPECT_EQ(explain_failures(suite, options), 0U);
  for (const RunReport& run : suite.runs) {
    EXPECT_EQ(run.what_if.has_value(), run.verdict.outcome == Outcome::failed) << run.title();
    if (run.scenario == "cherry" && run.variant == "m-then-r") {
      ASSERT_TRUE(run.what_if && run.what_if->nearest);
      RunnerOptions again;
      again.filters = {"cherry"};
      again.variants = {"m-then-r"};
      again.mishaps = *parse_mishaps(run.what_if->nearest->token);
      const SuiteReport replayed = this->run(again);
      ASSERT_EQ(replayed.runs.size(), 1U);
      EXPECT_EQ(replayed.runs[0].verdict.outcome, Outcome::passed);
      EXPECT_THAT(replayed.runs[0].repeat(), HasSubstr("--token " + run.what_if->nearest->token));
    }
  }
}

TEST_F(FailedRuns, KeepInJsonWhatWouldHaveChangedThem) {
  write("c.xml", changed(kOtherExpected, "name=\"sample\"", "name=\"cherry\""));
  RunnerOptions chosen;
  chosen.filters = {"cherry"};
  chosen.variants = {"m-then-r"};
  chosen.details = Details::all;
  SuiteReport suite = run(chosen);
  FailuresOptions options;
  options.search = one_step();
  explain_failures(suite, options);
  const auto read = read_json_report(json_report(suite, Details::all), "report.json");
  ASSERT_TRUE(read) << read.error().to_string();
  const std::optional<WhatIf>& before = suite.runs.at(0).what_if;
  const std::optional<WhatIf>& after = read->runs.at(0).what_if;
  ASSERT_TRUE(before && after);
  EXPECT_EQ(what_if_lines(*after), what_if_lines(*before));
  ASSERT_EQ(after->outcomes.size(), before->outcomes.size());
  EXPECT_EQ(after->outcomes.back().words, before->outcomes.back().words);
  EXPECT_EQ(json_report(*read, Details::all), json_report(suite, Details::all));
  const std::string page = run_page(read->runs.at(0), ".", nullptr);
  EXPECT_THAT(page, AllOf(HasSubstr("The nearest run that passes: </b>had the NOTIFY of pbx"),
                          HasSubstr("⚑ too late to pass"), HasSubstr("class=\"reach own\""),
                          HasSubstr("class=\"reach good\"")));
}

TEST_F(FailedRuns, ATokenThatDoesNotComeAboutIsNoVerdict) {
  RunnerOptions options;
  options.filters = {"apple"};
  options.variants = {"r-then-m"};
  options.mishaps = {{9'999, {Mishap::Kind::lost}}};
  const SuiteReport suite = run(options);
  ASSERT_EQ(suite.runs.size(), 1U);
  EXPECT_EQ(suite.runs[0].verdict.outcome, Outcome::broken);
  EXPECT_THAT(suite.runs[0].verdict.reason, HasSubstr("not everything in its token came about"));
}

}  // namespace
}  // namespace provlab::lab
