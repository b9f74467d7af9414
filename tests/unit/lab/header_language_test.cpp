#include <gmock/gmock.h>

#include "sim/lab/verdict/expectations/header_lines.hpp"
#include "tests/unit/lab/slip.hpp"

/// `<header>` of servers and of expectations, and `tls-version`.
namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Something written into the sample's web server, whose files stand in lines 18 and 19.
struct ServerSlip {
  const char* name;
  const char* server;     ///< after `<http host="prov"`
  const char* complaint;  ///< all of it
};

class ServerHeaderComplaint : public ::testing::TestWithParam<ServerSlip> {};

TEST_P(ServerHeaderComplaint, SaysWhatToWrite) {
  const std::string server = std::string("<http host=\"prov\"") + GetParam().server;
  EXPECT_THAT(complaints(changed(kScenario, "<http host=\"prov\">", server)),
              ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, ServerHeaderComplaint,
    ::testing::Values(
        ServerSlip{"NoValue", "><header name=\"Server\"/>",
                   "s.xml:17: <header> needs value=\"...\", or absent=\"true\" where there is to "
                   "be no such line"},
        ServerSlip{"AbsentWithAValue", "><header name=\"Server\" value=\"a\" absent=\"true\"/>",
                   "s.xml:17: a <header> that is absent has no value; remove one of them"},
        ServerSlip{"NoName", "><header value=\"a\"/>",
                   "s.xml:17: <header> needs name=\"...\": write the name of a header line, for "
                   "example User-Agent"},
        ServerSlip{"NameWithAColon", "><header name=\"Server:\" value=\"a\"/>",
                   "s.xml:17: name=\"Server:\" in <header>: write the name of a header line, for "
                   "example User-Agent"},
        ServerSlip{"UnknownRequest", "><header name=\"Server\" value=\"a\" request=\"get\"/>",
                   "s.xml:17: <http> never gets a request 'get'; write for example GET /a.xml"},
        ServerSlip{"VersionWithoutTls", " tls-version=\"1.2\">",
                   "s.xml:17: a server without tls speaks no version of it; add tls=\"valid\""},
        ServerSlip{"UnknownVersion", " tls=\"valid\" tls-version=\"1.4\">",
                   "s.xml:17: tls-version=\"1.4\" in <http>: write the only version of TLS that "
                   "the server speaks: 1.0, 1.1, 1.2 or 1.3 (did you mean '1.0'?)"}),
    kSlipName);

TEST(HeaderExpectation, IsNotOfRequestsWithoutHeaderLines) {
  constexpr const char* kWhy =
      "s.xml:27: this request has no header lines; those to <http>, <redirect> and <multicast> "
      "have";
  EXPECT_THAT(complaints(expecting(
                  R"(<request to="router" is="discover"><header name="Host"/></request>)")),
              ElementsAre(kWhy));
  EXPECT_THAT(complaints(expecting(R"(<request kind="ntp"><header name="Host"/></request>)")),
              ElementsAre(kWhy));
  EXPECT_THAT(complaints(expecting(
                  R"(<never><request to="router"><header name="Host"/></request></never>)")),
              ElementsAre(kWhy));
  EXPECT_THAT(complaints(expecting(R"(<request is="subscribe"><header name="Event"/></request>)")),
              IsEmpty());
}

TEST(HeaderExpectation, SaysOneThing) {
  EXPECT_THAT(
      complaints(expecting(
          R"(<request path="/a.xml"><header name="Host" is="x" absent="true"/></request>)")),
      ElementsAre("s.xml:27: a <header> that is absent says nothing; remove is and contains, or "
                  "absent"));
}

std::string actual(std::string_view expectation) {
  return actual_of(run(expecting(expectation)));
}

TEST(HeaderExpectation, HoldsOrSaysWhatTheLineWas) {
  EXPECT_EQ(actual(R"(<request path="/a.xml"><header name="user-agent" is="D200/2.2A"/>)"
                   R"(<header name="Cookie" absent="true"/></request>)"),
            "");
  EXPECT_EQ(
      actual(R"(<request kind="redirect"><header name="Host" contains="auerswald"/></request>)"),
      "");
  EXPECT_THAT(
      actual(R"(<request path="/a.xml"><header name="User-Agent" is="D100/2.2A"/></request>)"),
      HasSubstr("it came with other header lines: GET /a.xml at prov"));
  EXPECT_THAT(
      actual(R"(<request path="/a.xml"><header name="User-Agent" is="D100/2.2A"/></request>)"),
      HasSubstr("User-Agent: D200/2.2A"));
  EXPECT_THAT(actual(R"(<request path="/a.xml"><header name="Via"/></request>)"),
              HasSubstr("no Via"));
  EXPECT_THAT(actual(R"(<never><request path="/a.xml"><header name="Host"/></request></never>)"),
              HasSubstr("there came GET /a.xml"));
  EXPECT_EQ(actual(R"(<never><request path="/a.xml"><header name="Via"/></request></never>)"), "");
}

TEST(FieldExpectation, IsOfRequestsThatHaveSuchAField) {
  EXPECT_THAT(
      complaints(expecting(R"(<request to="router" is="discover"><field name="sec"/></request>)")),
      ElementsAre(testing::StartsWith("s.xml:27: this request has no field 'sec' (did you "
                                      "mean 'secs'?); it has op, htype,")));
  EXPECT_THAT(complaints(expecting(R"(<request kind="ntp"><field name="secs"/></request>)")),
              ElementsAre(testing::StartsWith("s.xml:27: this request has no field 'secs'")));
  EXPECT_THAT(complaints(expecting(R"(<request path="/a.xml"><field name="size"/></request>)")),
              ElementsAre("s.xml:27: this request has no fields; those to <dhcp>, <dns> and <ntp> "
                          "have"));
  EXPECT_THAT(
      complaints(
          expecting(R"(<request is="time"><field name="leap" is="0" absent="true"/></request>)")),
      ElementsAre("s.xml:27: a <field> that is absent says nothing; remove is and contains, or "
                  "absent"));
  EXPECT_THAT(
      complaints(expecting(R"(<request is="discover"><field name="option-55"/></request>)")),
      IsEmpty());
}

TEST(FieldExpectation, HoldsOrSaysWhatTheFieldWas) {
  EXPECT_EQ(actual(R"(<request is="discover" count="1"><field name="secs" is="0"/>)"
                   R"(<field name="option-55" contains="66,67"/>)"
                   R"(<field name="giaddr" absent="true"/></request>)"),
            "");
  EXPECT_THAT(actual(R"(<request is="time"><field name="version" is="3"/></request>)"),
              testing::AllOf(HasSubstr("it came with other fields: time at router"),
                             HasSubstr("version: 4")));
  EXPECT_THAT(
      actual(
          R"(<never><request is="discover"><field name="flags" is="0x8000"/></request></never>)"),
      HasSubstr("there came discover"));
}

TEST(HeaderLinesThatAreTold, MayHoldWhatStandsBetweenThem) {
  const std::string lines = "SIP/2.0 200 OK | v: a | b | X: 1 | User-Agent: c | d";
  EXPECT_TRUE(fit({{"Via", "a | b", {}, false}}, lines));
  EXPECT_TRUE(fit({{"user-agent", "c | d", {}, false}, {"x", {}, "1", false}}, lines));
  EXPECT_FALSE(fit({{"SIP/2.0 200 OK", {}, {}, false}}, lines));
  EXPECT_FALSE(fit({{"X", {}, {}, true}}, lines));
}

}  // namespace
}  // namespace provlab::lab
