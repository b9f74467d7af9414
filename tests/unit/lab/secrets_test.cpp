#include "sim/lab/contents/secrets.hpp"

#include <gmock/gmock.h>

namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string hidden(std::string_view text) {
  return Secrets().hide(text);
}

TEST(Secrets, OfPasswordElementsAreHiddenWhateverTheyLookLike) {
  EXPECT_EQ(hidden("<a><password>x</password><b>y</b></a>"),
            "<a><password>***</password><b>y</b></a>");
  EXPECT_EQ(hidden("<n:Password a='>'>x</n:Password>"), "<n:Password a='>'>***</n:Password>");
  EXPECT_EQ(hidden("<PASSWORD><![CDATA[<x>]]></PASSWORD>"), "<PASSWORD>***</PASSWORD>");
  EXPECT_EQ(hidden("&lt;password&gt;x&lt;/password&gt;"), "&lt;password&gt;***&lt;/password&gt;");
  EXPECT_EQ(hidden("<password>one\ntwo</password>\n<c/>"), "<password>***\n</password>\n<c/>");
  EXPECT_EQ(hidden("<password/><c>y</c>"), "<password/><c>y</c>");
  EXPECT_EQ(hidden("<password></password>"), "<password></password>");
}

TEST(Secrets, ThatAreCutOffAreHiddenAsFarAsTheyGo) {
  EXPECT_EQ(hidden("<a><password>half of i"), "<a><password>***");
  EXPECT_EQ(hidden("<a><password class=\"half"), "<a><password***");
}

TEST(Secrets, AreNotWhatOnlySoundsLikeOne) {
  for (const std::string_view text :
       {"<changePassword>true</changePassword>", "<passwords>two</passwords>",
        "the password is wrong", "password: what you were given", "sip:100@192.0.2.1",
        "http://prov.server.com/a.xml"}) {
    EXPECT_EQ(hidden(text), text);
  }
}

TEST(Secrets, OfAttributesPathsAndFieldsAreHidden) {
  EXPECT_EQ(hidden("<user password=\"x\" name=\"n\"/>"), "<user password=\"***\" name=\"n\"/>");
  EXPECT_EQ(hidden("<setting path=\"/users/user[2]/password\" equals=\"x\" line=\"3\"/>"),
            "<setting path=\"/users/user[2]/password\" equals=\"***\" line=\"3\"/>");
  EXPECT_EQ(hidden("<set path=\"//password\">x</set>"), "<set path=\"//password\">***</set>");
  EXPECT_EQ(hidden("<set value=\"x\" path=\"/a/password\"/>"),
            "<set value=\"***\" path=\"/a/password\"/>");
  EXPECT_EQ(hidden("//user[password='x']/name"), "//user[password='***']/name");
  EXPECT_EQ(hidden("{\"user\":\"n\",\"password\": \"x\"}"),
            "{\"user\":\"n\",\"password\": \"***\"}");
  EXPECT_EQ(hidden("GET /a?password=x&b=1 HTTP/1.1"), "GET /a?password=***&b=1 HTTP/1.1");
  EXPECT_EQ(hidden("user=n&password=x"), "user=n&password=***");
}

TEST(Secrets, OfHeadersAreHiddenToTheEndOfTheirLines) {
  EXPECT_EQ(hidden("GET / HTTP/1.1\r\nAuthorization: Basic dTpw\r\nHost: a\r\n"),
            "GET / HTTP/1.1\r\nAuthorization: Basic ***\r\nHost: a\r\n");
  EXPECT_EQ(hidden("proxy-authorization: Digest a=1,\r\n b=2\r\nTo: x"),
            "proxy-authorization: Digest ***\n\r\nTo: x");
  EXPECT_EQ(hidden("Set-Cookie: s=1; Path=/\n"), "Set-Cookie: ***\n");
}

TEST(Secrets, OfUrlsAreHiddenAsEverywhere) {
  EXPECT_EQ(hidden("see http://u:p@host/a"), "see http://***@host/a");
}

TEST(Secrets, ThatWereLearntAreHiddenWhereverTheyStandAlone) {
  Secrets secrets;
  secrets.learn("<password>s3cret</password><password>a&amp;bc</password>");
  EXPECT_EQ(secrets.hide("it is 's3cret', not s3cretly"), "it is '***', not s3cretly");
  EXPECT_EQ(secrets.hide("it is 'a&bc' or 'a&amp;bc'"), "it is '***' or '***'");
  secrets.learn("http://user:hidden@host/ u:also@host");
  EXPECT_EQ(secrets.hide("hidden also"), "*** ***");
}

TEST(Secrets, AreNotShortValuesNorThoseOfTheFactory) {
  Secrets secrets;
  secrets.learn("<password>abc</password><password>admin</password><password>true</password>");
  EXPECT_THAT(secrets.values(), IsEmpty());
}

TEST(Secrets, OfSettingsAreKnownByTheirPath) {
  const Secrets secrets;
  EXPECT_EQ(secrets.hide_value("users/user[1]/password", "x"), "***");
  EXPECT_EQ(secrets.hide_value("/users/user[@n='a/b']/password/text()", "x"), "***");
  EXPECT_EQ(secrets.hide_value("users/user[1]/@password", "x"), "***");
  EXPECT_EQ(secrets.hide_value("users/user[1]/password", "(none)"), "(none)");
  EXPECT_EQ(secrets.hide_value("users/user[1]/name", "x"), "x");
}

TEST(Secrets, AreHiddenInATraceAndNothingElseOfIt) {
  const std::string harmless = R"({"n":1,"time_ns":5,"host":"device","event":"a","value":"x y"})"
                               "\n";
  Secrets secrets;
  EXPECT_EQ(secrets.hide_trace(harmless), harmless);
  const std::string observed =
      R"({"n":1,"time_ns":5,"host":"device","event":"setting_observed","path":"/u/password","count":1,"value":"x"})"
      "\n";
  EXPECT_THAT(secrets.hide_trace(observed), HasSubstr(R"("value":"***")"));
  secrets.learn_value("x y z");
  EXPECT_THAT(secrets.hide_trace(R"({"n":1,"time_ns":5,"host":"device","event":"a","b":"x y z"})"
                                 "\n"),
              HasSubstr(R"("b":"***")"));
  EXPECT_EQ(
      secrets.hide_trace(R"({"n":8,"time_ns":5,"host":"device","cause":3,"event":"a","b":"x y z"})"
                         "\n"),
      R"({"n":8,"time_ns":5,"host":"device","cause":3,"event":"a","b":"***"})"
      "\n")
      << "a long trace is written in pieces";
}

TEST(Secrets, AreLookedForInTimeThatGrowsAsTheTextDoes) {
  // Each of these once took the square of its length.
  for (const std::string_view piece :
       {"password\" ", "u:@", "<password ", "<x password\"", "password="}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    Secrets secrets;
    secrets.learn(text);
    EXPECT_GT(secrets.hide(text).size(), 0U);
  }
}

TEST(Secrets, StayWhereTheyAreToBeShown) {
  Secrets secrets(Secrets::Told::shown);
  const std::string text = "<password>s3cret</password> http://u:p@h/";
  secrets.learn(text);
  EXPECT_EQ(secrets.hide(text), text);
  EXPECT_EQ(secrets.hide_value("password", "x"), "x");
}

}  // namespace
}  // namespace provlab::lab
