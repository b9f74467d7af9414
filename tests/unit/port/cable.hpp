#pragma once
#include <gtest/gtest.h>

#include "sim/wire/interface.hpp"
#include "sim/wire/namespace.hpp"
#include "sim/wire/pacer.hpp"

namespace provlab::wire {

/// A cable in a network namespace that the test program makes for itself, as an ordinary user. One
/// end is for worlds, the other for the kernel's own stack or for another world.
struct CableTest : testing::Test {
  void SetUp() override {
    static const Expected<void> inside = enter_network_namespace();
    if (!inside) GTEST_SKIP() << inside.error().text;
    const auto made = make_cable("ours", "theirs");
    ASSERT_TRUE(made) << made.error().to_string();
    plugged_ = true;
  }
  void TearDown() override {
    if (!plugged_) return;
    EXPECT_TRUE(remove_interface("ours"));
  }
  static std::unique_ptr<Interface> open(const std::string& name) {
    auto opened = Interface::open(name);
    EXPECT_TRUE(opened) << opened.error().to_string();
    return std::move(*opened);
  }

 private:
  bool plugged_ = false;
};

}  // namespace provlab::wire
