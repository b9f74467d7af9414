#include "sim/lab/suite/scenario_files.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/temporary_folder.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

/// A folder of its own for each test.
class ScenarioFiles : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  test::TemporaryFolder folder_;
};

TEST_F(ScenarioFiles, AreFoundInFoldersAndDocumentsAreLeftAlone) {
  write("b/two.xml", kScenario);
  write("a.xml", "<?xml version=\"1.0\"?>\n<!-- <x> -->\n" + kScenario);
  write("documents/settings.xml", "<configuration/>");
  write("notes.txt", "<scenario");
  EXPECT_THAT(*find_scenarios({folder_.path()}),
              ElementsAre(EndsWith("/a.xml"), EndsWith("/b/two.xml")));
}

TEST_F(ScenarioFiles, AreFoundBehindALongComment) {
  write("a.xml", "<!--" + std::string(100'000, 'x') + "-->\n" + kScenario);
  write("b.xml", "<!DOCTYPE scenario>\n" + kScenario);
  write("c.xml", "<!--" + std::string(100'000, 'x'));
  EXPECT_THAT(*find_scenarios({folder_.path()}),
              ElementsAre(EndsWith("/a.xml"), EndsWith("/b.xml")));
}

TEST_F(ScenarioFiles, AreNotFoundWhereThereIsNoSuchPath) {
  const auto files = find_scenarios({"/no/such/place"});
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().to_string(), HasSubstr("/no/such/place: there is no such file"));
}

}  // namespace
}  // namespace provlab::lab
