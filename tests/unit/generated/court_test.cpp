#include "tools/generated/judge/court.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tools/generated/judge/account.hpp"
#include "tools/generated/switch.hpp"

/// The judge, with a core of a few functions: each trial says what it asks of it.
namespace provlab::mutants {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::size_t kMutants = 9;

Mutant mutant(Number number, const std::string& function = "f") {
  return {number,
          "net/a.cpp:" + function + ":relation." + std::to_string(number),
          "core/net/a.cpp",
          7,
          "relation",
          "< becomes <=",
          "if (a < b) return;"};
}

Trial trial(const std::string& name, std::function<bool()> passes) {
  Trial trial;
  trial.name = name;
  trial.scenario = name;
  trial.rules = {"2.1"};
  trial.passes = [passes = std::move(passes)](std::string&) { return passes(); };
  return trial;
}

Trial exploration(const std::string& name, std::function<bool()> passes) {
  Trial made = trial(name, std::move(passes));
  made.kind = Kind::exploration;
  return made;
}

std::map<std::string, Verdict> judged(const Library& library, const std::vector<Mutant>& mutants) {
  std::vector<const Mutant*> all;
  for (const Mutant& one : mutants) all.push_back(&one);
  std::map<std::string, Verdict> verdicts;
  Court(library, 2).judge(all, [&](const Mutant& one, const Verdict& verdict) {
    verdicts[one.id] = verdict;
  });
  return verdicts;
}

Verdict judged(const Library& library, const Mutant& one) {
  return judged(library, std::vector{one}).begin()->second;
}

TEST(Court, NamesTheRunThatNoticesAMutant) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("blind", [] { return less(1, 1, 2); })));
  ASSERT_TRUE(library.add(trial("edge", [] { return !less(1, 2, 2); })));
  const Verdict verdict = judged(library, mutant(1));
  EXPECT_EQ(verdict.ending.end, End::scenario);
  EXPECT_EQ(verdict.ending.by, "edge");
  EXPECT_EQ(verdict.reaching, 2);
}

TEST(Court, LetsAMutantSurviveThatNoRunNotices) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("blind", [] { return less(1, 1, 2); })));
  EXPECT_EQ(judged(library, mutant(1)).ending.end, End::survived);
}

TEST(Court, PlaysOnlyRunsThatReachTheMutant) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("elsewhere", [] { return active != 1 && off(2); })));
  ASSERT_TRUE(library.add(trial("there", [] { return on(1) || true; })));
  const Verdict verdict = judged(library, mutant(1));
  EXPECT_EQ(verdict.ending.end, End::survived);
  EXPECT_EQ(verdict.ending.runs, 1U);
}

TEST(Court, AsksExplorationsOnlyOfWhatRunsLeave) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("run", [] { return off(1) && (on(2) || true); })));
  ASSERT_TRUE(
      library.add_explorations({exploration("orders", [] { return off(1) && off(2); })}, 2));
  EXPECT_EQ(judged(library, mutant(1)).ending.end, End::scenario);
  const Verdict verdict = judged(library, mutant(2));
  EXPECT_EQ(verdict.ending.end, End::exploration);
  EXPECT_EQ(verdict.ending.by, "orders");
}

TEST(Court, EndsAMutantThatDoesNotEnd) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("loop", [] {
    volatile int turns = 0;
    while (on(1)) turns = turns + 1;
    return true;
  })));
  const Verdict verdict = judged(library, mutant(1));
  EXPECT_EQ(verdict.ending.end, End::limit);
  EXPECT_EQ(verdict.ending.by, "loop");
}

TEST(Court, CountsACrashAsNoticed) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("abort", [] {
    if (on(1)) std::abort();
    return true;
  })));
  EXPECT_EQ(judged(library, mutant(1)).ending.end, End::crash);
}

TEST(Court, CountsAnExceptionAsNoticed) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("throw", [] {
    if (on(1)) throw std::runtime_error("broken");
    return true;
  })));
  EXPECT_EQ(judged(library, mutant(1)).ending.end, End::scenario);
}

