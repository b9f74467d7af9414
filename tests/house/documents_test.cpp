#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/house/house_rules.hpp"
#include "tests/house/shell.hpp"

/// What README.md and the other documents tell a reader to type or to open must be there.
namespace provlab::house {
namespace {

namespace fs = std::filesystem;
using test::Said;
using ::testing::Contains;
using ::testing::HasSubstr;

const fs::path& root() {
  static const fs::path path = PROVLAB_SOURCE_DIR;
  return path;
}

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// The commands of a document: lines of its code blocks that begin with `tools/`, with or without
/// a `$` before them, each as its words up to a comment, pipe or redirection.
std::vector<std::vector<std::string>> commands_of(const std::string& document) {
  std::vector<std::vector<std::string>> commands;
  std::istringstream in(document);
  bool in_block = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) in_block = !in_block;
    if (!in_block) continue;
    auto words = words_of(line);
    if (!words.empty() && words[0] == "$") words.erase(words.begin());
    if (words.empty() || !words[0].starts_with("tools/")) continue;
    words.erase(std::ranges::find_if(words,
                                     [](const std::string& w) {
                                       return w[0] == '#' || w[0] == '|' || w[0] == '>' ||
                                              w[0] == '<' || w == "&&";
                                     }),
                words.end());
    commands.push_back(std::move(words));
  }
  return commands;
}

/// What stands between single backquotes.
std::vector<std::string> quoted_in(const std::string& document) {
  std::vector<std::string> quoted;
  std::istringstream in(document);
  bool in_block = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) in_block = !in_block;
    if (in_block) continue;
    for (std::size_t at = line.find('`'); at != line.npos; at = line.find('`', at + 1)) {
      const std::size_t end = line.find('`', at + 1);
      if (end == line.npos) break;
      quoted.push_back(line.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return quoted;
}

/// A code block: what stands behind its opening fence, and its lines.
struct Block {
  std::string kind;
  std::vector<std::string> lines;
};

std::vector<Block> blocks_of(const std::string& document) {
  std::vector<Block> blocks;
  std::istringstream in(document);
  bool in_block = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      in_block = !in_block;
      if (in_block) blocks.push_back({line.substr(3), {}});
    } else if (in_block) {
      blocks.back().lines.push_back(line);
    }
  }
  return blocks;
}

/// A line of output without what differs from run to run: the time it took and the threads. The
/// checksum of a trace stays.
std::string comparable(const std::string& line) {
  static const std::regex spaces(" +");
  static const std::regex wall_time("[0-9.]+ m?s$|[0-9.]+ s wall time, [0-9]+ threads?");
  return std::regex_replace(std::regex_replace(line, spaces, " "), wall_time, "-");
}

/// The help of one of the program's commands, which must have one.
const std::string& help_of(const std::string& subcommand) {
  static std::map<std::string, std::string> known;
  const auto found = known.find(subcommand);
  if (found != known.end()) return found->second;
  const Said said = test::run_program(subcommand + " --help");
  EXPECT_EQ(said.status, 0) << "provlab " << subcommand << " --help says: " << said.text;
  return known[subcommand] = said.text;
}

class Document : public ::testing::TestWithParam<std::string> {
 protected:
  std::string text = read(root() / GetParam());
};

TEST_P(Document, IsThere) {
  EXPECT_FALSE(text.empty());
}

TEST_P(Document, CommandsExistWithTheirOptionsAndFiles) {
  for (const auto& command : commands_of(text)) {
    const fs::path program = root() / command[0];
    ASSERT_TRUE(fs::is_regular_file(program)) << command[0];
    EXPECT_NE(fs::status(program).permissions() & fs::perms::owner_exec, fs::perms::none)
        << command[0] << " is not executable";
    const bool has_subcommand =
        command[0] == "tools/provlab" && command.size() > 1 && !command[1].starts_with("-");
    const std::string help = command[0] == "tools/provlab"
                                 ? help_of(has_subcommand ? command[1] : std::string())
                                 : read(program);
    for (std::size_t i = 1; i < command.size(); ++i) {
      const std::string& word = command[i];
      if (word.starts_with("--")) {
        EXPECT_THAT(help, HasSubstr(word.substr(0, word.find('='))));
      } else if (word.starts_with("scenarios") || word.starts_with("tests/")) {
        EXPECT_TRUE(fs::exists(root() / word.substr(0, word.find('@')))) << word;
      }
    }
  }
}

