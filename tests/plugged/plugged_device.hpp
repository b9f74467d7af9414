#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/plugged/program.hpp"
#include "tests/plugged/servers.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/port/cable.hpp"

namespace provlab::lab {

/// The servers of a scenario at one end of a cable; `provlab device` is to be plugged into the
/// other.
struct PluggedDevice : wire::CableTest {
  void SetUp() override {
    wire::CableTest::SetUp();
    if (!IsSkipped()) serve("scenarios/dhcp-url/options-66-and-67.xml");
  }
  void TearDown() override {
    servers_.reset();
    wire::CableTest::TearDown();
  }
  void serve(const std::string& scenario) {
    servers_.reset();
    const PlanResult plan = load_scenario(std::string(PROVLAB_SOURCE_DIR "/") + scenario);
    ASSERT_TRUE(plan) << plan.error().front().to_string();
    plan_ = *plan;
    servers_.emplace(plan_, open("theirs"));
  }

  static std::vector<std::string> device(std::vector<std::string> more) {
    std::vector<std::string> all = {PROVLAB_PROGRAM, "device", "--interface", "ours"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  struct Said {
    int code;
    std::string text;
  };
  static Said run(std::vector<std::string> more, const std::function<void()>& prepare = {}) {
    test::Program program(device(std::move(more)), test::Program::On::pipe, prepare);
    const int code = program.ends();
    return {code, program.text()};
  }

  const test::TemporaryFolder folder_;
  const std::string store_ = folder_ / "deep/store";
  Shared<ScenarioPlan> plan_;
  std::optional<RunningServers> servers_;
};

}  // namespace provlab::lab
