#include "tools/generated/judge/minutes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/plan/plan.hpp"
#include "tests/temporary_folder.hpp"
#include "tools/generated/judge/repetition.hpp"
#include "tools/generated/judge/statements.hpp"
#include "tools/generated/switch.hpp"

/// What is kept of whom was asked about mutants.
namespace provlab::mutants {
namespace {

using test::TemporaryFolder;
using ::testing::ElementsAre;
using Answer = Minutes::Answer;

constexpr std::uint64_t kProgram = 7;

class MinutesOf : public ::testing::Test {
 protected:
  Minutes open(std::uint64_t program = kProgram) {
    auto minutes = Minutes::open(file_, program);
    EXPECT_TRUE(minutes);
    return std::move(*minutes);
  }

  TemporaryFolder folder_;
  std::string file_ = folder_.path() + "/minutes";
};

TEST_F(MinutesOf, WhatWasSaidIsKnownAgain) {
  {
    Minutes minutes = open();
    minutes.call({10, 11});
    ASSERT_TRUE(minutes.add("a", std::set<std::uint64_t>{11}));
    minutes.call({10, 12});
    ASSERT_TRUE(minutes.add("a", std::set<std::uint64_t>{12}));
    ASSERT_TRUE(minutes.add("b", std::nullopt));
  }
  const Minutes minutes = open();
  EXPECT_EQ(minutes.answer("a", 10), Answer::silent);
  EXPECT_EQ(minutes.answer("a", 11), Answer::noticed);
  EXPECT_EQ(minutes.answer("a", 12), Answer::noticed);
  EXPECT_EQ(minutes.answer("a", 13), Answer::unknown);
  EXPECT_EQ(minutes.answer("b", 10), Answer::unheard);
  EXPECT_EQ(minutes.answer("b", 11), Answer::unknown);
  EXPECT_EQ(minutes.answer("c", 10), Answer::unknown);
}

TEST_F(MinutesOf, AnotherProgramSaysNothingOfThisOne) {
  {
    Minutes minutes = open();
    minutes.call({10});
    ASSERT_TRUE(minutes.add("a", std::set<std::uint64_t>{10}));
  }
  EXPECT_EQ(open(kProgram + 1).answer("a", 10), Answer::unknown);
}

TEST_F(MinutesOf, ALineThatIsCutShortIsPassedOver) {
  {
    Minutes minutes = open();
    minutes.call({10, 11});
    ASSERT_TRUE(minutes.add("a", std::set<std::uint64_t>{10}));
    ASSERT_TRUE(minutes.add("b", std::set<std::uint64_t>{10}));
  }
  auto content = lab::read_file(file_, lab::kMostReportOctets);
  ASSERT_TRUE(content);
  content->resize(content->size() - 2);
  ASSERT_TRUE(lab::write_file(file_, *content));
  const Minutes minutes = open();
  EXPECT_EQ(minutes.answer("a", 10), Answer::noticed);
  EXPECT_EQ(minutes.answer("b", 10), Answer::unknown);
}

TEST_F(MinutesOf, WhoIsKnownToNoticeIsNotAskedAgain) {
  const Mutant mutant{1, "net/a.cpp:f:constant.1", "core/net/a.cpp", 1, "constant", "", ""};
  const auto covered = [&](bool blind) {
    Library library(1);
    Overlap overlap;
    for (const std::uint64_t identity : {1, 2}) {
      Trial trial;
      trial.name = trial.scenario = identity == 1 ? "sees" : "does not";
      trial.identity = identity;
      trial.passes = [blind, identity](std::string&) { return off(1) || blind || identity == 2; };
      EXPECT_TRUE(library.add(std::move(trial)));
      overlap.add_scenario(identity == 1 ? "sees" : "does not", {}, {});
    }
    Repetition repetition(library, std::move(overlap), open(), 1);
    EXPECT_TRUE(repetition.ask({&mutant}, [](std::size_t, std::size_t) {}));
    std::vector<std::string> names;
    for (const auto& one : repetition.overlap().covered()) names.push_back(one.scenario);
    return names;
  };
  EXPECT_THAT(covered(false), ElementsAre("does not"));
  EXPECT_THAT(covered(true), ElementsAre("does not"));
}

TEST(IdentityOfAScenario, IsThatOfItsTextAndOfTheFilesThatItNames) {
  const TemporaryFolder folder;
  const std::string text = R"(<file path="/a.xml" src="a.xml"/>)";
  const std::uint64_t without = identity_of_scenario(text, folder.path());
  ASSERT_TRUE(lab::write_file(folder.path() + "/a.xml", "one"));
  const std::uint64_t one = identity_of_scenario(text, folder.path());
  ASSERT_TRUE(lab::write_file(folder.path() + "/a.xml", "two"));
  EXPECT_NE(one, without);
  EXPECT_NE(identity_of_scenario(text, folder.path()), one);
  EXPECT_NE(identity_of_scenario(text + ' ', folder.path()),
            identity_of_scenario(text, folder.path()));
}

TEST(Statements, KeepCodesAndLeaveOutMomentsAndPlaces) {
  lab::ScenarioPlan plan;
  lab::ExpectEvent refused;
  refused.event.name = "check_sync_refused";
  for (const auto& [field, value] : {std::pair{"status", "403"},
                                     {"time", "2026-03-01T08:00:00Z"},
                                     {"from", "192.0.2.10:5060"}}) {
    refused.event.fields.emplace_back().field = field;
    refused.event.fields.back().is = value;
  }
  plan.expectations.emplace_back().what = refused;
  EXPECT_THAT(statements_of(plan), ElementsAre("event check_sync_refused from= status=403 time="));
}

}  // namespace
}  // namespace provlab::mutants
