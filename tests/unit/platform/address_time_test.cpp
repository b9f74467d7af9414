#include <gtest/gtest.h>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

namespace provlab {
namespace {

using namespace std::chrono_literals;

TEST(MacAddress, ReadsAnyCaseAndPrintsBothForms) {
  const auto mac = MacAddress::parse("00:09:52:00:00:0e");
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac->to_string(), "00:09:52:00:00:0E");
  EXPECT_EQ(mac->compact(), "00095200000E");
}

TEST(MacAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "00:09:52:00:00", "00-09-52-00-00-0E", "00:09:52:00:00:0G",
                           "00:09:52:00:00:0E:", "0:09:52:00:00:0E0"}) {
    EXPECT_FALSE(MacAddress::parse(text)) << text;
  }
}

TEST(Ipv4Address, ReadsDottedQuadsOnly) {
  EXPECT_EQ(Ipv4Address::parse("192.0.2.1")->to_string(), "192.0.2.1");
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1..2.3", "-1.2.3.4",
                           "1.2.3.4 ", "a.b.c.d"}) {
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

TEST(Endpoint, ReadsAddressAndPort) {
  EXPECT_EQ(Endpoint::parse("192.0.2.1:53")->port, 53);
  for (const char* text : {"192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", ":80"}) {
    EXPECT_FALSE(Endpoint::parse(text)) << text;
  }
}

TEST(DurationText, NeedsAUnitAndSaysWhich) {
  const auto bare = parse_duration("30");
  ASSERT_FALSE(bare);
  EXPECT_EQ(bare.error().text,
            "'30' has no unit; write a number with a unit, for example 30ms, 1.5s, 5min, 24h");
  for (const char* text :
       {"", "ms", "3 s", "3sec", "1.5.2s", "1.s", "3s ", "--3s", "1.5ns", "999999999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(DurationText, RoundTrips) {
  for (const char* text : {"0s", "250us", "30ms", "2s", "1.5s", "90s", "5min", "24h", "-3s", "1ns",
                           "1.000001s", "70s"}) {
    const auto value = parse_duration(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(to_string(*value), text);
  }
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
}

TEST(WallTimeText, RoundTripsInUtc) {
  for (const char* text :
       {"2026-03-01T08:00:00Z", "2036-02-07T06:28:16Z", "1999-12-31T23:59:59.5Z"}) {
    const auto value = parse_wall_time(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(to_string(*value), text);
  }
  for (const char* text :
       {"2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T08:00:00+01:00",
        "2026-03-01 08:00:00Z", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_wall_time(text)) << text;
  }
}

}  // namespace
}  // namespace provlab
