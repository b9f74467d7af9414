#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "tests/house/house_rules.hpp"

/// What leads a reader through the house is complete: each larger room has a README, each decision
/// stands once, under a heading, and is found from ARCHITECTURE.md and from the code it explains.
namespace provlab::house {
namespace {

using ::testing::IsEmpty;

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree(PROVLAB_SOURCE_DIR);
  return files;
}

/// A decision of the house by its number.
struct Decision {
  std::string title;
  std::string file;
};

std::vector<std::smatch> all_matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

const std::multimap<int, Decision>& decisions() {
  static const std::multimap<int, Decision> found = [] {
    static const std::regex heading("(?:^|\n)## D([0-9]+) ([^\n]+)");
    std::multimap<int, Decision> each;
    for (const SourceFile& file : tree()) {
      if (!file.path.ends_with(".md")) continue;
      for (const std::smatch& match : all_matches(file.text, heading)) {
        each.emplace(std::stoi(match[1]), Decision{match[2], file.path});
      }
    }
    return each;
  }();
  return found;
}

TEST(Rooms, OfMoreThanFiveFilesHaveAReadme) {
  std::map<std::string, int> files;
  std::set<std::string> readmes;
  for (const SourceFile& file : tree()) {
    if (is_cpp(file.path)) ++files[std::string(room_of(file.path))];
    if (file.path.ends_with("/README.md"))
      readmes.insert(file.path.substr(0, file.path.size() - 10));
  }
  for (const auto& [room, count] : files) {
    EXPECT_TRUE(count <= 5 || readmes.contains(room)) << room << " has " << count << " files";
  }
}

TEST(Decisions, StandOnceEach) {
  ASSERT_FALSE(decisions().empty());
  int last = 0;
  for (const auto& [number, decision] : decisions()) {
    EXPECT_GT(number, last) << "D" << number << " in " << decision.file;
    last = number;
  }
}

TEST(Decisions, AreIndexedInTheArchitecture) {
  static const std::regex line("\n- D([0-9]+) ([^\n]+): `([^`\n]+)`");
  std::map<int, std::pair<std::string, std::string>> index;
  for (const SourceFile& file : tree()) {
    if (file.path != "ARCHITECTURE.md") continue;
    for (const std::smatch& match : all_matches(file.text, line)) {
      index[std::stoi(match[1])] = {match[2], match[3]};
    }
  }
  for (const auto& [number, decision] : decisions()) {
    EXPECT_EQ(index[number], std::pair(decision.title, decision.file)) << "D" << number;
  }
  EXPECT_EQ(index.size(), decisions().size());
}

TEST(Decisions, ThatTheCodeCitesExist) {
  static const std::regex cited("\\(D([0-9]+)\\)");
  for (const SourceFile& file : tree()) {
    if (!is_cpp(file.path)) continue;
    for (const std::smatch& match : all_matches(file.text, cited)) {
      EXPECT_TRUE(decisions().contains(std::stoi(match[1]))) << file.path << ": " << match[0];
    }
  }
}

// A decision about tools, building and tests explains no header.
TEST(Decisions, AboutARoomAreCitedByOneOfItsHeaders) {
  std::vector<std::string> uncited;
  for (const auto& [number, decision] : decisions()) {
    const std::string room = decision.file.substr(0, decision.file.rfind('/') + 1);
    if (room == "tools/" || room == "tests/") continue;
    const std::string mark = "(D" + std::to_string(number) + ")";
    const bool found = std::ranges::any_of(tree(), [&](const SourceFile& file) {
      return file.path.starts_with(room) && file.path.ends_with(".hpp") &&
             file.text.find(mark) != std::string::npos;
    });
    if (!found) uncited.push_back(mark + " " + decision.title);
  }
  EXPECT_THAT(uncited, IsEmpty());
}

}  // namespace
}  // namespace provlab::house
