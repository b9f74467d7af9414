#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab compare` at a command line: what its sides may be, and its exit codes.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using test::content_of;
using test::run_program;
using test::Said;

const std::string kRaceFile = PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml";
const std::string kRedirect = "redirect-answer-then-multicast-answer";
const std::string kMulticast = "multicast-answer-then-redirect-answer";

Said compare(const std::string& arguments) {
  return run_program("compare " + arguments);
}

TEST(Compare, TwoVariantsOfARaceDiffer) {
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kMulticast);
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("The outcomes differ:\n  winner\n    A  run 1 (boot): redirect"),
                    HasSubstr("They part at 0."), HasSubstr("in A cloud's 302 "),
                    HasSubstr("What followed in A"), HasSubstr("What followed in B")));
}

TEST(Compare, ARunIsTheSameAsItself) {
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kRedirect);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr("The same: "));
}

TEST(Compare, VariantsOfTwoFilesBelongTogetherByName) {
  const Said said = compare(kRaceFile + " " + kRaceFile);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr(" runs are the same, 0 differ"));
}

TEST(Compare, TokensAndSeedsNameRuns) {
  EXPECT_EQ(compare(kRaceFile + "@natural @natural").status, 0);
  const Said tokens = compare(kRaceFile + "@natural @5:1");
  EXPECT_EQ(tokens.status, 1);
  EXPECT_THAT(tokens.text, HasSubstr("[exploration 5:1]"));
  EXPECT_EQ(compare(kRaceFile + "@" + kRedirect + "@seed=3 @" + kRedirect + "@seed=3").status, 0);
  const Said never = compare(kRaceFile + "@natural @9999:1");
  EXPECT_EQ(never.status, 2);
  EXPECT_THAT(never.text, HasSubstr("not every departure of the token came about"));
}

TEST(Compare, TracesReportsAndCapturesAreReadBack) {
  const test::TemporaryFolder folder;
  const std::string out = folder.path();
  ASSERT_EQ(run_program("run '" + kRaceFile + "' --trace " + out + "/t --pcap " + out +
                        "/p --json " + out + "/r.json --details all")
                .status,
            0);
  const std::string redirect = "7-race--" + kRedirect;
  const std::string multicast = "7-race--" + kMulticast;
  for (const std::string kind : {"/t/", "/p/"}) {
    const std::string end = kind == "/t/" ? ".jsonl" : ".pcapng";
    const std::string a = out + kind + redirect + end;
    const std::string b = out + kind + multicast + end;
    EXPECT_EQ(compare(a + " " + a).status, 0);
    const Said said = compare(a + " " + b);
    EXPECT_EQ(said.status, 1);
    EXPECT_THAT(said.text, HasSubstr("/a.xml"));
    // Against the run that it is of, and against another.
    EXPECT_EQ(compare(a + " " + kRaceFile + "@" + kRedirect).status, 0) << kind;
    EXPECT_EQ(compare(kRaceFile + "@" + kMulticast + " " + a).status, 1) << kind;
  }
  EXPECT_EQ(compare(out + "/t/" + redirect + ".jsonl " + out + "/p/" + redirect + ".pcapng").status,
            0);
  EXPECT_EQ(
      compare(out + "/t/" + redirect + ".jsonl " + out + "/p/" + multicast + ".pcapng").status, 1);
  EXPECT_EQ(compare(out + "/t " + out + "/t").status, 0);
  EXPECT_EQ(compare(out + "/r.json " + kRaceFile).status, 0);
}

TEST(Compare, WritesJsonAndAPage) {
  const test::TemporaryFolder folder;
  const std::string out = folder.path();
  const Said said = compare(kRaceFile + "@" + kRedirect + " @" + kMulticast + " --json - --html " +
                            out + "/page.html");
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("\"same\":false"), HasSubstr("\"parting\":{\"at_seconds\":"),
                    Not(HasSubstr("They part"))));
  EXPECT_THAT(content_of(out + "/page.html"), HasSubstr("here they part"));
}

TEST(Compare, OfEqualBuildsThereIsNothingToTell) {
  const Said said = compare("--build " PROVLAB_PROGRAM " " + kRaceFile);
  EXPECT_EQ(said.status, 0);
  EXPECT_EQ(said.text, "");
}

TEST(Compare, TellsWhatHasChangedSinceAnotherBuild) {
  // The other one draws other numbers.
  const test::TemporaryFolder folder;
  const std::string other = std::string(folder.path()) + "/other";
  std::ofstream(other) << "#!/bin/sh\nexec " PROVLAB_PROGRAM " \"$@\" --seed 99\n";
  std::filesystem::permissions(other, std::filesystem::perms::owner_all);
  const Said said = compare("--build " + other + " " + kRaceFile);
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text, AllOf(HasSubstr("only times: device has drawn its minute"),
                               HasSubstr("0 runs are the same")));
  const Said none = compare("--build /bin/false " + kRaceFile);
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.text, HasSubstr("/bin/false: it wrote no report"));
  EXPECT_EQ(compare("--build /nowhere/provlab " + kRaceFile).status, 2);
}

TEST(Compare, SaysWhatCannotBeCompared) {
  const test::TemporaryFolder folder;
  const std::string strange = std::string(folder.path()) + "/strange";
  std::ofstream(strange) << "neither of these\n";
  const struct {
    std::string arguments;
    std::string words;
  } lines[] = {
      {"none.xml " + kRaceFile, "there is no such file"},
      {"@x @y", "there is no such file"},
      {kRaceFile + "@nobody @" + kRedirect, "it has no variant 'nobody'; there are '"},
      {kRaceFile + "@seed=x " + kRaceFile, "no seed; write for example seed=7"},
      {kRaceFile + "@natural@" + kRedirect + " " + kRaceFile, "plays no variant"},
      {strange + " " + kRaceFile + "@" + kRedirect, "strange"},
      {kRaceFile + " " + kRaceFile + " --slack -1s", "--slack"},
  };
  for (const auto& line : lines) {
    const Said said = compare(line.arguments);
    EXPECT_EQ(said.status, 2) << line.arguments;
    EXPECT_THAT(said.text, HasSubstr(line.words)) << line.arguments;
  }
}

}  // namespace
}  // namespace provlab::program
