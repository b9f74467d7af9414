#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <pugixml.hpp>

#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// What the program does where the machine gives no more, and where a file is none to be read.
namespace provlab::program {
namespace {

using ::testing::HasSubstr;

constexpr const char* kShort = "'" PROVLAB_SOURCE_DIR "/scenarios/tutorial/1-shortest.xml'";

/// With a limit of the shell, such as `-n 4`. A shell that sets it starts the program in its place,
/// with none of the descriptors that this test may have inherited.
test::Said run_limited(const std::string& limit, const std::string& arguments) {
  return test::run_shell("(exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ulimit " + limit +
                         " && exec '" PROVLAB_PROGRAM "' " + arguments + ")");
}

/// None that a run comes to before the machine gives no more.
constexpr const char* kNoLimits =
    " --limit-events 4000000000 --limit-memory 1000GB --limit-wall 10h";

class Exhausted : public ::testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers need more than any limit leaves";
#endif
  }
  /// A scenario whose trace grows for ever: a phone that renews its lease each second for years.
  std::string hungry() {
    std::ofstream(folder_ / "hungry.xml")
        << "<scenario name=\"hungry\"><about>It takes all memory.</about><responders><dhcp "
           "lease=\"2s\"/></responders><timeline until=\"80000h\"><boot at=\"0s\"/></timeline>"
           "<expect><result is=\"no-url\"/></expect></scenario>";
    return "'" + (folder_ / "hungry.xml") + "'";
  }
  /// In KiB: what the program needs for next to nothing here, and a little more.
  static unsigned small_memory() {
    unsigned limit = 64'000;
    while (limit < 4'000'000 &&
           run_limited("-v " + std::to_string(limit), std::string("run -j2 ") + kShort).status !=
               0) {
      limit += limit / 8;
    }
    return limit + limit / 4;
  }

  test::TemporaryFolder folder_;
};

TEST_F(Exhausted, DescriptorsAreSaidToBeAndNoFileIsBlamed) {
  // One for the folder, none for the file in it; with fewer the system cannot start a program.
  hungry();
  const test::Said said = run_limited("-n 4", "run '" + folder_.path() + "'");
  EXPECT_EQ(said.status, 4) << said.text;
  EXPECT_THAT(said.text, HasSubstr("provlab: the lab's own fault: there are no file descriptors "
                                   "left; raise the limit (ulimit -n)"));
}

TEST_F(Exhausted, MemoryBreaksTheRunThatTookItAndTheOthersAreReported) {
  const std::string limit = "-v " + std::to_string(small_memory());
  const std::string junit = folder_ / "junit.xml";
  const test::Said said = run_limited(limit, std::string("run -j2 ") + kShort + " " + hungry() +
                                                 kNoLimits + " --junit '" + junit + "'");
  EXPECT_EQ(said.status, 4) << said.text;
  EXPECT_THAT(said.text, HasSubstr("hungry.xml: there is no memory left; raise the limit"));
  EXPECT_THAT(said.text, HasSubstr("1 passed, 1 broken"));
  pugi::xml_document document;
  EXPECT_TRUE(document.load_file(junit.c_str()));
  EXPECT_EQ(document.child("testsuite").attribute("errors").as_int(), 1);
}

TEST_F(Exhausted, MemoryEndsAnExplorationWithWhatItHasAndTheLabsOwnFault) {
  const std::string limit = "-v " + std::to_string(small_memory());
  const test::Said said = run_limited(limit, "explore -j2 " + hungry() + kNoLimits);
  EXPECT_EQ(said.status, 4) << said.text;
  EXPECT_THAT(said.text, HasSubstr("hungry: 0 runs in "));
  EXPECT_THAT(said.text, HasSubstr("1 departure is left because of a fault of the lab"));
  EXPECT_THAT(said.text, HasSubstr("provlab: the lab's own fault: there is no memory left"));
}

TEST(Program, NeverWaitsForAPipeThatItDoesNotTake) {
  const test::TemporaryFolder folder;
  const std::string pipe = "'" + (folder / "pipe.xml") + "'";
  ASSERT_EQ(test::run_shell("mkfifo " + pipe).status, 0);
  const std::string scenario = folder / "s.xml";
  std::ofstream(scenario) << "<scenario name=\"s\"><about>t</about><device><configuration-file "
                             "src=\"pipe.xml\"/></device><expect><result is=\"no-url\"/></expect>"
                             "</scenario>";
  for (const std::string command : {"run", "validate", "show", "list", "explore"}) {
    for (const std::string& file : {pipe, "'" + scenario + "'"}) {
      const test::Said said =
          test::run_shell("timeout 20 '" PROVLAB_PROGRAM "' " + command + " " + file);
      EXPECT_TRUE(said.status == 2 || said.status == 3) << command << said.text;
      EXPECT_THAT(said.text, HasSubstr("this is a pipe; name a file")) << command;
    }
  }
  // In a folder it is not looked at.
  EXPECT_EQ(test::run_shell("timeout 20 '" PROVLAB_PROGRAM "' list '" + folder.path() + "'").status,
            3);
}

TEST(Program, TakesPipesOfDocumentsAndReports) {
  const std::string program = "'" PROVLAB_PROGRAM "' ";
  EXPECT_EQ(test::run_shell("echo '<patch/>' | " + program + "settings validate /dev/stdin").status,
            2);
  const test::Said report = test::run_shell(program + "run --shard 1/1 " + kShort + " --json - | " +
                                            program + "report /dev/stdin");
  EXPECT_EQ(report.status, 0) << report.text;
  EXPECT_THAT(report.text, HasSubstr("1 passed"));
  for (const char* command : {"settings validate", "report", "run", "validate", "show"}) {
    const test::Said said = test::run_shell("timeout 20 " + program + command + " /dev/zero");
    EXPECT_EQ(said.status, 2) << command;
    EXPECT_THAT(said.text, HasSubstr("this is a device or a socket; name a file")) << command;
  }
}

}  // namespace
}  // namespace provlab::program
