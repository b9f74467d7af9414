#include "core/net/markers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::net {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

DeviceIdentity device() {
  DeviceIdentity identity;
  identity.serial = "AB-1234";
  return identity;
}

TEST(Markers, AllSixAreReplaced) {
  const auto result = replace_markers("<SERIAL> {serial} <HWTYP> {type} <MACADR> {mac}", device());
  EXPECT_EQ(result.text, "AB-1234 AB-1234 D200 D200 00095200000E 00095200000E");
  EXPECT_THAT(result.unknown, IsEmpty());
}

TEST(Markers, GiveTheUrlsOfTheSourceDocument) {
  EXPECT_EQ(replace_markers("http://prov.server.com/prov.py?mac=<MACADR>", device()).text,
            "http://prov.server.com/prov.py?mac=00095200000E");
  EXPECT_EQ(replace_markers("http://foo/<HWTYP>.bak", device()).text, "http://foo/D200.bak");
}

TEST(Markers, UnknownOnesAreLeftAndReportedInOrder) {
  const auto result = replace_markers("http://a/<FOO>/{mac}/{bar}/<FOO>", device());
  EXPECT_EQ(result.text, "http://a/<FOO>/00095200000E/{bar}/<FOO>");
  EXPECT_THAT(result.unknown, ElementsAre("<FOO>", "{bar}", "<FOO>"));
}

TEST(Markers, CountOnlyInTheirExactSpelling) {
  const auto result = replace_markers("<mac>{MAC}<Serial>{SERIAL}{hwtyp}", device());
  EXPECT_EQ(result.text, "<mac>{MAC}<Serial>{SERIAL}{hwtyp}");
  EXPECT_THAT(result.unknown, ElementsAre("<mac>", "{MAC}", "<Serial>", "{SERIAL}", "{hwtyp}"));
}

TEST(Markers, BracketsThatAreNoMarkersPassSilently) {
  for (const char* text : {"<", "{", "<>", "{}", "a<b", "{a b}", "<a/b>", "{mac", "<MACADR}"}) {
    const auto result = replace_markers(text, device());
    EXPECT_EQ(result.text, text);
    EXPECT_THAT(result.unknown, IsEmpty()) << text;
  }
}

TEST(Markers, AreFoundRightAfterAStrayBracket) {
  EXPECT_EQ(replace_markers("<<HWTYP>>{{mac}}", device()).text, "<D200>{00095200000E}");
}

TEST(Markers, AValuePutInIsNotSearchedAgain) {
  DeviceIdentity odd = device();
  odd.serial = "{mac}";
  EXPECT_EQ(replace_markers("<SERIAL>", odd).text, "{mac}");
}

}  // namespace
}  // namespace provlab::net
