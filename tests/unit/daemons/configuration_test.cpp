#include <gmock/gmock.h>

#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/text/parse.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/daemons/space_fixture.hpp"

/// What is written for daemons, and that these can read it.
namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

struct Configurations : SpaceTest {
  test::TemporaryFolder folder;

  /// The configuration of the first daemon of these responders, which the daemon itself has read.
  std::string checked(const std::string& responders) {
    const auto plan = plan_of(responders);
    const DaemonPlan& daemon = plan->daemons.front();
    const DaemonConfiguration made =
        configure(daemon, {plan->hosts[daemon.host].options.configuration->address, folder.path(),
                           *parse_wall_time("2026-03-01T08:00:00Z")});
    for (const auto& [name, content] : made.files) {
      EXPECT_TRUE(write_file(folder / name, content));
    }
    const std::string program = wire::find_program(std::string(daemon.kind->program));
    if (!program.empty() && !made.check.empty()) check(program, made);
    return made.files.front().second;
  }

 private:
  void check(const std::string& program, const DaemonConfiguration& made) {
    // Some look for their interface.
    const wire::NetworkSpace network = space(), other = space();
    ASSERT_TRUE(wire::make_cable(network, kDaemonInterface, other, "peer"));
    auto process = wire::Process::start({.program = program,
                                         .arguments = made.check,
                                         .environment = made.environment,
                                         .folder = folder.path(),
                                         .log = folder / "log"},
                                        network);
    ASSERT_TRUE(process) << process.error().to_string();
    EXPECT_FALSE((*process)->wait_until([] { return false; }, 20s));
    EXPECT_EQ((*process)->ending(), "exit status 0")
        << read_file(folder / "log", 65536).value_or("") << made.files.front().second;
  }
};

/// The rest of what the standard world needs.
const std::string kOthers = "<daemon kind=\"dnsmasq\" serves=\"dns\"/><daemon kind=\"chronyd\"/>";

const std::string kDhcpWords =
    R"( offer="192.0.2.50" lease="2h" renew="30min" rebind="90min" file="a &quot;b\c.xml" sname="http://x">
      <option code="66" text="http://prov.server.com"/>
      <option code="67" text="prov.py?mac=&lt;MACADR&gt;"/>
      <option code="43" hex="42:02:68:69"/><option code="15" text="example"/>
      <option code="224" hex="00:ff"/></daemon>)";

TEST_F(Configurations, IscDhcpd) {
  const std::string text = checked("<daemon kind=\"isc-dhcpd\"" + kDhcpWords + kOthers);
  EXPECT_THAT(text, HasSubstr("subnet 192.0.2.0 netmask 255.255.255.0 {\n"
                              "  range 192.0.2.50 192.0.2.149;\n"));
  EXPECT_THAT(text, HasSubstr("default-lease-time 7200;"));
  EXPECT_THAT(text, HasSubstr("option dhcp-renewal-time 1800;"));
  EXPECT_THAT(text, HasSubstr(R"(filename "a \042b\134c.xml";)"));
  EXPECT_THAT(text, HasSubstr("option routers 192.0.2.1;"));
  EXPECT_THAT(text, HasSubstr(R"(option bootfile-name "prov.py?mac=<MACADR>";)"));
  EXPECT_THAT(text, HasSubstr("option vendor-encapsulated-options 42:02:68:69;"));
  EXPECT_THAT(text, HasSubstr("option provlab-224 code 224 = string;"));
  EXPECT_THAT(text, HasSubstr("option provlab-224 00:ff;"));
  EXPECT_THAT(text, Not(HasSubstr("parameter-request-list")));
}

TEST_F(Configurations, IscDhcpdThatSendsWhatNobodyAskedFor) {
  EXPECT_THAT(checked("<daemon kind=\"isc-dhcpd\" only-requested=\"false\" authoritative=\"false\">"
                      "<option code=\"160\" text=\"x\"/></daemon>" +
                      kOthers),
              AllOf(HasSubstr("parameter-request-list 1,3,6,15,42,51,58,59,160;"),
                    HasSubstr("not authoritative;")));
}

