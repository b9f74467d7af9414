#include <gmock/gmock.h>

#include "sim/lab/report/reports.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

/// Real servers in place of responders, as scenarios say them.
namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string scenario(const std::string& responders, const std::string& others = "",
                     const std::string& expect = "<result is=\"no-url\"/>") {
  return "<scenario name=\"real\">\n  <about>S.</about>\n" + others + "  <responders>\n" +
         responders + "\n  </responders>\n  <expect>" + expect + "</expect>\n</scenario>\n";
}

/// A whole LAN of daemons; a test adds what it is about.
std::string real(const std::string& dhcp, const std::string& more = "") {
  return scenario(dhcp + "<daemon kind=\"dnsmasq\" serves=\"dns\"/><daemon kind=\"chronyd\"/>" +
                  more);
}

TEST(DaemonLanguage, ADaemonStandsWhereTheResponderWould) {
  const auto plan = plan_of(real("<daemon kind=\"kea\"/>", "<daemon kind=\"nginx\"/>"));
  ASSERT_EQ(plan->daemons.size(), 4U);
  EXPECT_THAT(plan->responders, IsEmpty());
  std::vector<std::string> places;
  for (const DaemonPlan& each : plan->daemons) {
    places.push_back(std::string(each.kind->name) + "@" + plan->hosts[each.host].options.name);
  }
  EXPECT_THAT(places, ElementsAre("kea@router", "dnsmasq@router", "chronyd@router", "nginx@prov"));
  EXPECT_EQ(daemon_names(plan->daemons), "kea, dnsmasq, chronyd and nginx");
}

TEST(DaemonLanguage, ADaemonIsToldAsTheResponderIs) {
  const auto plan =
      plan_of(real("<daemon kind=\"isc-dhcpd\" file=\"a.xml\" lease=\"2h\">"
                   "<option code=\"66\" text=\"http://prov.server.com\"/></daemon>"));
  const auto* dhcp = plan->daemons[0].as<netfakes::DhcpConfig>();
  ASSERT_NE(dhcp, nullptr);
  EXPECT_EQ(dhcp->settings.file, "a.xml");
  EXPECT_EQ(dhcp->settings.option_66, "http://prov.server.com");
  EXPECT_EQ(dhcp->settings.lease, std::chrono::hours(2));
  EXPECT_THAT(dhcp->settings.dns_servers, ElementsAre(*Ipv4Address::read("192.0.2.1")));
  EXPECT_EQ(plan->daemons[1].as<netfakes::DhcpConfig>(), nullptr);
  EXPECT_NE(plan->daemons[1].as<netfakes::DnsConfig>(), nullptr);
}

TEST(DaemonLanguage, ADnsmasqServesBothWhereNothingElseIsSaid) {
  const auto plan = plan_of(scenario("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>"));
  EXPECT_EQ(plan->daemons[0].serves.size(), 2U);
  EXPECT_THAT(plan->responders, IsEmpty());
}

TEST(DaemonLanguage, WrittenOutItIsTheSame) {
  const std::string text = real("<daemon kind=\"kea\" sname=\"http://x\"/>");
  const TextResult whole = write_out_scenario(text, "s.xml");
  ASSERT_TRUE(whole);
  const auto plan = plan_of(*whole);
  EXPECT_EQ(plan->daemons.size(), 3U);
  EXPECT_EQ(plan->daemons[0].as<netfakes::DhcpConfig>()->settings.sname, "http://x");
}

TEST(DaemonLanguage, WhatADaemonCannotDoIsComplainedAbout) {
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\" after=\"2s\"/>")),
              ElementsAre(HasSubstr("kea cannot be told after=\"...\"; it understands")));
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\"><notify url=\"http://x/\"/></daemon>")),
              ElementsAre(HasSubstr("kea has no use for <notify>; it understands option")));
  EXPECT_THAT(complaints(scenario("<daemon kind=\"dnsmasq\" after=\"500ms\"/>"
                                  "<daemon kind=\"chronyd\"/>")),
              ElementsAre(HasSubstr("dnsmasq waits for whole seconds")));
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\"/>",
                              "<daemon kind=\"nginx\"><file path=\"/a\" endless=\"true\">x</file>"
                              "</daemon>")),
              ElementsAre(HasSubstr("<file> of nginx cannot be told endless=\"...\"")));
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\" serves=\"dns\"/>")),
              Contains(HasSubstr("kea serves no dns")));
  EXPECT_THAT(complaints(real("<daemon kind=\"isc-dhcpd\"><option code=\"66\" text=\"a\"/>"
                              "<option code=\"66\" text=\"b\"/></daemon>")),
              ElementsAre(HasSubstr("give each <option> once")));
}

TEST(DaemonLanguage, AnOwnConfigurationIsAllThatItIsTold) {
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\" config=\"none.json\" lease=\"1h\"/>")),
              ElementsAre(HasSubstr("a daemon with config cannot be told lease"),
                          HasSubstr("there is no file 'none.json'")));
}

TEST(DaemonLanguage, AHostIsOnOneSideOnly) {
  EXPECT_THAT(complaints(scenario("<daemon kind=\"kea\"/>")),
              ElementsAre(HasSubstr("host 'router' has a daemon and responders that are none")));
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\"/>", "<http/>")),
              ElementsAre(HasSubstr("host 'prov' is behind host 'router': both have daemons, or")));
  EXPECT_THAT(complaints(real("<daemon kind=\"kea\"/>", "<multicast/>")), IsEmpty());
}

TEST(DaemonLanguage, NothingIsDoneToADaemonNorExpectedOfWhatItHears) {
  EXPECT_THAT(
      complaints(scenario("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>", "",
                          "<request to=\"router\" kind=\"dhcp\"/>")),
      ElementsAre(HasSubstr("host 'router' has a daemon, and what that is asked stands in its")));
  EXPECT_THAT(complaints(changed(
                  scenario("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>"), "  <expect>",
                  "<timeline><boot at=\"0s\"/><stop at=\"1s\" host=\"router\"/></timeline>"
                  "<expect>")),
              ElementsAre(HasSubstr("host 'router' has a daemon, which runs from start to end")));
  EXPECT_THAT(complaints(scenario("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>",
                                  "<world><lose from=\"router\" nth=\"1\"/></world>")),
              ElementsAre(HasSubstr("nothing is lost on its cable")));
}

using DaemonSuite = SuiteFixture;

TEST_F(DaemonSuite, AVirtualWorldLeavesItOut) {
  write("b.xml", scenario("<daemon kind=\"dnsmasq\"/><daemon kind=\"chronyd\"/>"));
  const SuiteReport report = run();
  ASSERT_EQ(report.runs.size(), 7U);
  EXPECT_EQ(report.runs[6].verdict.outcome, Outcome::left_out);
  EXPECT_EQ(report.exit_code(), 0);
  EXPECT_THAT(text_report(report, {}), HasSubstr("6 passed, 1 left out (2 files"));
  EXPECT_THAT(text_report(report, {}),
              HasSubstr("it needs dnsmasq and chronyd, real servers that no virtual world has"));
  EXPECT_THAT(junit_report(report), HasSubstr("failures=\"0\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(junit_report(report), HasSubstr("<skipped message=\"it needs dnsmasq and chronyd"));
  EXPECT_THAT(json_report(report, Details::none), HasSubstr("\"outcome\":\"left-out\""));
}

}  // namespace
}  // namespace provlab::lab