TEST(Court, HearsAllWhereThatIsAskedAlsoAfterACrash) {
  Library library(kMutants);
  ASSERT_TRUE(library.add(trial("notices", [] { return off(1); })));
  ASSERT_TRUE(library.add(trial("aborts", [] {
    if (on(1)) std::abort();
    return true;
  })));
  ASSERT_TRUE(library.add(trial("passes", [] { return off(1) || true; })));
  ASSERT_TRUE(library.add(trial("notices too", [] { return off(1); })));
  std::vector<std::string> names;
  const Mutant one = mutant(1);
  const Summons everyone = [&](const Mutant&, const Noticed&) {
    std::vector<const Trial*> trials;
    for (const Trial& run : library.runs()) trials.push_back(&run);
    return trials;
  };
  Court(everyone, 2, Hearing::all).judge({&one}, [&](const Mutant&, const Verdict& verdict) {
    EXPECT_TRUE(verdict.heard_out);
    for (const Trial* objector : verdict.objectors) names.push_back(objector->name);
  });
  EXPECT_THAT(names, ElementsAre("notices", "aborts", "notices too"));
}

TEST(Court, GivesUpAMutantThatEndsMostRuns) {
  Library library(kMutants);
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(library.add(trial("aborts " + std::to_string(i), [] {
      if (on(1)) std::abort();
      return true;
    })));
  }
  const Mutant one = mutant(1);
  const Summons everyone = [&](const Mutant& asked, const Noticed& noticed) {
    return trials_of(library, asked, noticed);
  };
  Court(everyone, 1, Hearing::all).judge({&one}, [&](const Mutant&, const Verdict& verdict) {
    EXPECT_FALSE(verdict.heard_out);
    EXPECT_EQ(verdict.objectors.size(), 5U);
  });
}

TEST(Court, LeavesNothingOfOneMutantToTheNext) {
  Library library(kMutants);
  int state = 0;
  ASSERT_TRUE(library.add(trial("state", [&] {
    if (on(1)) state = 1;
    return (on(2) || true) && state == 0;
  })));
  const auto verdicts = judged(library, {mutant(1), mutant(2)});
  EXPECT_EQ(verdicts.at(mutant(1).id).ending.end, End::scenario);
  EXPECT_EQ(verdicts.at(mutant(2).id).ending.end, End::survived);
}

TEST(Court, AsksAFreshProcessOfWhatIsMadeOnce) {
  Library library(kMutants);
  bool made = false;
  ASSERT_TRUE(library.add(trial("table", [&] { return std::exchange(made, true) || off(1); })));
  Trial fresh = trial("fresh", {});
  fresh.kind = Kind::fresh;
  fresh.passes = [](std::string& by) {
    by = "the run that objects";
    return off(1);
  };
  library.add_fresh(fresh);
  const Verdict verdict = judged(library, mutant(1));
  EXPECT_EQ(verdict.ending.end, End::scenario);
  EXPECT_EQ(verdict.ending.by, "the run that objects");
  EXPECT_EQ(judged(library, mutant(2)).ending.runs, 0U);
}

TEST(Library, RefusesATrialThatDoesNotPass) {
  Library library(kMutants);
  EXPECT_FALSE(library.add(trial("broken", [] { return false; })));
}

TEST(Library, PlaysExplorationsInProcessesOfTheirOwn) {
  Library library(kMutants);
  int played = 0;
  ASSERT_TRUE(library.add_explorations({exploration("one", [&] { return ++played == 1 && off(2); }),
                                        exploration("two", [&] { return ++played == 1 && off(3); }),
                                        exploration("three", [] { return off(3) && off(4); })},
                                       2));
  EXPECT_EQ(played, 0);
  ASSERT_EQ(library.explorations().size(), 3U);
  for (const Trial& trial : library.explorations()) {
    EXPECT_EQ(trial.reach[2], trial.scenario == "one");
    EXPECT_EQ(trial.places, trial.scenario == "three" ? 2U : 1U);
  }
  EXPECT_EQ(reached[3], 0);
  EXPECT_FALSE(library.add_explorations({exploration("broken", [] { return false; })}, 2));
  EXPECT_FALSE(library.add_explorations({exploration("crash", []() -> bool { std::abort(); })}, 2));
}

