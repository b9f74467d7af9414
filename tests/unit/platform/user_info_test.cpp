#include "core/platform/user_info.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "sim/record/trace.hpp"

namespace provlab {
namespace {

TEST(UserInfo, IsHiddenWhereverAUrlStandsInAText) {
  EXPECT_EQ(hide_user_info("http://user:pw@host/a"), "http://***@host/a");
  EXPECT_EQ(hide_user_info("the URL of option 66 is 'http://user:pw@host/a', which is not usable"),
            "the URL of option 66 is 'http://***@host/a', which is not usable");
  EXPECT_EQ(hide_user_info("a http://u@h, b HTTPS://v:w@i?x c"),
            "a http://***@h, b HTTPS://***@i?x c");
  EXPECT_EQ(hide_user_info("ftp://u:p@h/ and tftp://u:p@h"), "ftp://***@h/ and tftp://***@h");
  EXPECT_EQ(hide_user_info("/get?from=http://u:p@h/x"), "/get?from=http://***@h/x");
}

TEST(UserInfo, IsHiddenInItsStrangerForms) {
  EXPECT_EQ(hide_user_info("http://a:b@c@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("HtTp://a:b@host"), "HtTp://***@host");
  EXPECT_EQ(hide_user_info("http:a:b@host"), "http:***@host");
  EXPECT_EQ(hide_user_info("http:/a:b@host"), "http:/***@host");
  EXPECT_EQ(hide_user_info("http:\\\\a:b@host"), "http:\\\\***@host");
  EXPECT_EQ(hide_user_info("http://us\\er:b@host"), "http://***@host");
  EXPECT_EQ(hide_user_info("http://user:pw%40host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:p/w@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:p?w#x@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:p w@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:'\"<@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:http://x@host/"), "http://***@host/");
  EXPECT_EQ(hide_user_info("http://user:very-long-passw…"), "http://***@");
}

TEST(UserInfo, OtherTextsStayAsTheyAre) {
  for (const char* text :
       {"http://host/a@b", "http://host:80/?mail=a@b", "'http://host:8080': 'a@b' is no name",
        "http://host:8080: a@b", "sip:MAC%3a00095200000E@224.0.1.75", "mailto:a@b",
        "//template[@name='Test']", "child::a//b[@c]", "http://[2001:db8::1]/a@b", "a@b", "",
        "http://", "http:", "://@", "http://host/%40", "…", "http://host, ask a@b"}) {
    EXPECT_EQ(hide_user_info(text), text);
  }
}

TEST(UserInfo, IsHiddenInAUrlWithoutAScheme) {
  EXPECT_EQ(shown_url("user:pw@host/a"), "***@host/a");
  EXPECT_EQ(shown_url("user@host"), "***@host");
  EXPECT_EQ(shown_url("//user:pw@host/a"), "//***@host/a");
  EXPECT_EQ(shown_url("user:p/w@host"), "***@host");
  EXPECT_EQ(shown_url("ftp:user:pw@host"), "***@host");
}

TEST(UserInfo, IsHiddenInAUrlWithBlanks) {
  EXPECT_EQ(shown_url(" http://us er:p\nw@host/ "), " http://***@host/ ");
  EXPECT_EQ(shown_url("us er:pw@host"), "***@host");
  EXPECT_EQ(shown_url("http://h/?a=http://u:p@i"), "http://h/?a=http://***@i");
}

TEST(UserInfo, AReferenceWithoutOneStaysAsItIs) {
  for (const char* url :
       {"/a@b.xml", "dir/a@b.xml", "http://host/a@b?c@d", "?a@b", "host:80/a@b", "http://host",
        "first.xml", "", " ", "http://m\xc3\xbcnchen.example/a@b"}) {
    EXPECT_EQ(shown_url(url), url);
    EXPECT_FALSE(has_user_info(url));
  }
}

TEST(UserInfo, IsLookedForInLinearTime) {
  const auto repeat = [](std::string_view piece) {
    std::string text;
    while (text.size() < 100'000) text += piece;
    return text;
  };
  const std::clock_t started = std::clock();  // house-rules: a limit for the test
  for (const char* piece : {"http:", "http://a:x/", "http://a:x ", "a@", "http://", ":",
                            "http://a@", "http://a:@/", "x:////", "\\", "http:\\\\a:b "}) {
    (void)hide_user_info(repeat(piece) + "@");
    (void)hide_user_info("@" + repeat(piece));
    (void)shown_url(repeat(piece) + " @");
  }
  const std::clock_t took = std::clock() - started;  // house-rules: see above
  EXPECT_LT(took, 3 * CLOCKS_PER_SEC);
}

struct Told {
  static constexpr std::string_view name = "told";
  std::string_view text;
  void fields(auto&& field) const { field("text", text); }
};

TEST(UserInfo, NeverGetsIntoATrace) {
  Trace trace;
  const HostId host = trace.add_host("phone");
  trace.record(host, Instant{}, Told{"get http://user:pw@host/\xc3\xa4"});
  EXPECT_EQ(trace.event(1).field("text"), "get http://***@host/\xc3\xa4");
}

}  // namespace
}  // namespace provlab
