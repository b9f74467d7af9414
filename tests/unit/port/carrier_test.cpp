#include "sim/wire/carrier.hpp"

#include "sim/world/frame_writer.hpp"
#include "sim/world/world.hpp"
#include "tests/unit/port/cable.hpp"

namespace provlab::wire {
namespace {

using namespace std::chrono_literals;

struct CarrierTest : CableTest {
  /// Runs the loop until it is so; false after two seconds.
  bool becomes(Carrier& carrier, Carrier::State state) {
    return *pacer_.run([&] { return carrier.state() == state; }, pacer_.clock() + 2s);
  }

  world::World world_;
  Pacer pacer_{world_, nullptr};
};

TEST_F(CarrierTest, GoesOutAndInWithTheOtherEndAndWithTheInterfaceItself) {
  const auto carrier = Carrier::follow(world_.context(), "ours");
  ASSERT_TRUE(carrier) << carrier.error().to_string();
  EXPECT_TRUE(becomes(**carrier, Carrier::State::in));
  for (const char* end : {"theirs", "ours"}) {
    ASSERT_TRUE(set_interface_up(end, false));
    EXPECT_TRUE(becomes(**carrier, Carrier::State::out)) << end;
    ASSERT_TRUE(set_interface_up(end, true));
    EXPECT_TRUE(becomes(**carrier, Carrier::State::in)) << end;
  }
  ASSERT_TRUE(remove_interface("ours"));
  EXPECT_TRUE(becomes(**carrier, Carrier::State::gone));
  ASSERT_TRUE(make_cable("ours", "theirs"));
  EXPECT_EQ((*carrier)->state(), Carrier::State::gone) << "another one of the same name";
}

TEST_F(CarrierTest, OfNoInterfaceIsRefused) {
  const auto carrier = Carrier::follow(world_.context(), "none");
  ASSERT_FALSE(carrier);
  EXPECT_EQ(carrier.error().text, "there is no interface 'none'");
}

/// A world at one end of the cable hears frames again when the interface has been down.
TEST_F(CarrierTest, InterfaceThatWasDownReceivesAgain) {
  const auto ours = open("ours");
  const auto theirs = open("theirs");
  ASSERT_TRUE(ours->want({.stations = {}, .groups = {}}));
  const auto hears = [&] {
    const world::ArpMessage arp{};
    const Bytes frame =
        world::write_frame(MacAddress::broadcast(), MacAddress{{2, 0, 0, 0, 0, 9}}, arp);
    std::size_t heard = 0;
    const auto done = [&] {
      (void)theirs->send(frame);
      const auto got = ours->receive(64, [&](BytesView) { ++heard; });
      EXPECT_TRUE(got) << got.error().to_string();
      return heard > 0 || !got;
    };
    return *pacer_.run(done, pacer_.clock() + 1s);
  };
  EXPECT_TRUE(hears());
  ASSERT_TRUE(set_interface_up("ours", false));
  for (int i = 0; i < 3; ++i) {
    const auto got = ours->receive(64, [](BytesView) {});
    EXPECT_TRUE(got) << got.error().to_string();
  }
  ASSERT_TRUE(set_interface_up("ours", true));
  EXPECT_TRUE(hears());
  ASSERT_TRUE(remove_interface("ours"));
  const auto got = ours->receive(64, [](BytesView) {});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().text, "the interface 'ours' is gone; start again when it is back");
  ASSERT_TRUE(make_cable("ours", "theirs"));
}

}  // namespace
}  // namespace provlab::wire
