#include <gmock/gmock.h>
#include <sys/syscall.h>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/store.hpp"
#include "sim/wire/folder_disk.hpp"
#include "tests/unit/wire/scratch_folder.hpp"
#include "tests/unit/wire/traced_child.hpp"

/// A save of the settings, seen from outside: which system calls it makes, and what is left when
/// the process is killed at one of them (SPEC 1.3, I10).
namespace provlab::wire {
namespace {

using settings::StoredState;

StoredState state(DeviceType type) {
  StoredState stored{type, Release::r2_2A, {}, {{"minute", "3:17"}}};
  stored.configuration = settings::factory_defaults(type, Release::r2_2A);
  return stored;
}

void save(FolderDisk& disk, const std::string& content) {
  DurableStorage storage(disk);
  if (!storage.replace(settings::kStorePiece, content)) _exit(1);
}

/// The calls that touch files, as words: `open`, `write`, `sync-file`, `rename`, `sync-folder`.
std::vector<std::string> words_of(const std::vector<SystemCall>& calls) {
  std::vector<std::string> words;
  std::uint64_t written = UINT64_MAX;
  for (const SystemCall& call : calls) {
    switch (call.number) {
      case SYS_openat:
        words.emplace_back("open");
        written = static_cast<std::uint64_t>(call.result);
        break;
      case SYS_write:
        words.emplace_back(call.arguments[0] == written ? "write" : "write-elsewhere");
        break;
      case SYS_fsync:
        words.emplace_back(call.arguments[0] == written ? "sync-file" : "sync-folder");
        break;
      case SYS_renameat:
      case SYS_renameat2:
        words.emplace_back("rename");
        break;
      case SYS_fdatasync:
      case SYS_unlinkat:
      case SYS_ftruncate:
        words.emplace_back("unexpected");
        break;
      default:
        break;
    }
  }
  return words;
}

class SavedStore : public testing::Test {
 protected:
  SavedStore() { save(disk_, old_); }

  /// What a device finds that boots now.
  std::string found() {
    auto disk = FolderDisk::open(scratch_.path());
    auto content = disk->read(settings::kStorePiece);
    return content && *content ? **content : "nothing";
  }

  const std::string old_ = write_store(state(DeviceType::d100));
  const std::string next_ = write_store(state(DeviceType::d200));
  ScratchFolder scratch_;
  FolderDisk disk_ = *FolderDisk::open(scratch_.path());
};

TEST_F(SavedStore, IsWrittenSyncedRenamedAndThenItsFolderSynced) {
  const TracedRun run = run_traced([&] { save(disk_, next_); });
  EXPECT_THAT(words_of(run.calls),
              testing::ElementsAre("open", "write", "sync-file", "rename", "sync-folder"));
  EXPECT_EQ(found(), next_);
}

TEST_F(SavedStore, IsOldOrNewWhenItsProcessIsKilledAtAnySystemCall) {
  ASSERT_NE(old_, next_);
  std::size_t olds = 0;
  std::size_t news = 0;
  for (std::size_t stop = 0;; ++stop) {
    ASSERT_LT(stop, 1000U) << "the save does not come to its end";
    save(disk_, old_);
    const TracedRun run = run_traced([&] { save(disk_, next_); }, stop);
    const std::string left = found();
    ASSERT_TRUE(left == old_ || left == next_)
        << "killed at stop " << stop << ", call " << run.calls.back().number;
    ASSERT_TRUE(settings::read_store(left));
    if (!run.killed) {
      EXPECT_EQ(left, next_);
      break;
    }
    ++(left == old_ ? olds : news);
  }
  // open, write, fsync, close and rename have two stops each; after the rename it is the new one.
  EXPECT_GE(olds, 9U);
  EXPECT_GE(news, 3U);
}

TEST_F(SavedStore, FirstSaveOfAllLeavesNothingOrAllWhenKilled) {
  for (std::size_t stop = 0;; ++stop) {
    ASSERT_LT(stop, 1000U);
    const ScratchFolder fresh;
    FolderDisk disk = *FolderDisk::open(fresh.path());
    const TracedRun run = run_traced([&] { save(disk, next_); }, stop);
    const auto left = disk.read(settings::kStorePiece);
    ASSERT_TRUE(left);
    EXPECT_TRUE(!*left || **left == next_) << "killed at stop " << stop;
    if (!run.killed) break;
  }
}

}  // namespace
}  // namespace provlab::wire
