#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/capture/import_fixture.hpp"

/// How what a capture shows is written down as a scenario.
namespace provlab::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using DraftTest = ImportTest;

TEST_F(DraftTest, PhoneThatIsCarriedElsewhereComesIntoAnotherLan) {
  const Import import = imported(R"(
    <world>
      <link latency="1ms"/>
      <host id="home" address="192.0.2.1" lan="home"/>
      <host id="office" address="10.1.0.1/16" lan="office"/>
    </world>
    <responders>
      <dhcp host="home"/><ntp host="home"/>
      <dhcp host="office"/><ntp host="office"/>
    </responders>
    <timeline><boot at="0s"/><unplug at="20s"/><plug at="30s" lan="office"/></timeline>
    <expect><result is="no-url"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("address=\"10.1.0.1\" routes=\"true\" lan=\"lan2\"/>"));
  EXPECT_THAT(import.draft.text, HasSubstr("\" lan=\"lan2\"/>\n  </timeline>"));
}

TEST_F(DraftTest, ServersOfTwoNetworksInOneLanStandInBoth) {
  const Import import = imported(R"(
    <world>
      <link latency="1ms"/>
      <host id="router" address="10.0.0.1/8"/>
      <host id="rogue" address="10.9.0.1/8" latency="5ms"/>
    </world>
    <responders>
      <dhcp host="router" prefix="24"/>
      <dhcp host="rogue" prefix="24"/>
      <ntp host="router"/>
    </responders>
    <expect><result is="no-url"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("address=\"10.9.0.1/12\""));
  EXPECT_THAT(import.draft.text, Not(HasSubstr("lan=")));
}

TEST_F(DraftTest, ServerThatRefusesForAWhileIsStarted) {
  const Import import = imported(R"(
    <responders>
      <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
      <http><file path="/a.xml"><time><timezone>UTC0</timezone></time></file></http>
    </responders>
    <timeline>
      <stop at="0s" host="prov"/><boot at="0s"/>
      <start at="20s" host="prov"/><press at="30s" button="start-provisioning"/>
    </timeline>
    <expect><result run="2" is="provisioned"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("<stop at=\"0s\" host=\"prov\"/>"));
  EXPECT_THAT(import.draft.text, HasSubstr("<start at=\""));
}

TEST_F(DraftTest, WhoTakesThePhonesAddressLaterIsPluggedInLater) {
  const Import import = imported(R"(
    <device><knobs arp-probe="true"/></device>
    <world>
      <link latency="1ms"/>
      <host id="router" address="192.0.2.1"/>
      <host id="printer" address="192.0.2.100"/>
    </world>
    <responders><dhcp host="router"/><ntp host="router"/></responders>
    <timeline until="100s">
      <unplug at="0s" host="printer"/><boot at="0s"/><unplug at="60s"/>
      <plug at="62s" host="printer"/><plug at="65s"/>
    </timeline>
    <expect><result is="no-url"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("<unplug at=\"0s\" host=\"host\"/>"));
}

constexpr std::string_view kDocumentOfManySegments = R"(
    <responders>
      <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
      <http><file path="/a.xml" size="9KiB"><time><timezone>UTC0</timezone></time></file></http>
    </responders>
    <expect><result is="provisioned"/></expect>)";

/// With one packet of TCP between the phone and its server lost.
std::string with_loss(std::string_view which) {
  return fmt::format(R"(<world extends="standard"><lose {} protocol="tcp"/></world>)", which) +
         std::string(kDocumentOfManySegments);
}

TEST_F(DraftTest, SegmentsThatWereSentAgainAreLosses) {
  struct Case {
    std::string_view lost;
    std::string_view told;
  };
  for (const Case& each : {
           Case{R"(from="prov" to="device" nth="2")", R"(nth="1" since="30ms"/>)"},
           Case{R"(from="prov" to="device" nth="4")", R"(nth="3" since="30ms"/>)"},
           Case{R"(from="device" to="prov" nth="3")", R"(nth="2" since="28ms"/>)"},
           Case{R"(from="device" to="prov" nth="1")", R"(nth="1"/>)"},
       }) {
    const Import import = imported(with_loss(each.lost));
    EXPECT_FALSE(import.divergence) << import.divergence->text;
    EXPECT_THAT(import.draft.text, HasSubstr(each.told)) << each.lost;
    EXPECT_THAT(import.draft.text, Not(HasSubstr("after="))) << each.lost;
  }
}

TEST_F(DraftTest, LossesComeBackAsTheyWere) {
  const Import import = imported(with_loss(R"(from="prov" to="device" nth="3")"));
  const PlanResult plan = load_scenario(import.scenario);
  ASSERT_TRUE(plan);
  const Replay again = replay(*plan, (*plan)->variants.front());
  ASSERT_EQ(again.heard.connections.size(), 1U);
  EXPECT_EQ(again.heard.connections.front().lost_by_server.size(), 1U);
}

TEST_F(DraftTest, OversizedOfferIsPutTogetherOfItsFragments) {
  const Import import = imported(R"(
    <responders><dhcp><on request="discover"><answer grow="4000B"/></on></dhcp></responders>
    <expect><result is="no-url"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, Not(HasSubstr("<nothing/>")));
}

TEST_F(DraftTest, SuccessOfAnotherStatusKeepsItsConnection) {
  const Import import = imported(R"(
    <responders>
      <dhcp><option code="66" text="http://prov.server.com/a.xml"/></dhcp>
      <http>
        <file path="/a.xml" status="203"><referencedSettings><url>b.xml</url></referencedSettings></file>
        <file path="/b.xml"><time><timezone>UTC0</timezone></time></file>
      </http>
    </responders>
    <expect><result is="provisioned"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("<file path=\"/a.xml\" status=\"203\">"));
}

TEST_F(DraftTest, ErrorOfANameServerWithoutTheQuestionIsItsAnswer) {
  const Import import = imported(R"(
    <responders>
      <dhcp/>
      <dns><on request="A connect.redirect.auerswald.de"><raw transaction="right" hex="000081850000000000000000"/></on></dns>
    </responders>
    <expect><result is="no-url"/></expect>)");
  EXPECT_FALSE(import.divergence) << import.divergence->text;
  EXPECT_THAT(import.draft.text, HasSubstr("<answer result=\"refused\"/>"));
}

}  // namespace
}  // namespace provlab::lab