TEST_F(Configurations, Kea) {
  const std::string text = checked("<daemon kind=\"kea\"" + kDhcpWords + kOthers);
  EXPECT_THAT(text, HasSubstr(R"("pool":"192.0.2.50 - 192.0.2.149")"));
  EXPECT_THAT(text, HasSubstr(R"("boot-file-name":"a \"b\\c.xml","server-hostname":"http://x")"));
  EXPECT_THAT(text,
              HasSubstr(R"({"code":43,"csv-format":false,"data":"42026869","always-send":false})"));
  EXPECT_THAT(text, HasSubstr(R"({"name":"ntp-servers","data":"192.0.2.1"})"));
  EXPECT_THAT(text, HasSubstr(R"("valid-lifetime":7200,"renew-timer":1800,"rebind-timer":5400)"));
}

TEST_F(Configurations, Dnsmasq) {
  const std::string text = checked(
      R"(<daemon kind="dnsmasq" after="2s" ttl="5min" file="a, b.xml" sname="here">
        <option code="66" text="http://prov.server.com"/><option code="67" text=""/>
        <option code="43" hex="42:02:68:69:43:01:00"/><option code="224" hex="00:ff"/>
        <name is="other.example" address="192.0.2.9 192.0.2.8"/></daemon><daemon kind="chronyd"/>)");
  EXPECT_THAT(text, HasSubstr("dhcp-range=192.0.2.100,192.0.2.199,255.255.255.0,86400\n"));
  EXPECT_THAT(text, HasSubstr("dhcp-boot=\"a, b.xml\",\"here\"\n"));
  EXPECT_THAT(text, HasSubstr("dhcp-option=66,\"http://prov.server.com\"\ndhcp-option=67\n"));
  EXPECT_THAT(text, HasSubstr("dhcp-option=encap:43,66,\"hi\"\ndhcp-option=encap:43,67,0\n"));
  EXPECT_THAT(text, HasSubstr("dhcp-option=224,00:ff\n"));
  EXPECT_THAT(text, HasSubstr("dhcp-reply-delay=2\n"));
  EXPECT_THAT(text, HasSubstr("local-ttl=300\n"));
  EXPECT_THAT(text, HasSubstr("host-record=other.example,192.0.2.9\n"));
}

TEST_F(Configurations, DnsmasqForNamesAlone) {
  EXPECT_THAT(checked("<daemon kind=\"dnsmasq\" serves=\"dns\"/><daemon kind=\"kea\"/>"
                      "<daemon kind=\"chronyd\"/><daemon kind=\"nginx\"/>"),
              AllOf(HasSubstr("host-record=prov.server.com,198.51.100.10\n"),
                    Not(HasSubstr("dhcp-range"))));
  EXPECT_THAT(checked("<dns host=\"none\"/><daemon kind=\"dnsmasq\" serves=\"dhcp\"/>"
                      "<daemon kind=\"chronyd\"/>"),
              HasSubstr("port=0\n"));
}

TEST_F(Configurations, Chronyd) {
  const std::string others = "<daemon kind=\"dnsmasq\"/>";
  EXPECT_THAT(checked("<daemon kind=\"chronyd\" stratum=\"8\"/>" + others),
              HasSubstr("local stratum 8\n"));
  EXPECT_THAT(checked("<daemon kind=\"chronyd\" leap=\"3\"/>" + others), Not(HasSubstr("local")));
}

TEST_F(Configurations, Nginx) {
  const std::string text = checked(
      R"(<daemon kind="nginx" tls="valid" keep-alive="false">
        <file path="/p.py?mac=1">one</file><file path="/a.xml" type="text/plain" drip="10B" gap="1s">two</file>
        <moved path="/old" to="/a$b&quot;.xml" status="307"/><file path="/gone" status="410"/>
        </daemon><daemon kind="dnsmasq"/><daemon kind="chronyd"/>)");
  EXPECT_THAT(text, HasSubstr("listen 443 ssl;"));
  EXPECT_THAT(text, HasSubstr(R"("~^/p\x2epy\x3fmac\x3d1$" 0;)"));
  EXPECT_THAT(text, HasSubstr(R"("~^/a\x2exml(\?.*)?$" 1;)"));
  EXPECT_THAT(text, HasSubstr("default_type \"text/plain\";\n      limit_rate 10;"));
  EXPECT_THAT(text, HasSubstr(R"(return 307 "/a${dollar}b\".xml";)"));
  EXPECT_THAT(text, HasSubstr("return 410;"));
  EXPECT_THAT(text, HasSubstr("keepalive_timeout 0;"));
}

TEST_F(Configurations, Sipp) {
  const std::string text = checked(
      R"(<daemon kind="sipp" ok-after="20ms"><notify url="http://x/[mac]&lt;MACADR&gt;" after="50ms"/></daemon>
        <daemon kind="dnsmasq"/><daemon kind="chronyd"/>)");
  EXPECT_THAT(text, HasSubstr("<pause milliseconds=\"20\"/>\n  <send><![CDATA[\nSIP/2.0 200 OK"));
  EXPECT_THAT(text,
              HasSubstr("<pause milliseconds=\"30\"/>\n  <send retrans=\"500\"><![CDATA[\nNOTIFY"));
  EXPECT_THAT(text, HasSubstr("Via: SIP/2.0/UDP 192.0.2.10:5060;branch=[branch]\n"
                              "From:[$4];tag=provlab[call_number]\nTo:[$3]\n"));
  EXPECT_THAT(text, HasSubstr("\nhttp://x/\\[mac]<MACADR>]]></send>"));
}

TEST_F(Configurations, ItsOwnIsTakenAsItStands) {
  ASSERT_TRUE(write_file(folder / "own.conf", "# nothing but this\n"));
  const auto plan =
      plan_of("<daemon kind=\"dnsmasq\" config=\"own.conf\"/><daemon kind=\"chronyd\"/>",
              "<result is=\"provisioned\"/>", folder / "s.xml");
  EXPECT_EQ(configure(plan->daemons.front(), {{}, folder.path(), {}}).files.front().second,
            "# nothing but this\n");
}

}  // namespace
}  // namespace provlab::lab
