#include "sim/lab/plan/plan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sim/lab/language/load.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Ipv4Address address(std::string_view text) {
  return *Ipv4Address::parse(text);
}

TEST(Plan, DhcpAnnouncesTheHostsThatAnswer) {
  const auto plan = plan_of(kScenario);
  const auto& settings = config_of<netfakes::DhcpConfig>(*plan).settings;
  EXPECT_THAT(settings.routers, ElementsAre(address("192.0.2.1")));
  EXPECT_THAT(settings.dns_servers, ElementsAre(address("192.0.2.1")));
  EXPECT_THAT(settings.ntp_servers, ElementsAre(address("192.0.2.1")));
}

TEST(Plan, DhcpAnnouncesWhatItIsToldTo) {
  const auto plan = plan_of(
      changed(kScenario, "<dhcp host=\"router\"/>",
              R"(<dhcp host="router" dns="pbx 192.0.2.77" ntp="none" lease="1h" renew="10min"/>)"));
  const auto& settings = config_of<netfakes::DhcpConfig>(*plan).settings;
  EXPECT_THAT(settings.dns_servers, ElementsAre(address("192.0.2.10"), address("192.0.2.77")));
  EXPECT_THAT(settings.ntp_servers, IsEmpty());
  EXPECT_EQ(settings.lease, std::chrono::hours(1));
  EXPECT_EQ(settings.t1, std::chrono::minutes(10));
}

