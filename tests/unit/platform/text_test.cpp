#include "core/platform/text.hpp"

#include <gtest/gtest.h>

namespace provlab {
namespace {

TEST(Text, LowerChangesLettersOfAsciiAlone) {
  EXPECT_EQ(lower("AZaz@[09"), "azaz@[09");
  EXPECT_EQ(lower("\xc3\x84"), "\xc3\x84");
}

TEST(Text, SameIgnoringCaseComparesWholeTexts) {
  EXPECT_TRUE(same_ignoring_case("Check-Sync", "cHECK-sYNC"));
  EXPECT_TRUE(same_ignoring_case("", ""));
  EXPECT_FALSE(same_ignoring_case("check", "check-sync"));
  EXPECT_FALSE(same_ignoring_case("@", "`"));
}

TEST(Text, TrimmedTakesTheCharactersOfItsSetFromTheEnds) {
  EXPECT_EQ(trimmed(" \t\r\na b\n "), "a b");
  EXPECT_EQ(trimmed(" \ta\r\n", kBlanks), "a\r\n");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, PrintableEscapesControlsAndOnDemandAllThatIsNoAscii) {
  EXPECT_EQ(printable("a\x07\x7f\xc3\xa4", Escaped::controls), "a\\x07\\x7f\xc3\xa4");
  EXPECT_EQ(printable("a\x07\x7f\xc3\xa4~", Escaped::all_but_ascii), "a\\x07\\x7f\\xc3\\xa4~");
}

TEST(Text, PrintableEndsAfter200Octets) {
  EXPECT_EQ(printable(std::string(200, 'a'), Escaped::controls), std::string(200, 'a'));
  EXPECT_EQ(printable(std::string(201, 'a'), Escaped::controls), std::string(200, 'a') + "…");
}

TEST(Text, ShortenedCutsNoCharacterInTwo) {
  EXPECT_EQ(shortened("abcd", 4), "abcd");
  EXPECT_EQ(shortened("abcde", 4), "abcd…");
  EXPECT_EQ(shortened("abc\xc3\xa4", 4), "abc…");
}

}  // namespace
}  // namespace provlab
