#pragma once
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "sim/lab/daemons/daemons.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/wire/namespace.hpp"

namespace provlab::lab {

/// In a network of the test program's own, as an ordinary user.
struct SpaceTest : testing::Test {
  void SetUp() override {
    static const Expected<void> inside = wire::enter_network_namespace();
    if (!inside) GTEST_SKIP() << inside.error().text;
  }

  static wire::NetworkSpace space() {
    auto made = wire::NetworkSpace::make();
    EXPECT_TRUE(made) << made.error().to_string();
    return std::move(*made);
  }
  static Shared<ScenarioPlan> plan_of(const std::string& responders,
                                      const std::string& expect = "<result is=\"provisioned\"/>",
                                      const std::string& file = "s.xml") {
    const PlanResult plan =
        compile_scenario("<scenario name=\"s\"><about>S.</about><responders>" + responders +
                             "</responders><expect>" + expect + "</expect></scenario>",
                         file);
    if (!plan) throw std::logic_error(plan.error().front().to_string());
    return *plan;
  }
};

}  // namespace provlab::lab
