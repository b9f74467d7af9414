#include <gmock/gmock.h>

#include "tests/file_content.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// `provlab map` at a command line: its axes, its baselines and its exit codes.
namespace provlab::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using test::content_of;
using test::run_program;
using test::Said;

const std::string kReference =
    PROVLAB_SOURCE_DIR "/scenarios/reference/redirect-beats-multicast.xml";
const std::string kRow = "map " + kReference + " --x multicast-answer=0..6s";

TEST(Map, TellsWhichOutcomeIsWhere) {
  const Said said = run_program(kRow);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("multicast-answer after 0s to 6s"), HasSubstr("A  winner multicast"),
                    HasSubstr("|ABBB"), HasSubstr("arrive together")));
}

TEST(Map, KeepsAPlaneAndComparesWithIt) {
  const test::TemporaryFolder folder;
  const std::string file = std::string(folder.path()) + "/row.map";
  const Said written = run_program(kRow + " --baseline " + file + " --update");
  EXPECT_EQ(written.status, 0);
  EXPECT_THAT(written.text, HasSubstr("row.map written: 2 outcomes, 1 border"));
  const Said same = run_program("map " + kReference + " --baseline " + file);
  EXPECT_EQ(same.status, 0);
  EXPECT_THAT(same.text, HasSubstr("nothing has changed"));
  const Said other =
      run_program("map " PROVLAB_SOURCE_DIR "/scenarios/tutorial/7-race.xml --baseline " + file +
                  " --junit " + std::string(folder.path()) + "/j.xml");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.text, HasSubstr("  changed: "));
  EXPECT_THAT(content_of(std::string(folder.path()) + "/j.xml"), HasSubstr("<failure"));
  const Said axes = run_program(kRow.substr(0, kRow.size() - 2) + "7s --baseline " + file);
  EXPECT_EQ(axes.status, 2);
  EXPECT_THAT(axes.text, HasSubstr("was written for --x multicast-answer=0s..6s"));
}

TEST(Map, IsJsonForMachines) {
  const Said said = run_program(kRow + " --json -");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, AllOf(HasSubstr("{\"kind\":\"map\",\"version\":1"),
                               HasSubstr("\"bands\":[{"), HasSubstr("\"tie\":\""),
                               HasSubstr("\"exit_code\":0}"), Not(HasSubstr("|ABB"))));
}

TEST(Map, IsAPage) {
  const test::TemporaryFolder folder;
  const std::string page = std::string(folder.path()) + "/row.html";
  EXPECT_EQ(run_program(kRow + " --html " + page).status, 0);
  EXPECT_THAT(content_of(page), AllOf(HasSubstr("class=\"plane\""), HasSubstr("id=\"border-1\"")));
}

TEST(Map, SaysWhereItsBudgetEnded) {
  const Said said = run_program(kRow + " --budget 20");
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr("nothing is known yet beyond --budget"));
}

TEST(Map, SaysWhatCannotBeMapped) {
  const struct {
    std::string arguments;
    int status;
    std::string words;
  } lines[] = {
      {kReference, 2, "--x ANSWER=FROM..TO"},
      {kReference + " --x nobody=0..1s", 2, "has no answer 'nobody'; it has: "},
      {kReference + " --x multicast-answer", 2, "is no axis"},
      {kReference + " --x multicast-answer=2s..1s", 2, "leads nowhere"},
      {kReference + " --x multicast-answer=0..2", 2, "2"},
      {kReference + " --y multicast-answer=0..2s", 2, "give --x too"},
      {kReference + " --x multicast-answer=0..2s --y multicast-answer=0..2s", 2, "same answer"},
      {kReference + " --baseline none.map", 2, "none.map"},
      {"none.xml --x a=0..1s", 2, "none.xml"},
  };
  for (const auto& line : lines) {
    const Said said = run_program("map " + line.arguments);
    EXPECT_EQ(said.status, line.status) << line.arguments;
    EXPECT_THAT(said.text, HasSubstr(line.words)) << line.arguments;
  }
}

}  // namespace
}  // namespace provlab::program
