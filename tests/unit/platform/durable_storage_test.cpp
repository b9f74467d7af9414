#include "core/platform/durable_storage.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace provlab {
namespace {

using ::testing::ElementsAre;

/// Tells what is asked of it, and fails with the step that it is told.
class ToldDisk final : public Disk {
 public:
  explicit ToldDisk(std::string failing = {}) : failing_(std::move(failing)) {}

  Expected<std::optional<std::string>> read(std::string_view name) override {
    return std::optional<std::string>(fmt::format("content of {}", name));
  }
  Expected<void> write(std::string_view name, std::string_view content) override {
    return step(fmt::format("write {} {}", name, content));
  }
  Expected<void> sync(std::string_view name) override { return step(fmt::format("sync {}", name)); }
  Expected<void> rename(std::string_view from, std::string_view to) override {
    return step(fmt::format("rename {} {}", from, to));
  }
  Expected<void> remove(std::string_view name) override {
    return step(fmt::format("remove {}", name));
  }
  Expected<void> sync_folder() override { return step("sync folder"); }

  const std::vector<std::string>& steps() const { return steps_; }

 private:
  Expected<void> step(const std::string& what) {
    steps_.push_back(what);
    if (what == failing_) return fail("no " + what);
    return {};
  }

  std::string failing_;
  std::vector<std::string> steps_;
};

std::string fault_of(const Expected<void>& done) {
  return done ? "" : done.error().text;
}

TEST(DurableStorage, ReplacesByAFileBeside) {
  ToldDisk disk;
  EXPECT_EQ(fault_of(DurableStorage(disk).replace("a", "x")), "");
  EXPECT_THAT(disk.steps(),
              ElementsAre("write a.new x", "sync a.new", "rename a.new a", "sync folder"));
}

TEST(DurableStorage, TakesAwayWhatItCouldNotPutInPlace) {
  ToldDisk unwritten("write a.new x");
  EXPECT_EQ(fault_of(DurableStorage(unwritten).replace("a", "x")), "no write a.new x");
  EXPECT_THAT(unwritten.steps(), ElementsAre("write a.new x", "remove a.new"));

  ToldDisk unsynced("sync a.new");
  EXPECT_EQ(fault_of(DurableStorage(unsynced).replace("a", "x")), "no sync a.new");
  EXPECT_THAT(unsynced.steps(), ElementsAre("write a.new x", "sync a.new", "remove a.new"));

  ToldDisk unnamed("rename a.new a");
  EXPECT_EQ(fault_of(DurableStorage(unnamed).replace("a", "x")), "no rename a.new a");
  EXPECT_EQ(unnamed.steps().back(), "remove a.new");
}

TEST(DurableStorage, WhatIsInItsPlaceIsNotRefused) {
  ToldDisk unsafe("sync folder");
  EXPECT_EQ(fault_of(DurableStorage(unsafe).replace("a", "x")), "");
  EXPECT_EQ(unsafe.steps().back(), "sync folder");
}

TEST(DurableStorage, SyncsTheFolderBehindARemovalAndAnotherName) {
  ToldDisk disk;
  EXPECT_EQ(fault_of(DurableStorage(disk).remove("a")), "");
  EXPECT_EQ(fault_of(DurableStorage(disk).rename("b", "c")), "");
  EXPECT_THAT(disk.steps(), ElementsAre("remove a", "sync folder", "rename b c", "sync folder"));

  ToldDisk kept("remove a");
  EXPECT_EQ(fault_of(DurableStorage(kept).remove("a")), "no remove a");
  EXPECT_THAT(kept.steps(), ElementsAre("remove a"));

  ToldDisk unnamed("rename b c");
  EXPECT_EQ(fault_of(DurableStorage(unnamed).rename("b", "c")), "no rename b c");
  EXPECT_THAT(unnamed.steps(), ElementsAre("rename b c"));
}

TEST(DurableStorage, ReadsWhatIsThere) {
  ToldDisk disk;
  EXPECT_EQ(DurableStorage(disk).read("a").value(), "content of a");
}

}  // namespace
}  // namespace provlab