TEST_P(Document, PathsNamedExist) {
  for (const std::string& path : quoted_in(text)) {
    const bool looks_like_a_path =
        path.find_first_of(" *<{") == path.npos &&
        std::ranges::any_of(std::vector<std::string>{"core/", "netfakes/", "sim/", "tools/",
                                                     "tests/", "schemas/", "scenarios/", ".ci/"},
                            [&](const std::string& room) { return path.starts_with(room); });
    if (looks_like_a_path) {
      EXPECT_TRUE(fs::exists(root() / path)) << path;
    }
  }
}

TEST_P(Document, ScenariosShownAreTheFilesNamed) {
  for (const Block& block : blocks_of(text)) {
    if (!block.kind.starts_with("xml ")) continue;
    std::string shown;
    for (const std::string& line : block.lines) shown += line + "\n";
    EXPECT_EQ(shown, read(root() / block.kind.substr(4))) << block.kind;
  }
}

// A line "..." in a transcript stands for any lines left out.
TEST_P(Document, TranscriptsAreWhatTheProgramSays) {
  for (const Block& block : blocks_of(text)) {
    if (block.kind != "console") continue;
    std::vector<std::string> said;
    std::size_t next = 0;
    bool skipping = false;
    for (const std::string& line : block.lines) {
      if (line.starts_with("$ ")) {
        EXPECT_TRUE(next == said.size() || skipping) << "the program also says: " << said[next];
        ASSERT_TRUE(line.starts_with("$ tools/provlab ")) << line;
        // A reader has a terminal, where `run` has a line for each run.
        const bool runs = line.starts_with("$ tools/provlab run ");
        std::istringstream output(
            test::run_shell("cd '" PROVLAB_SOURCE_DIR
                            "' && PROVLAB_COMMAND=tools/provlab '" PROVLAB_PROGRAM "'" +
                            line.substr(15) + (runs ? " --no-quiet" : ""))
                .text);
        said.clear();
        for (std::string each; std::getline(output, each);) said.push_back(comparable(each));
        next = 0;
        skipping = false;
      } else if (line == "...") {
        skipping = true;
      } else {
        const auto from = said.begin() + static_cast<std::ptrdiff_t>(next);
        const auto found = std::find(from, said.end(), comparable(line));
        ASSERT_TRUE(found != said.end()) << "the program does not say: " << line;
        EXPECT_TRUE(skipping || found == from) << "left out without a '...': " << *from;
        next = static_cast<std::size_t>(found - said.begin()) + 1;
        skipping = false;
      }
    }
    EXPECT_TRUE(next == said.size() || skipping) << "the program also says: " << said[next];
  }
}

/// Every document of the tree, but for what was built or recorded.
std::vector<std::string> documents() {
  std::vector<std::string> found;
  for (const SourceFile& file : read_tree(root())) {
    if (file.path.ends_with(".md")) found.push_back(file.path);
  }
  return found;
}

INSTANTIATE_TEST_SUITE_P(Of, Document, ::testing::ValuesIn(documents()), [](const auto& document) {
  std::string name = document.param;
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == '.'; }, '_');
  return name;
});

TEST(Readme, ShowsTheTwoCommandsAndTheExitCodes) {
  const std::string text = read(root() / "README.md");
  EXPECT_THAT(commands_of(text), Contains(std::vector<std::string>{"tools/check"}));
  EXPECT_THAT(commands_of(text),
              Contains(std::vector<std::string>{"tools/provlab", "run", "scenarios"}));
  EXPECT_THAT(text, HasSubstr("exit code"));
}

TEST(CommandsOfADocument, AreReadFromCodeBlocksOnly) {
  const auto commands = commands_of(
      "tools/none\n```sh\n$ tools/a b  # why\ntools/c | less\noutput\n```\ntools/none\n");
  EXPECT_EQ(commands, (std::vector<std::vector<std::string>>{{"tools/a", "b"}, {"tools/c"}}));
}

TEST(CiRun, CallsCheckAndNothingElse) {
  std::istringstream in(read(root() / ".ci/run"));
  std::vector<std::string> commands;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') commands.push_back(line);
  }
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_THAT(commands[0], HasSubstr("tools/check"));
}

}  // namespace
}  // namespace provlab::house
