#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab prove` at a command line: what it proves, and its exit codes.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using test::content_of;
using test::run_program;
using test::Said;

const std::string kRace = PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml";

Said prove(const std::string& arguments) {
  return run_program("prove " + arguments);
}

/// A build whose scenario of that name is another one: what a fault would have made of it.
std::string build_before(const test::TemporaryFolder& folder, const std::string& scenario) {
  const std::string program = std::string(folder.path()) + "/before";
  std::ofstream(program) << "#!/bin/sh\ntoken=${2##*@}\nshift 2\nexec " PROVLAB_PROGRAM
                            " prove \"" +
                                scenario + "@$token\" \"$@\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  return program;
}

TEST(Prove, OfOneBuildItTellsTheOrdersAround) {
  const Said said = prove("'" + kRace + "#natural' --swaps 1");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, AllOf(HasSubstr("around natural: "), HasSubstr(" orders and "),
                               HasSubstr(" delays, --swaps 1"), HasSubstr("winner multicast"),
                               HasSubstr("token natural"), HasSubstr("has come 85ms later")));
}

TEST(Prove, TakesRunsAndNeighboursOfThem) {
  const std::string run = kRace + "@multicast-answer-then-redirect-answer";
  const struct {
    std::string operand;
    std::string words;
    std::string look;
  } lines[] = {
      {run, "around natural: ", "provlab run "},
      {run + "@7:+2ms", "around 7:+2ms: ", "--token 7:+2ms"},
      {kRace + "#1:1@7:+1ms", "around 1:1@7:+1ms: ", "@1:1' @1:1@7:+1ms"},
  };
  for (const auto& line : lines) {
    const Said said = prove("'" + line.operand + "' --window 5ms --swaps 1");
    EXPECT_THAT(said.text, AllOf(HasSubstr(line.words), HasSubstr(" delays, "),
                                 HasSubstr("winner "), HasSubstr(line.look)))
        << line.operand;
  }
}

/// What the variant expects fails there before, and nowhere now.
TEST(Prove, LooksForTheExpectationThatFailed) {
  const test::TemporaryFolder folder;
  const std::string wrong = std::string(folder.path()) + "/wrong.xml";
  std::string text = content_of(kRace);
  const std::size_t winner = text.find("first-answer");
  ASSERT_NE(winner, text.npos);
  std::ofstream(wrong) << text.replace(winner, 12, "none");
  std::filesystem::copy(PROVLAB_SOURCE_DIR "/scenarios/reference/documents",
                        std::string(folder.path()) + "/documents");
  const Said said = prove("'" + kRace + "@multicast-answer-then-redirect-answer' --window 500us" +
                          " --build " + build_before(folder, wrong));
  EXPECT_EQ(said.status, 0) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("it came to: the expectation in line "),
                               HasSubstr(", now it is in 0 of "), HasSubstr("\nproven\n")));
}

TEST(Prove, WhatIsAsBeforeIsNotProven) {
  const Said said = prove(kRace + "@natural --swaps 1 --build " PROVLAB_PROGRAM);
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.text, AllOf(HasSubstr("it came to: winner multicast"),
                               HasSubstr("so it was in "), HasSubstr("0 new outcomes"),
                               HasSubstr("look at: "), HasSubstr("\nnot proven\n")));
}

TEST(Prove, WhatIsGoneWithoutAnythingNewIsProven) {
  // Now multicast answers too late to win; what is left was there before.
  const test::TemporaryFolder folder;
  const std::string mended = std::string(folder.path()) + "/mended.xml";
  std::string text = content_of(kRace);
  text.replace(text.find("<notify "), 8, "<notify after=\"7s\" ");
  std::ofstream(mended) << text;
  std::filesystem::copy(PROVLAB_SOURCE_DIR "/scenarios/reference/documents",
                        std::string(folder.path()) + "/documents");
  const std::string conditions = " --answers --losses 2 --swaps 2";
  const std::string json = std::string(folder.path()) + "/proof.json";
  const Said said = prove("'" + mended + "#natural'" + conditions + " --build " +
                          build_before(folder, kRace) + " --json " + json);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("it came to: winner multicast"), HasSubstr(", now it is in 0 of "),
                    HasSubstr("0 new outcomes"), HasSubstr("\nproven\n")));
  EXPECT_THAT(content_of(json),
              AllOf(HasSubstr("{\"kind\":\"proof\",\"version\":1"), HasSubstr("\"proven\":true")));
  // The other way round it comes to what it did not come to before.
  const Said worse =
      prove("'" + kRace + "#natural'" + conditions + " --build " + build_before(folder, mended));
  EXPECT_EQ(worse.status, 1);
  EXPECT_THAT(worse.text, AllOf(HasSubstr("1 new outcome\n"), HasSubstr("winner multicast")));
}

TEST(Prove, SaysWhatItCannotProve) {
  const struct {
    std::string arguments;
    std::string words;
  } lines[] = {
      {kRace, "SCENARIO#TOKEN"},
      {kRace + "@nobody-then-nobody", "SCENARIO@VARIANT: redirect-answer-then-"},
      {kRace + "@without-redirect-answer --answers", "--answers is about tokens of 'explore'"},
      {kRace + "@without-redirect-answer@99:lost", "not every departure of the token comes about"},
      {"'none.xml#natural'", "none.xml"},
      {"'" + kRace + "#9999:1' --swaps 0", "not every departure of the token comes about"},
      {"'" + kRace + "#natural' --build /bin/false", "/bin/false: it proves nothing"},
      {"'" + kRace + "#natural' --build /nowhere/provlab", "neither a program nor a revision"},
      {"'" + kRace + "#natural' --swaps 99", "--swaps"},
  };
  for (const auto& line : lines) {
    const Said said = prove(line.arguments);
    EXPECT_EQ(said.status, 2) << line.arguments;
    EXPECT_THAT(said.text, HasSubstr(line.words)) << line.arguments;
  }
}

}  // namespace
}  // namespace provlab::program
