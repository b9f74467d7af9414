#include "sim/wire/folder_disk.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/wire/scratch_folder.hpp"

namespace provlab::wire {
namespace {

using testing::HasSubstr;
using testing::Optional;

TEST(FolderDisk, PiecesAreFilesThatOutliveIt) {
  const ScratchFolder scratch;
  {
    auto disk = FolderDisk::open(scratch.path() / "store");
    ASSERT_TRUE(disk) << disk.error().to_string();
    DurableStorage storage(*disk);
    EXPECT_EQ(*storage.read("configuration"), std::nullopt);
    ASSERT_TRUE(storage.replace("configuration", "first"));
    ASSERT_TRUE(
        storage.replace("configuration", std::string("a\0b", 3) + std::string(50'000, 'x')));
    ASSERT_TRUE(storage.replace("other", ""));
    ASSERT_TRUE(storage.remove("other"));
    ASSERT_TRUE(storage.remove("other"));
  }
  auto disk = FolderDisk::open(scratch.path() / "store");
  ASSERT_TRUE(disk);
  EXPECT_THAT(*disk->read("configuration"),
              Optional(std::string("a\0b", 3) + std::string(50'000, 'x')));
  EXPECT_EQ(*disk->read("other"), std::nullopt);
  EXPECT_EQ(*disk->read("configuration.new"), std::nullopt);
}

TEST(FolderDisk, WhatACrashLeftBesideIsOverwritten) {
  const ScratchFolder scratch;
  auto disk = FolderDisk::open(scratch.path());
  std::ofstream(scratch.path() / "a.new") << std::string(1000, 'x');
  DurableStorage storage(*disk);
  ASSERT_TRUE(storage.replace("a", "short"));
  EXPECT_THAT(*storage.read("a"), Optional(std::string("short")));
}

TEST(FolderDisk, FolderThatCannotBeMadeIsSaid) {
  const ScratchFolder scratch;
  const auto disk = FolderDisk::open(scratch.path() / "none" / "store");
  ASSERT_FALSE(disk);
  EXPECT_THAT(disk.error().to_string(), HasSubstr("none/store: the folder cannot be made"));
}

TEST(FolderDisk, PieceThatCannotBeReadOrReplacedIsSaidAndNothingChanges) {
  const ScratchFolder scratch;
  auto disk = FolderDisk::open(scratch.path());
  std::filesystem::create_directory(scratch.path() / "a");
  std::ofstream(scratch.path() / "a" / "inside") << "x";
  DurableStorage storage(*disk);
  EXPECT_THAT(storage.read("a").error().to_string(), HasSubstr("/a: cannot be read: "));
  EXPECT_THAT(storage.replace("a", "x").error().to_string(),
              HasSubstr("a.new: cannot be renamed: "));
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "a.new"));
  EXPECT_TRUE(std::filesystem::exists(scratch.path() / "a" / "inside"));
}

TEST(FolderDisk, NamesAreNeverPaths) {
  const ScratchFolder scratch;
  auto disk = FolderDisk::open(scratch.path());
  for (const char* name : {"", ".", "..", "a/b", "/etc/passwd"}) {
    EXPECT_THROW((void)disk->read(name), std::logic_error) << name;
  }
}

}  // namespace
}  // namespace provlab::wire
