#include <gmock/gmock.h>

#include <filesystem>

#include "sim/lab/machine/command_line.hpp"
#include "sim/text/visible.hpp"
#include "tests/house/shell.hpp"
#include "tests/temporary_folder.hpp"

/// What the program says of words and files that were named to act on a terminal.
namespace provlab::program {
namespace {

using ::testing::HasSubstr;

struct HostileLine {
  const char* name;
  const char* arguments;
  const char* words;
};

class ProgramEcho : public ::testing::TestWithParam<HostileLine> {};

TEST_P(ProgramEcho, ShowsWhatATerminalWouldObey) {
  const test::Said said = test::run_program(GetParam().arguments);
  EXPECT_NE(said.status, 0);
  EXPECT_THAT(said.text, HasSubstr(GetParam().words));
  EXPECT_EQ(said.text, visible(said.text, Layout::lines));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ProgramEcho,
    ::testing::Values(
        HostileLine{"Command", "'r\033n'", "there is no command 'r\\x1bn'"},
        HostileLine{"Option", "run '--a\233b'", "there is no option '--a\\x9bb'"},
        HostileLine{"Value", "run x --jobs '1\n  ok'", "--jobs: Value 1\\x0a  ok not in range"},
        HostileLine{"Choice", "run x --details '\u202e'", "--details: \\u{202e} not in"},
        HostileLine{"Filter", "run '\033'", "\\x1b: there is no such file"},
        HostileLine{"File", "run 'a\033[2J.xml'", "a\\x1b[2J.xml: there is no such file"},
        HostileLine{"FileOfSettings", "settings apply 'a\r.xml'", "a\\x0d.xml: refused"},
        HostileLine{"FileOfReport", "report 'a\177.json'", "a\\x7f.json: "},
        HostileLine{"FileOfShow", "show 'a\033.xml'", "a\\x1b.xml: "},
        HostileLine{"FileOfExplore", "explore 'a\033.xml'", "a\\x1b.xml: "},
        HostileLine{"FolderOfList", "list 'a\033'", "a\\x1b: there is no such file"},
        HostileLine{"FileOfValidate", "validate 'a\033'", "a\\x1b: there is no such file"},
        HostileLine{"DurationOfSoak", "soak --for '1\033'", "'1\\x1b' has an unknown unit"}),
    [](const auto& line) { return line.param.name; });

TEST(Program, PrintsLinesToPasteForFilesOfAnyName) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "a\033'b\n.xml";
  std::filesystem::copy_file(PROVLAB_SOURCE_DIR "/scenarios/tutorial/1-shortest.xml", file);
  const std::string words = "$'" + folder.path() + "/a\\033\\047b\\012.xml'";
  EXPECT_EQ(lab::shell_quoted(file), words);
  const test::Said echoed = test::run_shell("bash -c \"printf %s " + words + "\"");
  EXPECT_EQ(echoed.text, file);
  for (const char* command : {"run", "explore", "validate", "list"}) {
    const test::Said said = test::run_program(std::string(command) + " \"" + file + "\" " +
                                              (command[0] == 'r' ? "-v" : ""));
    EXPECT_EQ(said.status, 0) << said.text;
    EXPECT_EQ(said.text, visible(said.text, Layout::lines));
    const bool names_it = command[0] == 'v' || command[0] == 'l';
    EXPECT_TRUE(!names_it || said.text.find("a\\x1b'b\\x0a.xml") != said.text.npos) << said.text;
  }
}

}  // namespace
}  // namespace provlab::program