TEST(Plan, DhcpOptionsAreTextOrOctets) {
  const auto plan = plan_of(changed(kScenario, "<dhcp host=\"router\"/>",
                                    R"(<dhcp host="router" file="boot">
    <option code="66" text="http://a"/><option code="43" hex="42:0b 6874"/>
    <option code="12" text="x"/></dhcp>)"));
  const auto& settings = config_of<netfakes::DhcpConfig>(*plan).settings;
  EXPECT_EQ(settings.option_66, "http://a");
  EXPECT_EQ(settings.file, "boot");
  EXPECT_EQ(settings.option_43, (Bytes{0x42, 0x0b, 0x68, 0x74}));
  ASSERT_THAT(settings.further, SizeIs(1));
  EXPECT_EQ(settings.further[0].value, (Bytes{'x'}));
}

TEST(Plan, DhcpSubOptionsAreCounted) {
  const auto plan = plan_of(changed(kScenario, "<dhcp host=\"router\"/>", R"(<dhcp host="router">
    <option code="43"><sub code="66" text="http://foo" nul="true"/><sub code="1" hex="00 ff"/>
      <sub code="67" text="&lt;HWTYP&gt;.bak" nul="true"/></option>
    <option code="82"><sub code="1" text="x"/><sub code="2" text=""/></option></dhcp>)"));
  const auto& settings = config_of<netfakes::DhcpConfig>(*plan).settings;
  const Bytes octets{0x42, 0x0b, 'h',  't',  't',  'p',  ':',  '/',  '/', 'f', 'o',
                     'o',  0x00, 0x01, 0x02, 0x00, 0xff, 0x43, 0x0c, '<', 'H', 'W',
                     'T',  'Y',  'P',  '>',  '.',  'b',  'a',  'k',  0x00};
  EXPECT_EQ(settings.option_43, octets);
  ASSERT_THAT(settings.further, SizeIs(1));
  EXPECT_EQ(settings.further[0].value, (Bytes{1, 1, 'x', 2, 0}));
}

TEST(Plan, DhcpSubOptionHasAtMost255Octets) {
  const auto with = [](std::size_t length, const char* nul) {
    return complaints(changed(kScenario, "<dhcp host=\"router\"/>",
                              "<dhcp host=\"router\"><option code=\"43\"><sub code=\"66\" text=\"" +
                                  std::string(length, 'x') + "\" nul=\"" + nul +
                                  "\"/></option></dhcp>"));
  };
  EXPECT_THAT(with(255, "false"), IsEmpty());
  EXPECT_THAT(
      with(255, "true"),
      ElementsAre("s.xml:12: a sub-option has at most 255 octets, this one 256; shorten it"));
}

TEST(Plan, DhcpOptionGivenAgainGoesOnWithAnotherPiece) {
  const auto plan = plan_of(changed(kScenario, "<dhcp host=\"router\"/>",
                                    R"(<dhcp host="router">
    <option code="66" text="http://"/><option code="12" text="x"/><option code="66" text="a"/>
    <option code="12" hex="79"/><on request="request"><answer><option code="66" text="b"/>
      <option code="66" text="c"/></answer></on></dhcp>)"));
  const auto pieces = [](const netfakes::DhcpSettings& settings) {
    std::string text;
    for (const auto& piece : settings.pieces) {
      text += fmt::format("{}={} ", piece.code, provlab::text_of(piece.value));
    }
    return text;
  };
  const auto& config = config_of<netfakes::DhcpConfig>(*plan);
  EXPECT_EQ(config.settings.option_66, "http://");
  EXPECT_EQ(pieces(config.settings), "66=a 12=y ");
  EXPECT_EQ(config.rules[0].settings->option_66, "b");
  EXPECT_EQ(pieces(*config.rules[0].settings), "12=y 66=c ");
}

TEST(Plan, DhcpAnswersOfARuleStartFromTheServersSettings) {
  const auto plan = plan_of(changed(kScenario, "<dhcp host=\"router\"/>",
                                    R"(<dhcp host="router"><option code="66" text="http://a"/>
    <on request="request renewing"><answer after="2s" offer="192.0.2.200">
      <option code="66" text="http://b"/></answer></on></dhcp>)"));
  const auto& config = config_of<netfakes::DhcpConfig>(*plan);
  ASSERT_THAT(config.rules, SizeIs(1));
  EXPECT_EQ(config.rules[0].answer.after, std::chrono::seconds(2));
  EXPECT_EQ(config.rules[0].settings->option_66, "http://b");
  EXPECT_EQ(config.rules[0].settings->routers, config.settings.routers);
  EXPECT_EQ(config.rules[0].address, address("192.0.2.200"));
}

TEST(Plan, DnsKnowsEveryHostsNamesUnlessToldOtherwise) {
  const auto plan = plan_of(changed(kScenario, "<dns host=\"router\"/>",
                                    R"(<dns host="router"><name is="Prov.Server.com" address="pbx"/>
    <name is="connect.redirect.auerswald.de" address="none"/></dns>)"));
  EXPECT_THAT(config_of<netfakes::DnsConfig>(*plan).names,
              ElementsAre(Pair("prov.server.com", address("192.0.2.10"))));
}

TEST(Plan, HostsOutsideThePhonesNetworkStandElsewhere) {
  const auto plan = plan_of(kScenario);
  EXPECT_EQ(plan->hosts[0].options.segment, 0U);
  EXPECT_EQ(plan->hosts[1].options.segment, 0U);
  EXPECT_NE(plan->hosts[2].options.segment, 0U);
  EXPECT_EQ(plan->hosts[2].options.segment, plan->hosts[3].options.segment);
}

/// Whether each host of the scenario passes on what is for others.
std::vector<bool> routing(const std::string& scenario) {
  std::vector<bool> routes;
  for (const HostPlan& host : plan_of(scenario)->hosts) routes.push_back(host.options.routes);
  return routes;
}

TEST(Plan, HostOfTheFirstDhcpServerRoutesUnlessItIsToldOtherwise) {
  const std::string other =
      changed(kScenario, "<dhcp host=\"router\"/>", "<dhcp host=\"pbx\"/><dhcp host=\"router\"/>");
  EXPECT_THAT(routing(kScenario), ElementsAre(true, false, false, false));
  EXPECT_THAT(routing(other), ElementsAre(false, true, false, false));
  EXPECT_THAT(routing(changed(kScenario, "<dhcp host=\"router\"/>", "")),
              ElementsAre(true, false, false, false));
  EXPECT_THAT(
      routing(changed(other, "address=\"192.0.2.1\"", "address=\"192.0.2.1\" routes=\"true\"")),
      ElementsAre(true, true, false, false));
  EXPECT_THAT(routing(changed(kScenario, "address=\"192.0.2.1\"",
                              "address=\"192.0.2.1\" routes=\"false\"")),
              ElementsAre(false, false, false, false));
}

TEST(Plan, NetworkOfThePhoneIsTheRoutersWhateverThePhoneBelieves) {
  const auto plan = plan_of(changed(changed(kScenario, "<dhcp host=\"router\"/>", ""), "<device ",
                                    "<device address=\"192.0.2.50/1\" "));
  EXPECT_EQ(plan->hosts[0].options.segment, 0U);
  EXPECT_NE(plan->hosts[2].options.segment, 0U);
}

TEST(Plan, BodiesAreWrittenInOrLoadedFromBesideTheScenario) {
  const std::string file = std::string(PROVLAB_SOURCE_DIR) + "/scenarios/reference/x.xml";
  const auto plan =
      compile_scenario(changed(kScenario, "<file path=\"/a.xml\">",
                               "<file path=\"/c.xml\" src=\"documents/a.xml\"/><file path=\"/t\" "
                               "type=\"text/plain\"> some text </file><file path=\"/a.xml\">"),
                       file);
  ASSERT_TRUE(plan) << plan.error().front().to_string();
  const auto& resources = config_of<netfakes::HttpConfig>(**plan).resources;
  ASSERT_THAT(resources, SizeIs(4));
  EXPECT_THAT(resources[0].body, ::testing::HasSubstr("<callWaiting>"));
  EXPECT_EQ(resources[1].body, "some text");
  EXPECT_EQ(resources[1].content_type, "text/plain");
  EXPECT_EQ(resources[2].body,
            "<telephony><callWaiting><active>true</active></callWaiting></telephony>");
}

TEST(Plan, KnobsBecomeOptionsOfThePhone) {
  const auto plan = plan_of(
      changed(without_race(), "release=\"2.2A\"/>",
              R"(release="1.10A" serial="A-1"><set path="/provisioning/url" value="http://x/"/>
    <knobs sequence="dhcp+redirect, configured" manual="sequence" on-download-failure="next-source"
           arp-probe="true"
           on-reference-failure="stop" downgrade="refuse"
           option-43-text="accept" option-43="last" option-66-scheme="https-then-http" network-wait="5s"
           notify-match="event" content-length="lenient"
           redirect-timeout="3s" connect-timeout="1s"/></device>)"));
  const auto& phone = plan->phone;
  using discovery::SourceKind;
  EXPECT_THAT(phone.service.discovery.sequence,
              ElementsAre(ElementsAre(SourceKind::dhcp, SourceKind::redirect),
                          ElementsAre(SourceKind::configured)));
  EXPECT_TRUE(phone.dhcp.arp_probe);
  EXPECT_TRUE(phone.service.manual_sequence);
  EXPECT_TRUE(phone.service.next_source_on_failure);
  EXPECT_TRUE(phone.service.stop_on_reference_failure);
  EXPECT_TRUE(phone.service.refuse_downgrade);
  EXPECT_EQ(phone.service.discovery.dhcp_url.text, net::Option43Text::accept);
  EXPECT_EQ(phone.service.discovery.dhcp_url.turn, net::Option43Turn::last);
  EXPECT_EQ(phone.service.discovery.dhcp_url.bare_server, net::BareServer::https_then_http);
  EXPECT_EQ(phone.sip.notify_match, net::SipOptions::NotifyMatch::event);
  EXPECT_EQ(phone.sip.content_length, net::SipContentLength::lenient);
  EXPECT_EQ(phone.service.network_wait, std::chrono::seconds(5));
  EXPECT_EQ(phone.service.discovery.redirect_timeout, std::chrono::seconds(3));
  EXPECT_EQ(phone.service.limits.connect, std::chrono::seconds(1));
  EXPECT_EQ(phone.identity.serial, "A-1");
  EXPECT_EQ(phone.identity.release, Release::r1_10A);
  EXPECT_THAT(phone.settings, ElementsAre(Pair("/provisioning/url", "http://x/")));
}

TEST(Plan, OneHostNeedsNoNamingAndNoTimelineMeansBoot) {
  const auto plan = plan_of(R"(<scenario name="short">
    <about>Short.</about>
    <world><host id="server" address="192.0.2.1"/></world>
    <responders><dhcp/></responders>
    <expect><result is="no-valid-time"/></expect>
  </scenario>)");
  EXPECT_THAT(plan->responders, SizeIs(1));
  ASSERT_THAT(plan->timeline, SizeIs(1));
  EXPECT_TRUE(plan->timeline[0].is<PowerOn>());
}

RacePlan race_of_three() {
  RacePlan race;
  race.answers = {"a", "b", "c"};
  return race;
}

TEST(Plan, RaceOfThreeHasSixOrdersSixTiesAndThreeWithout) {
  const auto variants = variants_of(race_of_three());
  ASSERT_THAT(variants, SizeIs(15));
  EXPECT_EQ(variants[0].name, "a-then-b-then-c");
  EXPECT_EQ(variants[5].name, "c-then-b-then-a");
  EXPECT_FALSE(variants[5].tied);
  EXPECT_EQ(variants[11].name, "c-ties-b-ties-a");
  EXPECT_TRUE(variants[11].tied);
  EXPECT_THAT(variants[11].order, ElementsAre("c", "b", "a"));
  EXPECT_EQ(variants[13].name, "without-b");
  EXPECT_THAT(variants[13].order, ElementsAre("a", "c"));
  EXPECT_EQ(variants[13].missing, "b");
}

TEST(Plan, TimeoutIsNeverMissing) {
  RacePlan race = race_of_three();
  race.timeout = RacingTimeout{"b", "multicast", {}};
  race.ties = false;
  const auto variants = variants_of(race);
  ASSERT_THAT(variants, SizeIs(8));
  EXPECT_EQ(variants[6].name, "without-a");
  EXPECT_EQ(variants[7].name, "without-c");
}

TEST(Plan, RaceInTheGivenOrderOnly) {
  RacePlan race = race_of_three();
  race.all_orders = false;
  race.ties = false;
  race.each_missing = false;
  EXPECT_THAT(variants_of(race), SizeIs(1));
}

}  // namespace
}  // namespace provlab::lab
