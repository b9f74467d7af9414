#include "sim/text/visible.hpp"

#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <vector>

#include "core/platform/utf8.hpp"
#include "sim/text/json_members.hpp"

namespace provlab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string utf8(char32_t code) {
  std::string out;
  const auto put = [&](char32_t octet) { out += static_cast<char>(octet); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
  }
  if (code >= 0x80) put(0x80 | (code & 0x3f));
  return out;
}

bool is_surrogate(char32_t code) {
  return code >= 0xd800 && code < 0xe000;
}

/// Whether a text holds only characters that may be shown.
bool holds_nothing_hidden(std::string_view text) {
  while (!text.empty()) {
    const FrontCharacter front = front_character(text);
    if (!front.whole || is_hidden(front.code)) return false;
    text.remove_prefix(front.octets);
  }
  return true;
}

TEST(Visible, EveryOctetAloneIsShown) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    const std::string text = std::string("a") + static_cast<char>(octet) + "b";
    const bool plain = octet >= 0x20 && octet < 0x7f;
    EXPECT_EQ(visible(text), plain ? text : fmt::format("a\\x{:02x}b", octet));
  }
}

TEST(Visible, EveryCharacterStaysOrIsEscapedWhole) {
  for (char32_t code = 0x80; code < 0x110000; ++code) {
    if (is_surrogate(code)) continue;
    const std::string text = utf8(code);
    const FrontCharacter front = front_character(text);
    ASSERT_TRUE(front.whole && front.code == code && front.octets == text.size());
    const std::string expected =
        is_hidden(code) ? fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(code)) : text;
    ASSERT_EQ(visible(text), expected);
  }
}

TEST(Visible, HidesWhatTerminalsObeyAndNobodySees) {
  const auto is_shown_as = [](char32_t code, const char* shown) {
    EXPECT_EQ(visible(utf8(code)), shown);
  };
  is_shown_as(0x1b, "\\x1b");        // escape
  is_shown_as(0x7f, "\\x7f");        // delete
  is_shown_as(0x9b, "\\u{9b}");      // CSI as one character
  is_shown_as(0xad, "\\u{ad}");      // soft hyphen
  is_shown_as(0x61c, "\\u{61c}");    // Arabic letter mark
  is_shown_as(0x200b, "\\u{200b}");  // zero width space
  is_shown_as(0x2028, "\\u{2028}");  // line separator
  for (char32_t mark = 0x202a; mark <= 0x202e; ++mark) EXPECT_TRUE(is_hidden(mark));
  for (char32_t mark = 0x2066; mark <= 0x2069; ++mark) EXPECT_TRUE(is_hidden(mark));
  is_shown_as(0xfeff, "\\u{feff}");      // byte order mark
  is_shown_as(0xffff, "\\u{ffff}");      // a noncharacter
  is_shown_as(0xe0041, "\\u{e0041}");    // a tag
  is_shown_as(0x10fffe, "\\u{10fffe}");  // the last plane's noncharacter
  for (const char32_t seen : {U'ä', U'→', U'中', U'א', U'😀', char32_t{0xfffd}}) {
    EXPECT_FALSE(is_hidden(seen));
  }
}

TEST(Visible, ShowsOctetsThatAreNoUtf8) {
  EXPECT_EQ(visible("\xc3"), "\\xc3");                               // cut short
  EXPECT_EQ(visible("\xc0\xaf"), "\\xc0\\xaf");                      // overlong
  EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80");             // a surrogate
  EXPECT_EQ(visible("\xf4\x90\x80\x80z"), "\\xf4\\x90\\x80\\x80z");  // beyond Unicode
  EXPECT_EQ(visible("\xe2\x82\x1b"), "\\xe2\\x82\\x1b");
}

TEST(Visible, WhatIsShownTwiceIsShownOnce) {
  const std::string once = visible("a\\\x1b\n\xff\u202e");
  EXPECT_EQ(once, "a\\\\x1b\\x0a\\xff\\u{202e}");
  EXPECT_EQ(visible(once), once);
}

TEST(Visible, LinesKeepTheirEndsAndTabs) {
  EXPECT_EQ(visible("a\tb\r\n\x1b", Layout::lines), "a\tb\\x0d\n\\x1b");
}

TEST(Visible, MarkupMeansTheSame) {
  EXPECT_EQ(visible("<a b=\"\u202e\">\u009b\n</a>", Layout::markup),
            "<a b=\"&#x202e;\">&#x9b;\n</a>");
  EXPECT_EQ(visible("<![CDATA[a\u202eb]]>\u202e", Layout::markup),
            "<![CDATA[a]]>&#x202e;<![CDATA[b]]>&#x202e;");
  EXPECT_EQ(visible("\x1b\uffff", Layout::markup), "\\x1b\\u{ffff}");
}

TEST(Visible, MarkupIsReadAgainWhereXmlTakesIt) {
  EXPECT_EQ(visible("\t\n\r", Layout::markup), "\t\n&#xd;");
  EXPECT_EQ(visible(std::string_view("\0\x08\x0b\x0c\x0e\x1f", 6), Layout::markup),
            "\\x00\\x08\\x0b\\x0c\\x0e\\x1f");
  EXPECT_EQ(visible("\x7f\u0080\u00ad\ufffe\U0001ffff\U000e0fff\xff", Layout::markup),
            "&#x7f;&#x80;&#xad;\\u{fffe}\\u{1ffff}&#xe0fff;\\xff");
  EXPECT_EQ(visible("]]>\u00ad<![CDATA[\u00ad\u00ad]]>\u00ad<![CDATA[]]>", Layout::markup),
            "]]>&#xad;<![CDATA[]]>&#xad;<![CDATA[]]>&#xad;<![CDATA[]]>&#xad;<![CDATA[]]>");
}

TEST(Shown, TakesTextForALineAndNumbersAsTheyAre) {
  EXPECT_EQ(shown("{}\n{:<4}|{:02}\n", "a\nb", std::string_view("\x1b"), 7), "a\\x0ab\n\\x1b|07\n");
  const std::vector<std::string> words{"a", "\x07"};
  EXPECT_EQ(shown("{}", fmt::join(words, ", ")), "a, \\x07");
}

TEST(JsonText, HoldsNothingHiddenWhateverItSays) {
  for (unsigned octet = 0; octet < 256; ++octet) {
    TextBuffer out;
    JsonMembers{out}("key", std::string(1, static_cast<char>(octet)));
    EXPECT_TRUE(holds_nothing_hidden(out.view())) << octet;
  }
  TextBuffer out;
  JsonMembers{out}("key", "\x7f\u009b\u202e\U000e0041\uffff\xff");
  EXPECT_EQ(out.view(), ",\"key\":\"\\u007f\\u009b\\u202e\\udb40\\udc41\\uffff\\ufffd\"");
}

}  // namespace
}  // namespace provlab
