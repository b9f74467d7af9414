#include "sim/text/json_members.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

namespace provlab {
namespace {

template <class Value>
std::string member(const Value& value) {
  TextBuffer out;
  JsonMembers{out}("k", value);
  return std::string(out.view());
}

TEST(JsonMembers, WritesEachKindOfValue) {
  EXPECT_EQ(member(true), R"(,"k":true)");
  EXPECT_EQ(member(false), R"(,"k":false)");
  EXPECT_EQ(member(INT64_MIN), R"(,"k":-9223372036854775808)");
  EXPECT_EQ(member(INT64_MAX), R"(,"k":9223372036854775807)");
  EXPECT_EQ(member(0), R"(,"k":0)");
  EXPECT_EQ(member(Ipv4Address::broadcast()), R"(,"k":"255.255.255.255")");
  EXPECT_EQ(member(Endpoint{Ipv4Address::broadcast(), 65535}), R"(,"k":"255.255.255.255:65535")");
  EXPECT_EQ(member(std::optional<int>()), "");
  EXPECT_EQ(member(std::optional(3)), R"(,"k":3)");
  EXPECT_EQ(member(""), R"(,"k":"")");
}

TEST(JsonMembers, EscapesWhatIsNoPlainCharacter) {
  EXPECT_EQ(member("a \"b\" \\c\n~"), R"(,"k":"a \"b\" \\c\n~")");
  EXPECT_EQ(member("\t\x1f\x7f"), R"(,"k":"\u0009\u001f\u007f")");
  EXPECT_EQ(member("\u0080\u00ad\u202e\uffff"), R"(,"k":"\u0080\u00ad\u202e\uffff")");
  EXPECT_EQ(member("\U0001fffe\U000e0001\U0010ffff"),
            R"(,"k":"\ud83f\udffe\udb40\udc01\udbff\udfff")");
  EXPECT_EQ(member("ä€\U0001f600"), ",\"k\":\"ä€\U0001f600\"");
  EXPECT_EQ(member("äab€c\n\"d\xff"
                   "e"),
            R"(,"k":"äab€c\n\"d\ufffde")");
  EXPECT_EQ(member("\xff\xc3"), R"(,"k":"\ufffd\ufffd")");
}

TEST(JsonMembers, HaveRoomForWhatTheyWrite) {
  for (std::size_t size = 0; size < 20'000; size += 997) {
    TextBuffer out;
    const std::string controls(size, '\x01');
    JsonMembers{out}("k", controls);
    JsonMembers{out}("l", INT64_MIN);
    JsonMembers{out}("m", Endpoint{Ipv4Address::broadcast(), 65535});
    const std::string tail = R"(","l":-9223372036854775808,"m":"255.255.255.255:65535")";
    EXPECT_EQ(out.size(), size * 6 + 6 + tail.size());
    EXPECT_TRUE(out.view().ends_with(tail));
  }
}

TEST(JsonMembers, FitWhereTheirBufferIsJustFull) {
  constexpr std::size_t kFull = 8192;
  const auto check = [](const auto& value, std::string_view written) {
    for (std::size_t filled = kFull - 64; filled <= kFull; ++filled) {
      TextBuffer out;
      out.append(std::string(filled, 'x'));
      JsonMembers{out}("k", value);
      out.append(std::string(2 * kFull, 'y'));
      ASSERT_EQ(out.view().substr(filled, written.size()), written) << filled;
      ASSERT_EQ(out.size(), filled + written.size() + 2 * kFull);
    }
  };
  check(INT64_MIN, R"(,"k":-9223372036854775808)");
  check(false, R"(,"k":false)");
  check(Ipv4Address::broadcast(), R"(,"k":"255.255.255.255")");
  check(Endpoint{Ipv4Address::broadcast(), 65535}, R"(,"k":"255.255.255.255:65535")");
  check("\x01\x02", R"(,"k":"\u0001\u0002")");
}

}  // namespace
}  // namespace provlab
