#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

namespace provlab {
namespace {

TEST(Ipv4Address, ReadsDottedQuadsOnly) {
  EXPECT_EQ(Ipv4Address::parse("192.0.2.1")->to_string(), "192.0.2.1");
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "-1.2.3.4",
                           "1.2.3.4 ", "a.b.c.d", "1.2.3.", "1.2.3.00"}) {
    EXPECT_FALSE(Ipv4Address::parse(text)) << text;
  }
}

TEST(Ipv4Address, KnowsItsKinds) {
  EXPECT_TRUE(Ipv4Address::parse("224.0.1.75")->is_multicast());
  EXPECT_TRUE(Ipv4Address::broadcast().is_broadcast());
  EXPECT_FALSE(Ipv4Address::broadcast().is_unicast());
  EXPECT_FALSE(Ipv4Address::of(127, 0, 0, 1).is_unicast());
  EXPECT_TRUE(Ipv4Address::of(192, 0, 2, 1).is_unicast());
}

TEST(InterfaceAddress, KnowsItsNetwork) {
  const InterfaceAddress address{Ipv4Address::of(192, 0, 2, 100), 25};
  EXPECT_TRUE(address.on_link(Ipv4Address::of(192, 0, 2, 1)));
  EXPECT_FALSE(address.on_link(Ipv4Address::of(192, 0, 2, 200)));
  EXPECT_EQ(address.directed_broadcast(), Ipv4Address::of(192, 0, 2, 127));
  EXPECT_TRUE(
      (InterfaceAddress{Ipv4Address::of(1, 2, 3, 4), 0}).on_link(Ipv4Address::of(9, 9, 9, 9)));
}

TEST(Netmask, MustBeContiguous) {
  EXPECT_EQ(*prefix_length_of(Ipv4Address::of(255, 255, 255, 0)), 24U);
  EXPECT_EQ(*prefix_length_of(Ipv4Address::broadcast()), 32U);
  EXPECT_EQ(*prefix_length_of(Ipv4Address::any()), 0U);
  EXPECT_FALSE(prefix_length_of(Ipv4Address::of(255, 0, 255, 0)));
}

TEST(DurationText, IsTheShortestThatIsExact) {
  const std::pair<std::int64_t, const char*> texts[]{
      {-1'500'000, "-1.5ms"},
      {-3'600'000'000'000, "-1h"},
      {999, "999ns"},
      {1'000, "1us"},
      {999'999, "999.999us"},
      {1'000'000, "1ms"},
      {999'999'999, "999.999999ms"},
      {1'000'000'000, "1s"},
      {1'000'000'001, "1.000000001s"},
      {240'000'000'000, "240s"},
      {300'000'000'000, "5min"},
      {301'000'000'000, "301s"},
      {5'400'000'000'000, "90min"},
  };
  for (const auto& [count, text] : texts) EXPECT_EQ(to_string(Duration(count)), text);
}

TEST(MacAddress, PrintsBothForms) {
  const MacAddress mac{{0x00, 0x09, 0x52, 0xfe, 0xba, 0x0e}};
  EXPECT_EQ(mac.to_string(), "00:09:52:FE:BA:0E");
  EXPECT_EQ(mac.compact(), "000952FEBA0E");
}

}  // namespace
}  // namespace provlab
