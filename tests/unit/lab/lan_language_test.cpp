#include <gmock/gmock.h>

#include "tests/unit/lab/slip.hpp"

/// Several LANs, and a phone that moves.
namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Two homes; tests change one thing. Its line numbers are those of the lines below, from 1.
const std::string kHomes = R"(<scenario name="homes">
  <about>Two homes.</about>
  <device lan="first"/>
  <world>
    <host id="a" address="192.0.2.1" lan="first"/>
    <host id="b" address="192.0.2.1" lan="second"/>
    <host id="c" address="198.51.100.10" name="prov.server.com"/>
  </world>
  <responders>
    <dhcp host="a"/>
    <dhcp host="b"/>
    <dns host="b"/>
    <ntp host="a"/>
  </responders>
  <timeline>
    <boot at="0s"/>
    <unplug at="10s"/>
    <plug at="20s" lan="second"/>
  </timeline>
  <expect><event name="lease_bound"/></expect>
</scenario>
)";

TEST(Lans, AreReadWithoutAComplaint) {
  EXPECT_THAT(complaints(kHomes), IsEmpty());
  const Shared<ScenarioPlan> plan = plan_of(kHomes);
  EXPECT_EQ(plan->lan, "first");
  EXPECT_EQ(plan->hosts[0].options.segment, 0u);
  EXPECT_EQ(plan->hosts[1].options.segment, world::kElsewhere);
  EXPECT_EQ(plan->hosts[2].options.segment, 1u);
  EXPECT_TRUE(plan->hosts[0].options.routes);
  EXPECT_TRUE(plan->hosts[1].options.routes);
  EXPECT_FALSE(plan->hosts[2].options.routes);
}

TEST(Lans, BeginWithTheFirstOneUnlessTheDeviceSaysAnother) {
  EXPECT_EQ(plan_of(changed(kHomes, " lan=\"first\"/>", "/>"))->lan, "first");
  const auto plan = plan_of(changed(kHomes, "<device lan=\"first\"/>", "<device lan=\"second\"/>"));
  EXPECT_EQ(plan->hosts[0].options.segment, world::kElsewhere);
  EXPECT_EQ(plan->hosts[1].options.segment, 0u);
}

TEST(Lans, HaveServersOfTheirOwn) {
  const Shared<ScenarioPlan> plan = plan_of(kHomes);
  const auto& a = *std::get<Shared<netfakes::DhcpConfig>>(plan->responders[1].config);
  const auto& b = *std::get<Shared<netfakes::DhcpConfig>>(plan->responders[2].config);
  EXPECT_THAT(a.settings.dns_servers, IsEmpty());
  EXPECT_EQ(a.settings.ntp_servers.size(), 1u);
  EXPECT_EQ(b.settings.dns_servers.size(), 1u);
  EXPECT_THAT(b.settings.ntp_servers, IsEmpty());
}

class LanComplaint : public ::testing::TestWithParam<Slip> {};

TEST_P(LanComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(GetParam().in(kHomes)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, LanComplaint,
    ::testing::Values(
        Slip{"UnknownLanOfTheDevice", "<device lan=\"first\"", "<device lan=\"frist\"",
             "s.xml:3: no host is in a LAN 'frist' (did you mean 'first'?); there are first or "
             "second"},
        Slip{"UnknownLan", "at=\"20s\" lan=\"second\"", "at=\"20s\" lan=\"third\"",
             "s.xml:18: no host is in a LAN 'third'; there are first or second"},
        Slip{"StillPluggedIn", "<unplug at=\"10s\"/>", "",
             "s.xml:18: the phone is still plugged in; pull its cable out before by <unplug "
             "at=\"...\"/>"},
        Slip{"AnotherMoves", "at=\"20s\" lan=\"second\"", "at=\"20s\" host=\"a\" lan=\"second\"",
             "s.xml:18: only the phone moves from one LAN to another; remove host or lan"},
        Slip{"SameAddressInOneLan", "lan=\"second\"/>\n    <host id=\"c\"",
             "lan=\"first\"/>\n    <host id=\"d\" address=\"10.0.0.1\" lan=\"second\"/><host "
             "id=\"c\"",
             "s.xml:6: the address 192.0.2.1 belongs to host 'a' already; choose another"},
        Slip{"DhcpBehindAll", "<dhcp host=\"b\"/>", "<dhcp host=\"b\"/><dhcp host=\"c\"/>",
             "s.xml:7: host 'c' has a <dhcp>, which reaches only its own LAN, and stands in "
             "none; say which by lan=\"first\""}),
    kSlipName);

TEST(Lans, AreToldWhereNoHostHasOne) {
  EXPECT_THAT(
      complaints(changed(without_race(), "<device type", "<device lan=\"home\" type")),
      ElementsAre("s.xml:3: no host of this world says in which LAN it is; give them lan=\"...\""));
}

}  // namespace
}  // namespace provlab::lab
