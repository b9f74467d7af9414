#include "core/platform/html_writer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace provlab {
namespace {

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
