#include "core/platform/task_group.hpp"

#include <gtest/gtest.h>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/unique_function.hpp"
#include "sim/world/world.hpp"

namespace provlab::world {
namespace {

/// Says when it goes.
struct Parting {
  ~Parting() { log.push_back(name); }
  std::vector<std::string>& log;
  std::string name;
};

/// Has the group whose tasks own it, as a phone's power has.
struct Owner {
  Owner(Host& host, std::vector<std::string>& log) : tasks(host), parting{log, "owner"} {}
  TaskGroup tasks;
  Parting parting;
};

Task<> wait_for_ever(Host& host, std::vector<std::string>& log) {
  const Parting parting{log, "task"};
  co_await sleep_until(host, kNever);
}

class TaskGroupTest : public testing::Test {
 protected:
  std::vector<std::string> log;
  std::unique_ptr<World> world = std::make_unique<World>();
  VirtualHost& host = world->add_host({.name = "a"});
};

TEST_F(TaskGroupTest, OwnerGoesWithTheLastOfItsTasks) {
  auto owner = std::make_shared<Owner>(host, log);
  for (int i = 0; i < 2; ++i) owner->tasks.spawn(wait_for_ever(host, log), owner);
  world->run_until(Instant(std::chrono::seconds(1)));
  owner->tasks.cancel();
  owner.reset();
  EXPECT_TRUE(log.empty());
  world->run_until(world->now());
  EXPECT_EQ(log, (std::vector<std::string>{"task", "task", "owner"}));
}

TEST_F(TaskGroupTest, WorldThatEndsTakesTasksBeforeTheirOwner) {
  auto owner = std::make_shared<Owner>(host, log);
  for (int i = 0; i < 2; ++i) owner->tasks.spawn(wait_for_ever(host, log), owner);
  owner.reset();
  world->run_until(Instant(std::chrono::seconds(1)));
  world.reset();
  EXPECT_EQ(log, (std::vector<std::string>{"task", "task", "owner"}));
}

TEST_F(TaskGroupTest, TaskThatHadNotBegunGoesBeforeItsOwnerToo) {
  auto owner = std::make_shared<Owner>(host, log);
  owner->tasks.spawn(wait_for_ever(host, log), owner);
  owner.reset();
  world.reset();
  ASSERT_FALSE(log.empty());
  EXPECT_EQ(log.back(), "owner");
}

/// An operation that only its cancellation ends; it keeps its handler in `handler`.
Task<> until_told(UniqueFunction<void(error_code)>& handler, bool& told) {
  auto token = use_task;
  co_await asio::async_initiate<decltype(token), void(error_code)>(
      [&](auto completion) {
        asio::get_associated_cancellation_slot(completion).assign([&told](asio::cancellation_type) {
          told = true;
        });
        handler = std::move(completion);
      },
      token);
}

TEST_F(TaskGroupTest, TasksAreToldAtOnceAlsoFromOutsideTheLoop) {
  UniqueFunction<void(error_code)> handler;
  bool told = false;
  TaskGroup group(host);
  group.spawn(until_told(handler, told));
  world->run_until(world->now());
  group.cancel();
  EXPECT_TRUE(told);
  std::exchange(handler, {})(asio::error::operation_aborted);
  world->run_until(world->now());
  EXPECT_TRUE(group.empty());
}

}  // namespace
}  // namespace provlab::world
