#include "sim/lab/soak/soak.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sim/lab/language/load.hpp"
#include "sim/lab/markup/scenario_text.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/soak/swarm.hpp"

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Swarm, MakesValidScenarios) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const PlanResult plan = compile_scenario(swarm_scenario(seed, "swarm"), "swarm.xml");
    ASSERT_TRUE(plan) << seed << ": " << plan.error().front().to_string() << "\n"
                      << swarm_scenario(seed, "swarm");
  }
}

TEST(Swarm, TakesPartOfEverything) {
  std::map<std::string, unsigned> seen;
  constexpr unsigned kSeeds = 1000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const std::string text = swarm_scenario(seed, "swarm");
    for (const char* part : {"<redirect ",
                             "<multicast ",
                             "code=\"66\"",
                             "code=\"43\"",
                             "file=\"",
                             "/provisioning/url",
                             "<referencedSettings",
                             "<operations",
                             "patch=\"false\"",
                             "<check-sync",
                             "<unplug",
                             "<stop",
                             "<upload",
                             "<restore",
                             "<lose",
                             "<raw ",
                             "kiss=",
                             "jitter=",
                             "sequence=",
                             "D100",
                             "1.10A",
                             "execution/time",
                             "pbx2",
                             "address=\"192.0.2.50\""}) {
      if (text.find(part) != std::string::npos) ++seen[part];
    }
    if (text.find(" tls=") != std::string::npos) ++seen["tls"];
  }
  EXPECT_EQ(seen.size(), 25U);
  for (const auto& [part, count] : seen) {
    EXPECT_GE(count, kSeeds / 100) << part;
    EXPECT_LE(count, kSeeds * 9 / 10) << part;
  }
  EXPECT_LE(seen["tls"], kSeeds / 20);
}

TEST(Swarm, IsTheSameForTheSameSeed) {
  EXPECT_EQ(swarm_scenario(7, "a"), swarm_scenario(7, "a"));
  EXPECT_NE(swarm_scenario(7, "a"), swarm_scenario(8, "a"));
}

TEST(Soak, ComesToTheSameWithAnyNumberOfThreads) {
  const auto summary = [](unsigned jobs) {
    SoakOptions options;
    options.seed = 100;
    options.runs = 300;
    options.jobs = jobs;
    return soak(options, {});
  };
  const SoakSummary one = summary(1);
  const SoakSummary three = summary(3);
  EXPECT_EQ(one.runs, 300U);
  EXPECT_TRUE(one.failures.empty());
  EXPECT_EQ(one.under_faults, three.under_faults);
  EXPECT_EQ(one.in_order, three.in_order);
  EXPECT_EQ(one.outcomes, three.outcomes);
  EXPECT_EQ(one.sightings, three.sightings);
  EXPECT_EQ(one.tls, three.tls);
}

TEST(Soak, EndsWhenItIsEnough) {
  SoakOptions options;
  unsigned batches = 0;
  options.enough = [&] { return batches == 2; };
  const SoakSummary summary = soak(options, [&](const SoakSummary&) { ++batches; });
  EXPECT_EQ(summary.runs, 512U);
}

TEST(Soak, TellsAScenarioThatIsNone) {
  const SoakRun run = soak_scenario("<scenario name=\"x\"/>", "x.xml", false);
  ASSERT_TRUE(run.failure);
  EXPECT_EQ(run.failure->kind, "invalid");
}

/// A fault of the first phase that goes on for ever, beside others that do not matter.
std::string with_a_lasting_fault() {
  pugi::xml_document document = scenario_tree(swarm_scenario(3, "swarm"));
  pugi::xml_node responders = document.document_element().child("responders");
  pugi::xml_node on = responders.child("ntp").prepend_child("on");
  on.append_attribute("until") = "10h";
  on.append_child("nothing");
  for (auto other = on.next_sibling(); other; other = on.next_sibling()) {
    responders.child("ntp").remove_child(other);
  }
  return scenario_text(document);
}

TEST(Soak, ShrinksToWhatKeepsThePhoneFromRecovering) {
  const std::string whole = with_a_lasting_fault();
  const SoakRun run = soak_scenario(whole, "swarm", false);
  ASSERT_TRUE(run.failure);
  EXPECT_EQ(run.failure->kind, "recovery");
  EXPECT_THAT(run.failure->detail, HasSubstr("no-valid-time"));
  const std::string small = shrunk_scenario(whole, "recovery");
  EXPECT_LT(small.size(), whole.size());
  EXPECT_THAT(small, HasSubstr("<on until=\"10h\">"));
  EXPECT_THAT(small, Not(HasSubstr("<lose")));
  EXPECT_THAT(small, HasSubstr("<press "));
  const SoakRun again = soak_scenario(small, "swarm", false);
  ASSERT_TRUE(again.failure);
  EXPECT_EQ(again.failure->kind, "recovery");
}

TEST(Soak, LeavesTheFaultsOutOfWhatFailsWithoutThem) {
  pugi::xml_document document = scenario_tree(swarm_scenario(3, "swarm"));
  pugi::xml_node responders = document.document_element().child("responders");
  responders.remove_child("ntp");
  const std::string small = shrunk_scenario(scenario_text(document), "recovery");
  EXPECT_THAT(small, Not(HasSubstr("until=")));
  EXPECT_TRUE(soak_scenario(small, "swarm", false).failure);
}

TEST(Soak, WritesAScenarioThatSaysWhereItIsFrom) {
  FailureRow row{{"recovery", "it did not"}, 5, 1};
  const std::string text = failing_scenario(row, "soak-recovery-5", "abc123");
  EXPECT_THAT(text, HasSubstr("name=\"soak-recovery-5\""));
  EXPECT_THAT(text, HasSubstr("seed 5 in revision abc123"));
  EXPECT_TRUE(compile_scenario(text, "x.xml"));
}

}  // namespace
}  // namespace provlab::lab