TEST(Library, KnowsWhatAProcessMakesOnce) {
  Library library(kMutants);
  bool made = false;
  ASSERT_TRUE(library.add(trial("table", [&] {
    if (!std::exchange(made, true)) return off(1);
    return off(2);
  })));
  EXPECT_TRUE(library.only_once(1));
  EXPECT_FALSE(library.only_once(2));
  EXPECT_FALSE(library.only_once(3));
}

class AccountOf : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(library_.add(trial("near", [] { return off(1); })));
    ASSERT_TRUE(library_.add(trial("far", [] { return off(1) && off(2) && off(3); })));
  }

  Library library_{kMutants};
  Remarks remarks_;
};

TEST_F(AccountOf, SurvivorsNamesLineAndNearestScenarios) {
  Account account(library_, remarks_);
  account.add(mutant(1), {});
  EXPECT_EQ(account.survived(), 1);
  EXPECT_THAT(account.survivors(), HasSubstr("core/net/a.cpp:7: if (a < b) return;"));
  EXPECT_THAT(account.survivors(), HasSubstr("2 runs get there, nearest: near, far"));
}

TEST_F(AccountOf, AMutantThatNothingReachesSaysSo) {
  Account account(library_, remarks_);
  account.add(mutant(5), {});
  EXPECT_THAT(account.survivors(), HasSubstr("no scenario gets there"));
}

TEST_F(AccountOf, AnArguedEquivalentIsNoSurvivor) {
  remarks_.equivalents = {{mutant(1).id, mutant(1).text, "both are the same", "e:3"}};
  Account account(library_, remarks_);
  account.add(mutant(1), {});
  EXPECT_EQ(account.survived(), 0);
  EXPECT_THAT(account.complaints(), IsEmpty());
}

TEST_F(AccountOf, AnEquivalentWhoseLineChangedIsTold) {
  remarks_.equivalents = {{mutant(1).id, "if (a < c) return;", "both are the same", "e:3"}};
  Account account(library_, remarks_);
  account.add(mutant(1), {});
  EXPECT_EQ(account.survived(), 1);
  EXPECT_THAT(account.complaints(), HasSubstr("e:3: the source line of"));
}

TEST_F(AccountOf, AnEquivalentThatIsNoMutantIsTold) {
  remarks_.equivalents = {{mutant(1).id, mutant(1).text, "both are the same", "e:3"},
                          {"net/b.cpp:g:relation.1", "return a < b;", "both are the same", "e:4"}};
  Account account(library_, remarks_);
  account.know({mutant(1)});
  EXPECT_EQ(account.complaints(), "e:4: no mutant is named net/b.cpp:g:relation.1\n");
}

TEST_F(AccountOf, AnEquivalentThatIsNoticedIsTold) {
  remarks_.equivalents = {{mutant(1).id, mutant(1).text, "both are the same", "e:3"}};
  Account account(library_, remarks_);
  Verdict verdict;
  verdict.ending = {End::scenario, "near", nullptr, 1};
  account.add(mutant(1), verdict);
  EXPECT_THAT(account.complaints(), HasSubstr("is noticed by near"));
}

TEST_F(AccountOf, ASurvivorOfWhichSomebodySaidWhyComesLast) {
  remarks_.survivors = {{mutant(1).id, mutant(1).text, "no word says it", "s:2"}};
  Account account(library_, remarks_);
  Verdict by_test;
  by_test.ending = {End::test, "test_net Url.Parses", nullptr, 1};
  account.add(mutant(1), {});
  account.add(mutant(2), {}, &by_test);
  account.add(mutant(3), {});
  EXPECT_EQ(account.survived(), 1);
  EXPECT_THAT(account.complaints(), IsEmpty());
  const std::string said = account.survivors();
  EXPECT_LT(said.find(mutant(3).id), said.find(mutant(2).id));
  EXPECT_LT(said.find(mutant(2).id), said.find(mutant(1).id));
  EXPECT_THAT(said, HasSubstr("  explained: no word says it\n"));
  EXPECT_THAT(account.tables(), HasSubstr("          0         1        1\n"));
}

