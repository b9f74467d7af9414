#include "sim/world/storage.hpp"

#include <gmock/gmock.h>

#include <tuple>

#include "sim/world/world.hpp"

namespace provlab::world {
namespace {

using testing::Optional;

std::optional<std::string> content(Storage& storage, std::string_view name) {
  const auto read = storage.read(name);
  return read ? *read : "error: " + read.error().text;
}

class MemoryStorage : public testing::TestWithParam<MemoryDisk::Names> {
 protected:
  MemoryDisk disk_;
  DurableStorage storage_{disk_};
};

INSTANTIATE_TEST_SUITE_P(Cuts, MemoryStorage,
                         testing::Values(MemoryDisk::Names::old, MemoryDisk::Names::changed),
                         [](const auto& test) {
                           return test.param == MemoryDisk::Names::old ? "NamesAreLost"
                                                                       : "NamesAreKept";
                         });

TEST_P(MemoryStorage, HoldsWhatWasReplacedThroughAPowerCut) {
  EXPECT_EQ(content(storage_, "a"), std::nullopt);
  ASSERT_TRUE(storage_.replace("a", "one"));
  ASSERT_TRUE(storage_.replace("a", "two"));
  ASSERT_TRUE(storage_.replace("b", ""));
  disk_.power_cut(GetParam());
  EXPECT_THAT(content(storage_, "a"), Optional(std::string("two")));
  EXPECT_THAT(content(storage_, "b"), Optional(std::string()));
}

TEST_P(MemoryStorage, RemovedStaysRemovedThroughAPowerCut) {
  ASSERT_TRUE(storage_.replace("a", "one"));
  ASSERT_TRUE(storage_.remove("a"));
  ASSERT_TRUE(storage_.remove("a"));
  disk_.power_cut(GetParam());
  EXPECT_EQ(content(storage_, "a"), std::nullopt);
}

TEST_P(MemoryStorage, PowerCutAtAnyStepLeavesOldOrNewWhole) {
  const std::string old(1000, 'o');
  const std::string next(5000, 'n');
  ASSERT_TRUE(storage_.replace("a", old));
  const unsigned before = disk_.steps();
  ASSERT_TRUE(storage_.replace("a", old));
  const unsigned steps = disk_.steps() - before;
  EXPECT_EQ(steps, 4U);  // write, sync, rename, sync of the folder
  bool was_old = false;
  bool was_new = false;
  for (unsigned cut = 0; cut <= steps; ++cut) {
    ASSERT_TRUE(storage_.replace("a", old));
    disk_.fail_after(cut);
    // What is in its place counts, though the folder is not safe yet.
    EXPECT_EQ(storage_.replace("a", next).has_value(), cut >= steps - 1) << cut;
    disk_.power_cut(GetParam());
    const auto found = content(storage_, "a");
    was_old = was_old || found == old;
    was_new = was_new || found == next;
    EXPECT_TRUE(found == old || found == next) << "cut after step " << cut;
    EXPECT_TRUE(cut < steps || found == next) << "what was told to be safe is lost";
  }
  EXPECT_TRUE(was_old && was_new);
}

TEST_P(MemoryStorage, FirstSaveOfAllLeavesNothingOrAll) {
  for (unsigned cut = 0; cut <= 4; ++cut) {
    MemoryDisk disk;
    DurableStorage storage(disk);
    disk.fail_after(cut);
    std::ignore = storage.replace("a", "all");
    disk.power_cut(GetParam());
    const auto found = content(storage, "a");
    EXPECT_TRUE(!found || *found == "all") << "cut after step " << cut;
  }
}

TEST_P(MemoryStorage, SaveAfterAPowerCutIsNotDisturbedByWhatTheCutLeft) {
  ASSERT_TRUE(storage_.replace("a", "one"));
  for (unsigned cut = 0; cut < 4; ++cut) {
    disk_.fail_after(cut);
    std::ignore = storage_.replace("a", "never");
    disk_.power_cut(GetParam());
    ASSERT_TRUE(storage_.replace("a", "two"));
    disk_.power_cut(GetParam());
    EXPECT_THAT(content(storage_, "a"), Optional(std::string("two")));
  }
}

// The disk is as forgetful as it says: a save that skips a step is found out.

TEST(MemoryDisk, ContentThatWasNotSyncedIsTorn) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.write("a", "whole"));
  ASSERT_TRUE(disk.sync_folder());
  disk.power_cut();
  EXPECT_THAT(*disk.read("a"), Optional(std::string("wh")));
}

