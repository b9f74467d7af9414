// What answers of DHCP, DNS and NTP can be told, and how long bodies are made.
#include <gmock/gmock.h>

#include "netfakes/responder_kinds.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;

class AnswerWords : public ::testing::TestWithParam<Slip> {};

TEST_P(AnswerWords, AreComplainedOfByWhatToWrite) {
  EXPECT_THAT(complaints(GetParam().in(kScenario)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Dhcp, AnswerWords,
    ::testing::Values(
        Slip{"CodeThatIsNone", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\" sequence=\"54 300\"/>",
             "s.xml:12: sequence: 300 is no code; options go from 1 to 254"},
        Slip{"PlaceOfNothing", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\" sequence=\"66 54\"/>",
             "s.xml:12: sequence: there is no option 66; add <option code=\"66\" "
             "text=\"...\"/>, or remove it"},
        Slip{"NoSuchEnd", "<dhcp host=\"router\"/>", "<dhcp host=\"router\" end=\"pading\"/>",
             "s.xml:12: end=\"pading\" in <dhcp>: write what comes behind the last option in "
             "place of End (255): padding (zeros alone) or none (the option ends with the "
             "message) (did you mean 'padding'?)"},
        Slip{"TwoServers", "<dhcp host=\"router\"/>",
             "<dhcp host=\"router\" server=\"pbx router\"/>",
             "s.xml:12: server is one address, or one host of this scenario"},
        Slip{"UnknownServer", "<dhcp host=\"router\"/>", "<dhcp host=\"router\" server=\"ruter\"/>",
             "s.xml:12: server: 'ruter' is neither an address nor a host of this scenario (did "
             "you mean 'router'?); the world has router, pbx, cloud or prov"}),
    kSlipName);

INSTANTIATE_TEST_SUITE_P(
    Dns, AnswerWords,
    ::testing::Values(
        Slip{"RecordWithoutData", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"a.b\" type=\"CNAME\"/></dns>",
             "s.xml:13: a record of type CNAME says by data=\"...\" which name it leads to"},
        Slip{"AddressThatIsNone", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"a.b\" type=\"A\" data=\"prov\"/></dns>",
             "s.xml:13: data=\"prov\": write an IPv4 address"},
        Slip{"ShortSoa", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"b\" type=\"SOA\" data=\"ns.b a.b 1 2h 3 4 "
             "5\"/></dns>",
             "s.xml:13: data: write server, mailbox, serial, refresh, retry, expire and "
             "minimum, the times in seconds: ns.server.com admin.server.com 1 7200 900 1209600 "
             "300"},
        Slip{"OtherTypeAsText", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"b\" type=\"TYPE16\" data=\"x\"/></dns>",
             "s.xml:13: a record of TYPE16 has its octets in hex=\"...\""},
        Slip{"TypeBeyondAll", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"b\" type=\"TYPE70000\" hex=\"00\"/></dns>",
             "s.xml:13: type=\"TYPE70000\": types go from TYPE1 to TYPE65535"},
        Slip{"SectionOfTheServer", "<dns host=\"router\"/>",
             "<dns host=\"router\"><record name=\"b\" type=\"NS\" data=\"ns.b\" "
             "section=\"authority\"/></dns>",
             "s.xml:13: section is for a record of an <answer>; remove it"},
        Slip{"ReferralWithRecords", "<dns host=\"router\"/>",
             "<dns host=\"router\"><on><answer result=\"referral\"><record name=\"b\" "
             "type=\"NS\" data=\"ns.b\"/></answer></on></dns>",
             "s.xml:13: a referral names the servers of the zone: write a <record "
             "type=\"NS\"> in <dns>, or leave result out and list the records"},
        Slip{"TtlBeyondAll", "<dns host=\"router\"/>", "<dns host=\"router\" ttl=\"2000000h\"/>",
             "s.xml:13: ttl: '2000000h' is too long; at most 4294967295s are taken"}),
    kSlipName);

INSTANTIATE_TEST_SUITE_P(
    NtpAndHttp, AnswerWords,
    ::testing::Values(
        Slip{"NoSuchVersion", "<ntp host=\"router\"/>", "<ntp host=\"router\" version=\"8\"/>",
             "s.xml:14: version=\"8\" in <ntp>: write a version from 0 to 7 in place of the "
             "request's"},
        Slip{"RootTooFar", "<ntp host=\"router\"/>", "<ntp host=\"router\" root-delay=\"20h\"/>",
             "s.xml:14: root-delay: '20h' is too long; at most 65535s are taken"},
        Slip{"ExtensionWithoutType", "<ntp host=\"router\"/>",
             "<ntp host=\"router\"><extension hex=\"00\"/></ntp>",
             "s.xml:14: <extension> needs type=\"...\": write the type of an extension field "
             "in four hexadecimal digits, for example 0204"},
        Slip{"SizeBelowTheContent", "<file path=\"/a.xml\"", "<file path=\"/a.xml\" size=\"9B\"",
             "s.xml:18: size=\"9B\": the content has 71 octets already; write more, or "
             "cut=\"...\" to cut the answer short"},
        Slip{"SizeBeyondAll", "<file path=\"/a.xml\"", "<file path=\"/a.xml\" size=\"99MiB\"",
             "s.xml:18: size=\"99MiB\" is too much; at most 16777216 octets are taken"}),
    kSlipName);

TEST(Sizes, MakeABodyLongerThanItsContent) {
  const auto plan = plan_of(
      changed(changed(kScenario, "<file path=\"/a.xml\"", "<file path=\"/a.xml\" size=\"4KiB\""),
              "<file path=\"/b.xml\"", "<file path=\"/c.bin\" size=\"7B\"/><file path=\"/b.xml\""));
  const auto& http = config_of<netfakes::HttpConfig>(*plan);
  EXPECT_EQ(http.resources[0].body.size(), 4096u);
  EXPECT_TRUE(http.resources[0].body.starts_with("<telephony>"));
  EXPECT_TRUE(http.resources[0].body.ends_with("\n\n"));
  EXPECT_EQ(http.resources[1].body, "xxxxxxx");
}

TEST(Records, OfAnAliasStandInPlaceOfTheHostsAddress) {
  const auto plan = plan_of(changed(kScenario, "<dns host=\"router\"/>",
                                    "<dns host=\"router\"><record name=\"Prov.Server.com.\" "
                                    "type=\"CNAME\" data=\"x.y.\"/></dns>"));
  const auto& dns = config_of<netfakes::DnsConfig>(*plan);
  EXPECT_FALSE(dns.names.contains("prov.server.com"));
  ASSERT_EQ(dns.records.size(), 1u);
  EXPECT_EQ(dns.records[0].name, "prov.server.com");
  EXPECT_EQ(dns.records[0].data, "x.y");
}

TEST(Dhcp, AnAnswerNamesAServerOfItsOwn) {
  const auto plan = plan_of(changed(kScenario, "<dhcp host=\"router\"/>",
                                    "<dhcp host=\"router\" server=\"pbx\"><on request=\"discover\">"
                                    "<answer server=\"192.0.2.77\" end=\"none\"/></on></dhcp>"));
  const auto& dhcp = config_of<netfakes::DhcpConfig>(*plan);
  EXPECT_EQ(dhcp.settings.server, Ipv4Address::of(192, 0, 2, 10));
  EXPECT_EQ(dhcp.rules[0].settings->server, Ipv4Address::of(192, 0, 2, 77));
  EXPECT_EQ(dhcp.rules[0].settings->end, netfakes::DhcpSettings::End::none);
  EXPECT_EQ(dhcp.settings.end, netfakes::DhcpSettings::End::end);
}

}  // namespace
}  // namespace provlab::lab
