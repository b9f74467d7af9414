#include <gmock/gmock.h>

#include "tests/unit/lab/slip.hpp"

/// What is sent unasked, and responses to it.
namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The sample without its race, doing one thing more in line 24 and expecting another in line 27.
std::string doing(std::string_view action, std::string_view expectation = {}) {
  return changed(expectation.empty() ? without_race() : expecting(expectation), "<boot at=\"0s\"/>",
                 "<boot at=\"0s\"/>" + std::string(action));
}

struct SendSlip {
  const char* name;
  const char* action;
  const char* complaint;
};

class SendComplaint : public ::testing::TestWithParam<SendSlip> {};

TEST_P(SendComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(doing(GetParam().action)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, SendComplaint,
    ::testing::Values(
        SendSlip{"NoMethod", R"(<send-sip at="9s" host="pbx"/>)",
                 "s.xml:24: <send-sip> needs method=\"...\": write a method of SIP, for example "
                 "OPTIONS or NOTIFY"},
        SendSlip{"UnknownHost", R"(<send-sip at="9s" host="pbz" method="OPTIONS"/>)",
                 "s.xml:24: there is no host 'pbz' (did you mean 'pbx'?); the world has router, "
                 "pbx, cloud or prov"},
        SendSlip{"FromThePhone", R"(<check-sync at="9s" host="device"/>)",
                 "s.xml:24: there is no host 'device'; the world has router, pbx, cloud or prov"},
        SendSlip{
            "BranchTwice",
            R"(<send-sip at="9s" host="pbx" method="A" branch="z9hG4bK"><header name="via" value="a"/></send-sip>)",
            "s.xml:24: there is a <header> Via too, which says all of that line; keep one of "
            "them"},
        SendSlip{"NoPort", R"(<send-datagram at="9s" host="pbx" to="device" hex="00"/>)",
                 "s.xml:24: to=\"device\" says no port; write for example device:5060"},
        SendSlip{"PortBeyond", R"(<send-datagram at="9s" host="pbx" to="device:70000" hex="00"/>)",
                 "s.xml:24: to=\"device:70000\": a port goes from 1 to 65535"},
        SendSlip{"NoOctets", R"(<send-datagram at="9s" host="pbx" to="device:1"/>)",
                 "s.xml:24: <send-datagram> has one of hex=\"...\", text=\"...\" and src=\"...\""},
        SendSlip{"OctetsTwice",
                 R"(<send-datagram at="9s" host="pbx" to="device:1" hex="00" text="a"/>)",
                 "s.xml:24: <send-datagram> has one of hex=\"...\", text=\"...\" and src=\"...\""},
        SendSlip{"UnknownReceiver", R"(<send-ntp at="9s" host="router" to="roter"/>)",
                 "s.xml:24: to: 'roter' is neither an address nor a host of this scenario (did you "
                 "mean 'router'?); the world has router, pbx, cloud or prov"},
        SendSlip{"OptionWithoutAValue",
                 R"(<send-dhcp at="9s" host="router"><option code="90"/></send-dhcp>)",
                 "s.xml:24: an option has either text=\"...\" or hex=\"...\"; give one of them"},
        SendSlip{"UnknownType", R"(<send-dhcp at="9s" host="router" type="forcernew"/>)",
                 "s.xml:24: type=\"forcernew\" in <send-dhcp>: write forcerenew, offer, ack or nak "
                 "(did you mean 'forcerenew'?)"},
        SendSlip{"GapWithoutCopies", R"(<send-ntp at="9s" host="router" gap="1s"/>)",
                 "s.xml:24: gap is the time between copies=\"2\" of a datagram, or between the "
                 "pieces of a drip=\"10B\"; add one of them"}),
    kSlipName);

TEST(ExpectedResponse, IsOfASipRequest) {
  EXPECT_THAT(complaints(doing(R"(<send-ntp at="9s" host="router" id="t"/>)",
                               R"(<response ref="t" status="200"/>)")),
              ElementsAre("s.xml:27: 't' is no SIP request, and a phone responds to those; name a "
                          "<send-sip>, <check-sync> or <notify>"));
  EXPECT_THAT(complaints(doing("", R"(<response ref="t" status="200"/>)")),
              ElementsAre("s.xml:27: no answer has the id 't' (did you mean 'r'?); give the id to "
                          "an answer in <responders> or to what is sent in the <timeline>"));
  EXPECT_THAT(complaints(doing("", R"(<response status="40"/>)")),
              ElementsAre("s.xml:27: status=\"40\" in <response>: write a status of SIP, for "
                          "example 405, or all of a class, for example 4xx"));
}

constexpr const char* kOptions = R"(<send-sip at="9s" host="pbx" id="o" method="OPTIONS"/>)";

std::string actual(std::string_view action, std::string_view expectation) {
  return actual_of(run(doing(action, expectation)));
}

TEST(ExpectedResponse, HoldsOrSaysWhatCame) {
  EXPECT_EQ(actual(kOptions, R"(<response ref="o" status="405" count="1"/>)"), "");
  EXPECT_EQ(actual(kOptions, R"(<response to="pbx" status="4xx"/>)"), "");
  EXPECT_EQ(
      actual(kOptions, R"(<response status="405"><header name="allow" is="NOTIFY"/></response>)"),
      "");
  EXPECT_EQ(actual(kOptions, R"(<response status="200"/>)"),
            "there came SIP/2.0 405 Method Not Allowed");
  EXPECT_EQ(actual(kOptions, R"(<response ref="o"><header name="Allow" is="OPTIONS"/></response>)"),
            "there came SIP/2.0 405 Method Not Allowed, with Allow: NOTIFY");
  EXPECT_EQ(actual(kOptions, R"(<response count="2"/>)"), "it came once");
  EXPECT_EQ(actual("", R"(<response/>)"), "no response came");
  EXPECT_THAT(actual(kOptions, R"(<never><response status="4xx"/></never>)"),
              HasSubstr("it came: pbx hears 405"));
}

TEST(WhatIsSentToThePhone, IsNotSentWhileItHasNoAddress) {
  EXPECT_EQ(actual(R"(<send-sip at="0s" host="pbx" method="OPTIONS"/>)",
                   R"(<event name="datagram_not_sent"><with field="what" is="OPTIONS"/></event>)"),
            "");
}

}  // namespace
}  // namespace provlab::lab