TEST(MemoryDisk, FileThatIsOverwrittenInPlaceIsTornToo) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.write("a", "old") && disk.sync("a") && disk.sync_folder());
  ASSERT_TRUE(disk.write("a", "newer!"));
  disk.power_cut();
  EXPECT_THAT(*disk.read("a"), Optional(std::string("new")));
}

TEST(MemoryDisk, NamesThatWereNotSyncedAreOldOrChanged) {
  for (const auto names : {MemoryDisk::Names::old, MemoryDisk::Names::changed}) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.write("a", "old") && disk.sync("a") && disk.sync_folder());
    ASSERT_TRUE(disk.write("b", "new") && disk.sync("b") && disk.rename("b", "a"));
    disk.power_cut(names);
    const bool changed = names == MemoryDisk::Names::changed;
    EXPECT_THAT(*disk.read("a"), Optional(std::string(changed ? "new" : "old")));
  }
}

TEST(MemoryDisk, WithoutPowerNothingIsDoneUntilItIsBack) {
  MemoryDisk disk;
  disk.fail_after(1);
  ASSERT_TRUE(disk.write("a", "x"));
  EXPECT_FALSE(disk.sync("a"));
  EXPECT_FALSE(disk.rename("a", "b"));
  EXPECT_FALSE(disk.remove("a"));
  EXPECT_FALSE(disk.sync_folder());
  disk.power_cut();
  EXPECT_TRUE(disk.write("a", "x"));
}

TEST(MemoryDisk, FilesThatAreNotThereCannotBeSyncedOrRenamed) {
  MemoryDisk disk;
  EXPECT_FALSE(disk.sync("a"));
  EXPECT_FALSE(disk.rename("a", "b"));
  EXPECT_TRUE(disk.remove("a"));
}

TEST(MemoryDisk, FailsAtWhatItIsToldTo) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.write("a", "old") && disk.sync("a") && disk.sync_folder());
  disk.fail_by([](HostOperation operation, std::string_view file) {
    const bool fails = operation == HostOperation::write && file == "a";
    return fails ? std::optional(HostTrouble::no_space) : std::nullopt;
  });
  EXPECT_EQ(disk.write("a", "newer").error().text, "no space left on the device");
  EXPECT_THAT(*disk.read("a"), Optional(std::string("ne")));
  EXPECT_TRUE(disk.write("b", "x"));
  disk.fail_by([](HostOperation operation, std::string_view) {
    return operation == HostOperation::read ? std::optional(HostTrouble::io_error) : std::nullopt;
  });
  EXPECT_FALSE(disk.read("b"));
  EXPECT_THAT(disk.content("b"), Optional(std::string("x")));
}

TEST(MemoryDisk, WhatIsPutThereStaysThroughAPowerCut) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.write("a", "old") && disk.sync("a") && disk.sync_folder());
  disk.put("a", "damaged");
  disk.put("b", "whole");
  disk.power_cut();
  EXPECT_THAT(disk.content("a"), Optional(std::string("damaged")));
  EXPECT_THAT(disk.content("b"), Optional(std::string("whole")));
  disk.put("a", std::nullopt);
  disk.power_cut();
  EXPECT_EQ(disk.content("a"), std::nullopt);
}

TEST(VirtualHostDisk, LosesWithThePowerWhatWasNotSynced) {
  World world;
  VirtualHost& host = world.add_host({.name = "device"});
  ASSERT_TRUE(host.disk().write("a", "x"));
  ASSERT_TRUE(host.storage().replace("b", "y"));
  host.set_power(false);
  host.set_power(true);
  EXPECT_THAT(content(host.storage(), "b"), Optional(std::string("y")));
  EXPECT_NE(content(host.storage(), "a"), "x");
}

}  // namespace
}  // namespace provlab::world