TEST_F(AccountOf, ASurvivorThatIsNoticedOrHasAnotherLineIsTold) {
  remarks_.survivors = {{mutant(1).id, mutant(1).text, "no word says it", "s:2"},
                        {mutant(2).id, "if (a < c) return;", "no word says it", "s:3"},
                        {mutant(3).id, mutant(3).text, "no word says it", "s:4"}};
  Account account(library_, remarks_);
  Verdict verdict;
  verdict.ending = {End::scenario, "near", nullptr, 1};
  Verdict by_test;
  by_test.ending = {End::test, "test_net Url.Parses", nullptr, 1};
  account.add(mutant(1), verdict);
  account.add(mutant(2), {});
  account.add(mutant(3), {}, &by_test);
  EXPECT_EQ(account.survived(), 1);
  EXPECT_EQ(account.complaints(), "s:2: " + mutant(1).id +
                                      " is noticed by near\ns:3: the source line of " +
                                      mutant(2).id + " has changed: " + mutant(2).text + "\n");
}

TEST_F(AccountOf, AMutantWhoseBehaviourIsUndefinedMayBeNoticed) {
  remarks_.survivors = {{mutant(1).id, mutant(1).text, "undefined: reads behind a text", "s:2"},
                        {mutant(2).id, mutant(2).text, "undefined: reads behind a text", "s:3"}};
  Account account(library_, remarks_);
  Verdict verdict;
  verdict.ending = {End::crash, "near", nullptr, 1};
  account.add(mutant(1), verdict);
  account.add(mutant(2), {});
  EXPECT_EQ(account.survived(), 0);
  EXPECT_THAT(account.complaints(), IsEmpty());
}

TEST_F(AccountOf, AMutantThatIsSpokenOfTwiceIsTold) {
  remarks_.equivalents = {{mutant(1).id, mutant(1).text, "both are the same", "e:3"}};
  remarks_.survivors = {{mutant(1).id, mutant(1).text, "no word says it", "s:2"}};
  Account account(library_, remarks_);
  account.know({mutant(1)});
  EXPECT_EQ(account.complaints(), "s:2: " + mutant(1).id + " has been spoken of at e:3\n");
}

TEST_F(AccountOf, WhatTestsNoticeIsNoSurvivorButTold) {
  remarks_.equivalents = {{mutant(2).id, mutant(2).text, "both are the same", "e:3"}};
  Account account(library_, remarks_);
  Verdict by_test;
  by_test.ending = {End::test, "test_net Url.Parses", nullptr, 1};
  const Verdict by_none;
  account.add(mutant(1), {}, &by_test);
  account.add(mutant(2), {}, &by_test);
  account.add(mutant(3), {}, &by_none);
  EXPECT_EQ(account.survived(), 1);
  EXPECT_THAT(account.survivors(), HasSubstr("BY TESTS " + mutant(1).id));
  EXPECT_THAT(account.survivors(), HasSubstr("; a test notices: test_net Url.Parses"));
  EXPECT_THAT(account.survivors(), HasSubstr("SURVIVED " + mutant(3).id));
  EXPECT_THAT(account.complaints(), HasSubstr("is noticed by test_net Url.Parses"));
  EXPECT_THAT(account.tables(), HasSubstr("0.0 %      2    66.7 %"));
}

TEST_F(AccountOf, TablesCountByRoomKindAndRule) {
  Account account(library_, remarks_);
  Verdict verdict;
  verdict.ending = {End::scenario, "near", nullptr, 1};
  account.add(mutant(1), verdict);
  account.add(mutant(2), {});
  EXPECT_THAT(account.tables(), HasSubstr("core/net"));
  EXPECT_THAT(account.tables(), HasSubstr("relation"));
  EXPECT_THAT(account.tables(), HasSubstr("2.1"));
  EXPECT_THAT(account.tables(), HasSubstr("50.0 %"));
}

}  // namespace
}  // namespace provlab::mutants
