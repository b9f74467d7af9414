#include "tools/generated/judge/witnesses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "tests/temporary_folder.hpp"
#include "tools/generated/judge/call.hpp"
#include "tools/generated/judge/court.hpp"
#include "tools/generated/switch.hpp"

/// Test programs as judges. The programs are scripts, which do as those with the main of
/// tests/generated/witness_main.cpp do.
namespace provlab::mutants {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kMostReached = 9;

class WitnessesOf : public ::testing::Test {
 protected:
  /// A program with a test that reaches 2 to 4 and 7 and fails where 3 or 4 is on, and one that
  /// reaches 7.
  std::string program(const std::string& name = "test_net") {
    const std::string path = folder_ / name;
    write(path, R"(#!/bin/bash
if [[ $1 == --record ]]; then
  echo recorded >>"$0.calls"
  printf 'Url.Parses\t1500\t2-4 7\nUrl.Writes\t20\t7\n' >"$2"
  exit
fi
while read -r test; do
  echo "$test" >&"$3"
  [[ $test == Url.Parses && $PROVLAB_MUTANT == [34] ]] && exit 1
done <"$2"
exit 0
)");
    return path;
  }
  void write(const std::string& path, const std::string& text) {
    ASSERT_TRUE(lab::write_file(path, text));
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  Verdict judged(Witnesses& witnesses, Number number) {
    const Mutant mutant{number, "net/a.cpp:f:constant.1", "core/net/a.cpp", 1, "constant", "", ""};
    Verdict told;
    Court court([&](const Mutant& one,
                    const Noticed& noticed) { return witnesses.trials_for(one, noticed); },
                2);
    court.judge({&mutant}, [&](const Mutant&, const Verdict& verdict) { told = verdict; });
    return told;
  }

  test::TemporaryFolder folder_;
};

TEST_F(WitnessesOf, ATestThatFailsNoticesTheMutant) {
  auto witnesses = Witnesses::load({program()}, kMostReached, 1);
  ASSERT_TRUE(witnesses) << witnesses.error().to_string();
  EXPECT_EQ(witnesses->tests(), 2U);
  const Verdict verdict = judged(*witnesses, 3);
  EXPECT_EQ(verdict.ending.end, End::test);
  EXPECT_EQ(verdict.ending.by, "test_net Url.Parses");
}

TEST_F(WitnessesOf, WhatNoTestNoticesSurvives) {
  auto witnesses = Witnesses::load({program()}, kMostReached, 1);
  ASSERT_TRUE(witnesses);
  EXPECT_EQ(judged(*witnesses, 2).ending.end, End::survived);
  EXPECT_EQ(judged(*witnesses, 2).ending.runs, 1U);
}

TEST_F(WitnessesOf, ProgramsWhoseTestsDoNotGetThereAreNotAsked) {
  auto witnesses = Witnesses::load({program()}, kMostReached, 1);
  ASSERT_TRUE(witnesses);
  EXPECT_EQ(judged(*witnesses, 5).ending.runs, 0U);
  EXPECT_EQ(witnesses->tests_reaching(7), 2U);
  EXPECT_EQ(witnesses->tests_reaching(5), 0U);
}

TEST_F(WitnessesOf, AProgramThatStayedTheSameRecordsOnce) {
  const std::string path = program();
  ASSERT_TRUE(Witnesses::load({path}, kMostReached, 1));
  ASSERT_TRUE(Witnesses::load({path}, kMostReached, 1));
  EXPECT_EQ(lab::read_file(path + ".calls", 100), "recorded\n");
  write(path, *lab::read_file(path, 10'000) + "# another\n");
  ASSERT_TRUE(Witnesses::load({path}, kMostReached, 1));
  EXPECT_EQ(lab::read_file(path + ".calls", 100), "recorded\nrecorded\n");
}

TEST_F(WitnessesOf, AProgramThatRecordsNothingIsAnError) {
  write(folder_ / "test_bad", "#!/bin/bash\nexit 1\n");
  const auto witnesses = Witnesses::load({folder_ / "test_bad"}, kMostReached, 1);
  ASSERT_FALSE(witnesses);
  EXPECT_THAT(witnesses.error().to_string(), HasSubstr("it does not record its tests"));
}

TEST_F(WitnessesOf, ARecordThatIsNoneIsAnError) {
  write(folder_ / "test_bad", "#!/bin/bash\nprintf 'a\\t1\\tx-y\\n' >\"$2\"\n");
  EXPECT_FALSE(Witnesses::load({folder_ / "test_bad"}, kMostReached, 1));
}

TEST_F(WitnessesOf, AProgramThatDoesNotEndIsEnded) {
  write(folder_ / "loop", "#!/bin/bash\necho A.Loops >&\"$1\"\nwhile :; do :; done\n");
  std::string told;
  EXPECT_FALSE(passes_call({{folder_ / "loop"}, {}, {}}, told));
  EXPECT_EQ(told, "A.Loops");
}

}  // namespace
}  // namespace provlab::mutants
