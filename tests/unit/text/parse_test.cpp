#include "sim/text/parse.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace provlab {
namespace {

using namespace std::chrono_literals;

TEST(MacAddress, ReadsAnyCaseAndPrintsBothForms) {
  const auto mac = parse_mac("00:09:52:00:00:0e");
  ASSERT_TRUE(mac);
  EXPECT_EQ(mac->to_string(), "00:09:52:00:00:0E");
  EXPECT_EQ(mac->compact(), "00095200000E");
}

TEST(MacAddress, ReadsEachDigitInItsPlace) {
  const std::array<std::uint8_t, 6> octets{0xfe, 0xdc, 0xba, 0x98, 0x76, 0x50};
  EXPECT_EQ(parse_mac("fE:Dc:bA:98:76:50")->octets, octets);
  const std::string good = "fe:dc:ba:98:76:50";
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = 'g';
    EXPECT_EQ(parse_mac(bad).error().text,
              "'" + bad + "' is not a MAC address; write six octets as 00:09:52:00:00:0E");
  }
}

TEST(MacAddress, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "00:09:52:00:00", "00-09-52-00-00-0E", "00:09:52:00:00:0G",
                           "00:09:52:00:00:0E:", "0:09:52:00:00:0E0"}) {
    EXPECT_FALSE(parse_mac(text)) << text;
  }
}

TEST(Endpoint, ReadsAddressAndPort) {
  EXPECT_EQ(parse_endpoint("192.0.2.1:53")->port, 53);
  for (const char* text : {"192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", ":80"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(Endpoint, HasPortsUpTo65535AndSaysSo) {
  EXPECT_EQ(parse_endpoint("192.0.2.1:0")->port, 0);
  EXPECT_EQ(parse_endpoint("192.0.2.1:65535")->port, 65535);
  EXPECT_EQ(parse_endpoint("192.0.2.1:65535")->to_string(), "192.0.2.1:65535");
  EXPECT_EQ(parse_endpoint("192.0.2.1:53")->address, Ipv4Address::of(192, 0, 2, 1));
  EXPECT_EQ(parse_endpoint("192.0.2.1:65536").error().text,
            "'192.0.2.1:65536' has no valid port (0 to 65535)");
  EXPECT_EQ(parse_endpoint("192.0.2.1").error().text,
            "'192.0.2.1' has no port; write it as 192.0.2.1:53");
  EXPECT_EQ(parse_endpoint("a:53").error().text,
            "'a' is not an IPv4 address; write it as 192.0.2.1");
}

TEST(DurationText, KnowsEachUnitAndItsFractions) {
  const std::pair<const char*, std::int64_t> values[]{
      {"7ns", 7},
      {"7us", 7'000},
      {"7.001us", 7'001},
      {"7ms", 7'000'000},
      {"0.000001ms", 1},
      {"7s", 7'000'000'000},
      {"7.0s", 7'000'000'000},
      {"7.123456789s", 7'123'456'789},
      {"7min", 420'000'000'000},
      {"0.5min", 30'000'000'000},
      {"7h", 25'200'000'000'000},
      {"-1.5h", -5'400'000'000'000},
      {"9223372036854775806ns", INT64_MAX - 1},
      {"9223372035s", 9'223'372'035'000'000'000},
  };
  for (const auto& [text, value] : values) {
    EXPECT_EQ(parse_duration(text)->count(), value) << text;
  }
}

TEST(DurationText, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> wrongs[]{
      {"-", "is not a length of time"},
      {"--1s", "is not a length of time"},
      {"s", "is not a length of time"},
      {"99999999999999999999s", "is not a length of time"},
      {"1.5.2s", "is not a length of time"},
      {"1.5", "has no unit"},
      {"1d", "has an unknown unit"},
      {"1.s", "is finer than a nanosecond or ends in a point"},
      {"1.0000000001s", "is finer than a nanosecond or ends in a point"},
      {"9223372036s", "is longer than 292 years"},
      {"9223372036854775807ns", "is longer than 292 years"},
  };
  for (const auto& [text, why] : wrongs) {
    EXPECT_EQ(parse_duration(text).error().text,
              "'" + std::string(text) + "' " + why +
                  "; write a number with a unit, for example 30ms, 1.5s, 5min, 24h");
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

TEST(WallTimeText, HasTheFirstAndLastOfEachPart) {
  for (const char* text :
       {"1678-01-01T00:00:00Z", "2261-12-31T23:59:59Z", "2024-02-29T23:59:59.000000001Z",
        "1969-12-31T23:59:59.25Z", "2026-10-31T09:08:07.123456789Z"}) {
    const auto value = parse_wall_time(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(to_string(*value), text);
  }
  EXPECT_EQ(parse_wall_time("1970-01-02T01:01:01.5Z")->time_since_epoch(), 25h + 61s + 500ms);
  for (const char* text : {"1677-12-31T23:59:59Z",
                           "2262-01-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00.0000000001Z",
                           "2026-01-01T00:00:00",
                           "2026-01-01T00:00:0",
                           "-026-01-01T00:00:00Z",
                           "2026-1-01T00:00:00Z",
                           "2026-01-01T-1:00:00Z",
                           "2026-01-01T00:-1:00Z",
                           "2026-01-01T00:00:-1Z",
                           "2026-01-01T-0:00:00Z",
                           "2026-01-01T00:-0:00Z",
                           "2026-01-01T00:00:-0Z",
                           "2026-01-01T00:00:+0Z"}) {
    EXPECT_EQ(parse_wall_time(text).error().text,
              "'" + std::string(text) + "' is not a time; write it in UTC as 2026-03-01T08:00:00Z");
  }
  const std::string good = "2026-03-01T08:00:00Z";
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = '+';
    EXPECT_FALSE(parse_wall_time(bad)) << bad;
    bad.erase(at, 1);
    EXPECT_FALSE(parse_wall_time(bad)) << bad;
  }
  EXPECT_FALSE(parse_wall_time("2026-03-01T08:00:Z"));
}

TEST(Serial, IsOfUpTo32LettersDigitsAndDashes) {
  EXPECT_TRUE(valid_serial("0"));
  EXPECT_TRUE(valid_serial("0189-AZaz-" + std::string(22, 'x')));
  EXPECT_FALSE(valid_serial(""));
  EXPECT_FALSE(valid_serial(std::string(33, '1')));
  for (const char c : std::string_view("_/:@[`{ .\xc3")) {
    EXPECT_FALSE(valid_serial(std::string("1") + c));
  }
}

}  // namespace
}  // namespace provlab
