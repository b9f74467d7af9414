#include "sim/text/html_writer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace provlab {
namespace {

TEST(HtmlWriter, EscapesMarkupAndWhatXmlCannotHold) {
  EXPECT_EQ(html_escaped("<a b='c' d=\"e\">&amp;"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;");
  EXPECT_EQ(html_escaped("tab\tnew\nline"), "tab\tnew\nline");
  EXPECT_EQ(html_escaped(std::string_view("\0\x01\x7f", 3)), "\\x00\\x01\\x7f");
  EXPECT_EQ(html_escaped("\xc3\xa4 \xf0\x9f\x93\x9e"), "\xc3\xa4 \xf0\x9f\x93\x9e");
  EXPECT_EQ(html_escaped("\xc3<"), "\\xc3&lt;");
  EXPECT_EQ(html_escaped("\u202e\ufffe"), "\\u{202e}\\u{fffe}");
}

TEST(HtmlWriter, WritesElementsWithinEachOther) {
  HtmlWriter html;
  html.open("div", {{"class", "a \"b\""}, {"id", {}}, {"title", ""}});
  html.text("1 < 2 > 0");
  html.element("b", "it's", {{"lang", "en"}});
  html.empty("br", {{"class", "c&d"}});
  html.open("p");
  html.raw("<i>x</i>");
  html.close();
  html.close();
  EXPECT_EQ(html.take(),
            "<div class=\"a &quot;b&quot;\" title=\"\">1 &lt; 2 &gt; 0<b lang=\"en\">it&#39;s</b>"
            "<br class=\"c&amp;d\"/><p><i>x</i></p></div>");
}

TEST(HtmlWriter, SaysWhichElementIsStillOpen) {
  HtmlWriter html;
  html.open("ul");
  html.open("li");
  html.close();
  try {
    html.take();
    FAIL() << "it is open";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "an element is still open: ul");
  }
  html.close();
  EXPECT_EQ(html.take(), "<ul><li></li></ul>");
  EXPECT_THROW(html.close(), std::logic_error);
}

}  // namespace
}  // namespace provlab
