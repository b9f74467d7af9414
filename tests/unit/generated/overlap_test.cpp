#include "tools/generated/judge/overlap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/generated/judge/repetition.hpp"
#include "tools/generated/switch.hpp"

/// Scenarios that only repeat what another one notices.
namespace provlab::mutants {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<Overlap::Covered>& covered) {
  std::vector<std::string> all;
  for (const Overlap::Covered& one : covered) all.push_back(one.scenario);
  return all;
}

TEST(Overlap, AScenarioIsCoveredByOneThatNoticesMore) {
  Overlap overlap;
  for (const char* name : {"narrow", "wide", "other"}) overlap.add_scenario(name, {"2.1"}, {});
  overlap.add("a", {"narrow", "wide"});
  overlap.add("b", {"wide"});
  overlap.add("c", {"other"});
  ASSERT_THAT(names(overlap.covered()), ElementsAre("narrow"));
  EXPECT_THAT(overlap.covered().front().by, ElementsAre("wide"));
  EXPECT_EQ(overlap.covered().front().noticed, 1U);
}

TEST(Overlap, NobodyIsCoveredByTwoTogether) {
  Overlap overlap;
  for (const char* name : {"both", "one", "two"}) overlap.add_scenario(name, {}, {});
  overlap.add("a", {"both", "one"});
  overlap.add("b", {"both", "two"});
  overlap.add("c", {"one"});
  overlap.add("d", {"two"});
  EXPECT_THAT(overlap.covered(), IsEmpty());
}

TEST(Overlap, ARuleThatTheOtherIsNotAboutIsOnesOwn) {
  Overlap overlap;
  overlap.add_scenario("narrow", {"2.1", "2.4"}, {});
  overlap.add_scenario("wide", {"2.1"}, {});
  overlap.add("a", {"narrow", "wide"});
  overlap.add("b", {"wide"});
  EXPECT_THAT(overlap.covered(), IsEmpty());
  overlap.add_scenario("wide", {"2.4", "2.5"}, {});  // another variant
  EXPECT_THAT(names(overlap.covered()), ElementsAre("narrow"));
}

TEST(Overlap, BothOfTwoAlikeAreTold) {
  Overlap overlap;
  overlap.add_scenario("one", {"2.1"}, {});
  overlap.add_scenario("two", {"2.1"}, {});
  overlap.add("a", {"one", "two"});
  EXPECT_THAT(names(overlap.covered()), ElementsAre("one", "two"));
}

TEST(Overlap, WhatTheOtherDoesNotStateIsOnesOwn) {
  Overlap overlap;
  overlap.add_scenario("narrow", {}, {"result no-url", "setting /time/timezone"});
  overlap.add_scenario("wide", {}, {"result no-url"});
  overlap.add_scenario("apart", {}, {"winner dhcp"});
  overlap.add("a", {"narrow", "wide", "apart"});
  EXPECT_THAT(names(overlap.covered()), ElementsAre("wide"));
  EXPECT_THAT(overlap.suspects(), ElementsAre("narrow", "wide"));
}

TEST(Overlap, WhoNoticesNothingIsCovered) {
  Overlap overlap;
  overlap.add_scenario("blind", {}, {});
  overlap.add_scenario("sees", {}, {});
  overlap.add("a", {"sees", "unknown"});
  EXPECT_THAT(names(overlap.covered()), ElementsAre("blind"));
}

TEST(Overlap, AReasonThatIsTrueNoMoreIsTold) {
  Overlap overlap;
  for (const char* name : {"narrow", "wide", "other"}) overlap.add_scenario(name, {}, {});
  overlap.add("a", {"narrow", "wide"});
  overlap.add("b", {"wide"});
  overlap.add("c", {"other"});
  const Remark holds{"narrow", "wide", "the tutorial", "list:1"};
  const Remark stale{"narrow", "other", "the tutorial", "list:2"};
  const OverlapReport silent = report_of(overlap, {holds});
  EXPECT_EQ(silent.unspoken, 0U);
  EXPECT_THAT(silent.text, HasSubstr("1 of 3 scenarios notice nothing of 3 mutants"));
  EXPECT_THAT(report_of(overlap, {holds, stale}).text,
              HasSubstr("list:2: narrow is not covered by other any more"));
  const Remark other{"narrow", "other", "a reason for another one", "list:3"};
  EXPECT_EQ(report_of(overlap, {other}).unspoken, 1U);
  const Remark family{"nar*", "w*", "one reason for all of a family", "list:4"};
  EXPECT_EQ(report_of(overlap, {family}).unspoken, 0U);
  const OverlapReport told = report_of(overlap, {});
  EXPECT_EQ(told.unspoken, 1U);
  EXPECT_THAT(told.text, HasSubstr("wide"));
}

TEST(Overlap, WhatAListSaysCounts) {
  Overlap overlap;
  overlap.add_scenario("one", {}, {});
  overlap.add_scenario("two", {}, {});
  overlap.add("a", {"one", "two"});
  ASSERT_TRUE(overlap.add_list("2.10/x\tone\n2.10/y\ttwo\n", "list"));
  EXPECT_THAT(overlap.covered(), IsEmpty());
  EXPECT_EQ(overlap.mutants(), 3U);
  const auto wrong = overlap.add_list("2.10/x\tone\nnonsense\n", "list");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().to_string(), HasSubstr("list:2"));
}

TEST(Repetition, AsksTheCoveredOnUntilOneNoticesWhatNobodyElseDoes) {
  constexpr std::size_t kMutants = 600;
  Library library(kMutants);
  const auto add = [&library](const std::string& name, Number first, Number last) {
    Trial trial;
    trial.name = trial.scenario = name;
    trial.identity = first;
    trial.passes = [first, last](std::string&) {
      bool passes = true;
      for (Number number = first; number <= last; ++number) passes = off(number) && passes;
      return passes;
    };
    ASSERT_TRUE(library.add(std::move(trial)));
  };
  add("wide", 1, 599);
  add("narrow", 2, 300);
  add("own", 300, 600);
  std::vector<Mutant> mutants;
  for (Number number = 1; number <= kMutants; ++number) {
    mutants.push_back({number, "net/a.cpp:f:constant." + std::to_string(number), "core/net/a.cpp",
                       1, "constant", "1 becomes larger by one", "return 1;"});
  }
  Overlap overlap;
  for (const Trial& run : library.runs())
    overlap.add_scenario(run.scenario, run.rules, run.statements);
  Repetition repetition(library, std::move(overlap), Minutes(), 2);
  std::vector<std::size_t> counts;
  std::vector<const Mutant*> all;
  for (const Mutant& one : mutants) all.push_back(&one);
  ASSERT_TRUE(
      repetition.ask(all, [&](std::size_t asked, std::size_t) { counts.push_back(asked); }));
  EXPECT_THAT(counts, ElementsAre(250, 500, 600));
  ASSERT_THAT(names(repetition.overlap().covered()), ElementsAre("narrow"));
  EXPECT_THAT(repetition.overlap().covered().front().by, ElementsAre("wide"));
}

}  // namespace
}  // namespace provlab::mutants
