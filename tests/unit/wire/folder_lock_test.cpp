#include "sim/wire/folder_lock.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

#include "sim/wire/folder_disk.hpp"
#include "tests/unit/wire/scratch_folder.hpp"

namespace provlab::wire {
namespace {

using testing::HasSubstr;

TEST(FolderLock, IsHadByOneAtATime) {
  const ScratchFolder scratch;
  {
    const auto first = FolderLock::take(scratch.path());
    ASSERT_TRUE(first) << first.error().to_string();
    const auto second = FolderLock::take(scratch.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().text, "the folder is in use by process " + std::to_string(::getpid()));
  }
  EXPECT_TRUE(FolderLock::take(scratch.path()));
}

TEST(FolderLock, SaysThatTheFolderCannotBeWrittenTo) {
  const auto taken = FolderLock::take("/proc/self");
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().to_string(),
              HasSubstr("/proc/self: the folder cannot be written to: "));
}

TEST(FolderLock, WhatIsMadeIsForItsUserAlone) {
  const ScratchFolder scratch;
  const std::string folder = scratch.path() / "store";
  const auto mode = [](const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777U;
  };
  const mode_t before = ::umask(0);
  auto disk = FolderDisk::open(folder);
  ASSERT_TRUE(disk);
  const auto lock = FolderLock::take(folder);
  DurableStorage storage(*disk);
  EXPECT_TRUE(storage.replace("configuration", "x"));
  ::umask(before);
  EXPECT_EQ(mode(folder), 0700U);
  EXPECT_EQ(mode(folder + "/lock"), 0600U);
  EXPECT_EQ(mode(folder + "/configuration"), 0600U);
}

}  // namespace
}  // namespace provlab::wire
