#include "sim/lab/machine/output_file.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/temporary_folder.hpp"

namespace provlab::lab {
namespace {

namespace fs = std::filesystem;
using ::testing::Le;
using ::testing::SizeIs;

class OutputFile : public ::testing::Test {
 protected:
  /// A file that is there, and its path.
  std::string touch(const std::string& name) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    return path.string();
  }

  test::TemporaryFolder folder_;
};

TEST_F(OutputFile, MakesTheFoldersAboveIt) {
  const std::string file = folder_ / "a/b/c.txt";
  ASSERT_TRUE(write_file(file, "words"));
  std::ifstream stream(file);
  std::string words;
  stream >> words;
  EXPECT_EQ(words, "words");
}

TEST_F(OutputFile, GrowsAndHasWhatWasAppendedAtOnce) {
  const std::string file = touch("a/grows");
  auto made = GrowingFile::create(file);
  ASSERT_TRUE(made);
  EXPECT_EQ(fs::file_size(file), 0U) << "what was there is gone";
  for (const unsigned size : {3U, 6U}) {
    ASSERT_TRUE(made->append("abc"));
    EXPECT_EQ(fs::file_size(file), size);
  }
  auto full = GrowingFile::create("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_FALSE(full->append("words"));
}

TEST_F(OutputFile, SaysThatTheDiskIsFull) {
  const auto written = write_file("/dev/full", "words");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().to_string(),
            "/dev/full: the file cannot be written: No space left on device");
}

TEST_F(OutputFile, SaysWhichFolderCannotBeMade) {
  const std::string file = touch("file");
  const auto written = write_file(file + "/in/it.txt", "words");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().to_string(), file + "/in: the folder cannot be made: Not a directory");
  EXPECT_EQ(make_folder(file).error().to_string(),
            file + ": the folder cannot be made: Not a directory");
}

TEST_F(OutputFile, CommonFolderHoldsAllThatWasNamed) {
  const std::string x = touch("suite/a/x.xml");
  const std::string y = touch("suite/b/y.xml");
  const fs::path suite = fs::canonical(folder_ / "suite");
  EXPECT_EQ(common_folder({folder_ / "suite"}), suite);
  EXPECT_EQ(common_folder({x}), suite / "a");
  EXPECT_EQ(common_folder({x, y}), suite);
  EXPECT_EQ(common_folder({folder_ / "suite/a", folder_ / "suite/../suite/b/"}), suite);
  EXPECT_EQ(common_folder({folder_ / "suite/a", x}), suite / "a");
}

TEST_F(OutputFile, NamesOfRunsLieAsTheScenariosDo) {
  RunFileNames names(folder_ / "suite");
  EXPECT_EQ(names.name(folder_ / "suite/a.xml", ""), "a");
  EXPECT_EQ(names.name(folder_ / "suite/races/a.xml", "without-m"), "races/a--without-m");
  EXPECT_EQ(names.name(folder_ / "suite/more/a.xml", ""), "more/a");
}

TEST_F(OutputFile, NoTwoRunsHaveOneName) {
  RunFileNames names(folder_.path());
  EXPECT_EQ(names.name(folder_ / "a.xml", "x"), "a--x");
  EXPECT_EQ(names.name(folder_ / "a--x.xml", ""), "a--x-2");
  EXPECT_EQ(names.name(folder_ / "a--x", ""), "a--x-3");
}

TEST_F(OutputFile, NamesDoNotLeadOutOfTheFolder) {
  RunFileNames names(folder_ / "suite/deep");
  EXPECT_EQ(names.name(folder_ / "other/a.xml", ""), "other/a");
}

TEST_F(OutputFile, NamesAreNoLongerThanFileSystemsTake) {
  RunFileNames names(folder_.path());
  const std::string variant(400, 'v');
  const std::string first = names.name(folder_ / "a.xml", variant);
  const std::string second = names.name(folder_ / "a.xml", variant + "w");
  EXPECT_THAT(first, SizeIs(Le(240U)));
  EXPECT_THAT(second, SizeIs(Le(240U)));
  EXPECT_NE(first, second);
}

}  // namespace
}  // namespace provlab::lab
