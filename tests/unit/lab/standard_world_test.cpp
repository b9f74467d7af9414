#include <gmock/gmock.h>

#include "sim/lab/suite/scenario_files.hpp"
#include "tests/file_content.hpp"
#include "tests/unit/lab/scenario_text.hpp"

/// What a scenario need not say, and what it becomes when it is written out.
namespace provlab::lab {
namespace {

using test::content_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kSource = PROVLAB_SOURCE_DIR;

/// A scenario of the standard world, in which tests write one part or another.
std::string scenario(const std::string& parts,
                     const std::string& expect = "<result is=\"no-url\"/>") {
  return "<scenario name=\"s\">\n  <about>S.</about>\n" + parts + "  <expect>" + expect +
         "</expect>\n</scenario>\n";
}

std::string responders(const std::string& inside) {
  return scenario("  <responders>\n    " + inside + "\n  </responders>\n");
}

std::vector<std::string> hosts_of(const std::string& text) {
  std::vector<std::string> ids;
  const auto plan = plan_of(text);
  for (const HostPlan& host : plan->hosts) ids.push_back(host.options.name);
  return ids;
}

/// `dhcp@router`, as listed.
std::vector<std::string> servers_of(const std::string& text) {
  std::vector<std::string> servers;
  const auto plan = plan_of(text);
  for (const ResponderPlan& each : plan->responders) {
    servers.push_back(std::string(netfakes::kind_of(each.config).name) + "@" +
                      plan->hosts[each.host].options.name);
  }
  std::ranges::sort(servers);
  return servers;
}

std::string written_out(const std::string& text, const std::string& file = "s.xml") {
  const TextResult result = write_out_scenario(text, file);
  if (!result) throw std::logic_error(result.error().front().to_string());
  return *result;
}

/// The checksum of each variant's trace.
std::vector<std::uint64_t> checksums_of(const std::string& text, const std::string& file) {
  const PlanResult plan = compile_scenario(text, file);
  if (!plan) throw std::logic_error(plan.error().front().to_string());
  std::vector<std::uint64_t> checksums;
  for (const Variant& variant : (*plan)->variants) {
    Play play(*plan, variant, (*plan)->seed);
    play.run();
    checksums.push_back(play.trace().checksum());
  }
  return checksums;
}

TEST(StandardWorld, HasARouterThatServesDhcpDnsAndNtp) {
  const std::string text = scenario("");
  EXPECT_TRUE(plan_of(text)->standard_world);
  EXPECT_THAT(hosts_of(text), ElementsAre("router"));
  EXPECT_THAT(servers_of(text), ElementsAre("dhcp@router", "dns@router", "ntp@router"));
  EXPECT_EQ(plan_of(text)->link.latency, std::chrono::milliseconds(1));
  EXPECT_EQ(run(text).outcome, Outcome::passed);
}

TEST(StandardWorld, HasTheOtherHostsWhereTheScenarioNamesThem) {
  EXPECT_THAT(hosts_of(responders("<http/>")), ElementsAre("router", "prov"));
  EXPECT_THAT(hosts_of(responders("<dns><name is=\"a.b\" address=\"pbx\"/></dns>")),
              ElementsAre("router", "pbx"));
  EXPECT_THAT(
      hosts_of(responders("<ntp><on request=\"time\"><answer from=\"cloud:124\"/></on></ntp>")),
      ElementsAre("router", "cloud"));
  EXPECT_THAT(hosts_of(scenario("  <world><lose from=\"device\" to=\"prov\"/></world>\n")),
              ElementsAre("router", "prov"));
  EXPECT_THAT(hosts_of(scenario("  <timeline><boot at=\"0s\"/><unplug at=\"1s\" host=\"pbx\"/>"
                                "</timeline>\n")),
              ElementsAre("router", "pbx"));
  EXPECT_THAT(hosts_of(scenario("", "<never><event name=\"packet_lost\" host=\"cloud\"/></never>")),
              ElementsAre("router", "cloud"));
}

TEST(StandardWorld, IsNotNamedByIdsOfAnswersOrWhatServersHandOut) {
  EXPECT_THAT(hosts_of(responders("<http><file id=\"pbx\" path=\"/a\"><a host=\"cloud\"/></file>"
                                  "</http>")),
              ElementsAre("router", "prov"));
}

TEST(StandardWorld, HasAPlaceForEachKindOfResponder) {
  EXPECT_THAT(servers_of(responders("<dhcp/><dns/><ntp/><redirect/><multicast/><http/>")),
              ElementsAre("dhcp@router", "dns@router", "http@prov", "multicast@pbx", "ntp@router",
                          "redirect@cloud"));
  EXPECT_THAT(servers_of(responders("<http host=\"cloud\"/>")),
              ElementsAre("dhcp@router", "dns@router", "http@cloud", "ntp@router"));
}

TEST(StandardWorld, LosesAServerThatTheScenarioTakesAwayOrPutsElsewhere) {
  EXPECT_THAT(servers_of(responders("<dns host=\"none\"/>")),
              ElementsAre("dhcp@router", "ntp@router"));
  EXPECT_THAT(servers_of(responders("<ntp host=\"prov\"/>")),
              ElementsAre("dhcp@router", "dns@router", "ntp@prov"));
}

TEST(StandardWorld, KeepsTheLinkOfTheScenario) {
  const auto plan = plan_of(scenario("  <world><link jitter=\"2ms\"/></world>\n"));
  EXPECT_TRUE(plan->standard_world);
  EXPECT_EQ(plan->link.latency, std::chrono::milliseconds(1));
  EXPECT_EQ(plan->link.jitter, std::chrono::milliseconds(2));
}

/// The standard world with these hosts beside its own.
std::string extended(const std::string& hosts, const std::string& responders) {
  return scenario("  <world extends=\"standard\">\n" + hosts + "</world>\n  <responders>" +
                  responders + "</responders>\n");
}

TEST(ExtendedWorld, HasTheStandardHostsThatAreNamedAndThoseListed) {
  const std::string text =
      extended("<host id=\"clock\" address=\"192.0.2.2\"/>", "<ntp host=\"clock\"/><http/>");
  EXPECT_TRUE(plan_of(text)->standard_world);
  EXPECT_THAT(hosts_of(text), ElementsAre("router", "prov", "clock"));
  EXPECT_THAT(servers_of(text), ElementsAre("dhcp@router", "dns@router", "http@prov", "ntp@clock"));
  EXPECT_EQ(plan_of(text)->link.latency, std::chrono::milliseconds(1));
}

TEST(ExtendedWorld, HasAHostInPlaceOfAStandardOneByItsId) {
  const std::string text =
      extended("<host id=\"prov\" address=\"203.0.113.7\" name=\"elsewhere.example\"/>", "<http/>");
  const auto plan = plan_of(text);
  EXPECT_THAT(hosts_of(text), ElementsAre("router", "prov"));
  EXPECT_THAT(plan->hosts[1].dns_names, ElementsAre("elsewhere.example"));
}

TEST(ExtendedWorld, IsWrittenOutAsAWorldOfItsOwn) {
  const std::string text = extended("<host id=\"clock\" address=\"192.0.2.2\"/>",
                                    "<dns host=\"none\"/><ntp host=\"clock\"/>");
  const std::string whole = written_out(text);
  EXPECT_THAT(whole, ::testing::Not(HasSubstr("extends")));
  EXPECT_EQ(written_out(whole), whole);
  EXPECT_EQ(checksums_of(whole, "s.xml"), checksums_of(text, "s.xml"));
  EXPECT_THAT(servers_of(whole), ElementsAre("dhcp@router", "ntp@clock"));
}

TEST(ExtendedWorld, ComplaintsNameAllItsHosts) {
  EXPECT_THAT(
      complaints(extended("<host id=\"clock\" address=\"192.0.2.2\"/>", "<ntp host=\"clokc\"/>")),
      ElementsAre(HasSubstr("there is no host 'clokc' (did you mean 'clock'?); the standard world "
                            "has router, prov, pbx, cloud or clock; a <world>")));
  EXPECT_THAT(complaints(scenario("  <world extends=\"default\"/>\n")),
              ElementsAre(HasSubstr("s.xml:3: extends=\"default\" in <world>: write standard (")));
  EXPECT_THAT(complaints(extended("<host id=\"clock\" address=\"192.0.2.1\"/>", "")),
              ElementsAre(HasSubstr("the address 192.0.2.1 belongs to host 'router' already")));
}

TEST(OwnWorld, HasWhatItListsAndNothingElse) {
  const std::string text = scenario(
      "  <world><host id=\"pbx\" address=\"10.0.0.1\"/></world>\n"
      "  <responders><dhcp/></responders>\n",
      "<result is=\"no-valid-time\"/>");
  EXPECT_FALSE(plan_of(text)->standard_world);
  EXPECT_THAT(hosts_of(text), ElementsAre("pbx"));
  EXPECT_THAT(servers_of(text), ElementsAre("dhcp@pbx"));
}

TEST(StandardWorldComplaints, NameTheHostsThatThereAre) {
  EXPECT_THAT(complaints(responders("<http host=\"prv\"/>")),
              ElementsAre("s.xml:4: there is no host 'prv' (did you mean 'prov'?); the standard "
                          "world has router, prov, pbx or cloud; a <world> of its own has the "
                          "hosts it lists, with extends=\"standard\" beside these"));
  EXPECT_THAT(complaints(responders("<http host=\"none\"/>")),
              ElementsAre(HasSubstr("there is no host 'none'; the standard world has")));
}

TEST(StandardWorldComplaints, AreNotMadeOfHostsOfAMisspeltWorld) {
  EXPECT_THAT(complaints(scenario("  <wrold><host id=\"nas\" address=\"10.0.0.1\"/></wrold>\n"
                                  "  <responders><dhcp host=\"nas\"/></responders>\n")),
              ElementsAre(HasSubstr("<scenario> has no element <wrold> (did you mean 'world'?)")));
}

TEST(StandardWorldComplaints, OfAServerThatIsTakenAwayAndStillSaysSomething) {
  EXPECT_THAT(complaints(responders("<dns host=\"none\" ttl=\"1s\"/>")),
              ElementsAre("s.xml:4: <dns host=\"none\"> says that there is no dns; remove what "
                          "else it says"));
  EXPECT_THAT(complaints(responders("<ntp/>\n    <ntp host=\"none\"/>")),
              ElementsAre("s.xml:5: there is a <ntp> in line 4 as well; remove one of them"));
}

TEST(StandardWorldComplaints, OfTakingAServerAwayFromAWorldOfItsOwn) {
  EXPECT_THAT(complaints(scenario("  <world><host id=\"a\" address=\"10.0.0.1\"/></world>\n"
                                  "  <responders>\n<dns host=\"none\"/></responders>\n")),
              ElementsAre("s.xml:5: <dns host=\"none\"> takes a server of the standard world away, "
                          "and this world is the scenario's own; remove it"));
}

TEST(StandardWorldComplaints, OfAHostStandWhereItIsNamed) {
  EXPECT_THAT(complaints(responders("<multicast host=\"prov\"/>")),
              ElementsAre("s.xml:4: host 'prov' has a <multicast>, which reaches only the phone's "
                          "own network 192.0.2.1/24; give the host an address there"));
}

TEST(StandardWorldComplaints, OfAHostCalledNone) {
  EXPECT_THAT(complaints(scenario("  <world><host id=\"none\" address=\"10.0.0.1\"/></world>\n")),
              ElementsAre("s.xml:3: id=\"none\" means no host elsewhere; choose another"));
}

TEST(WrittenOut, HasEverythingThatWasLeftOut) {
  EXPECT_EQ(written_out(scenario("  <responders>\n"
                                 "    <dns host=\"none\"/>\n"
                                 "    <!-- slow -->\n"
                                 "    <http accept-after=\"1s\"/>\n"
                                 "  </responders>\n")),
            R"(<scenario name="s" seed="1">
  <about>S.</about>
  <device type="D200" mac="00:09:52:00:00:0E" serial="0000000001" release="2.2A"/>
  <world>
    <link latency="1ms"/>
    <host id="router" address="192.0.2.1" routes="true"/>
    <host id="prov" address="198.51.100.10" name="prov.server.com" latency="10ms"/>
  </world>
  <responders>
    <dhcp host="router"/>
    <ntp host="router"/>
    <!-- slow -->
    <http host="prov" accept-after="1s"/>
  </responders>
  <timeline>
    <boot at="0s"/>
  </timeline>
  <expect><result is="no-url"/></expect>
</scenario>
)");
}

TEST(WrittenOut, StaysAsItIsWhenItIsWrittenOutAgain) {
  const std::string once = written_out(kScenario);
  EXPECT_EQ(written_out(once), once);
}

TEST(WrittenOut, HasTheTraceOfTheShortForm) {
  const std::string brief = kSource + "/scenarios/tutorial/7-race.xml";
  const std::string full = kSource + "/tests/data/lab/race-written-out.xml";
  EXPECT_THAT(content_of(brief), ::testing::Not(HasSubstr("<world>")));
  EXPECT_THAT(content_of(full), HasSubstr("<world>"));
  EXPECT_EQ(checksums_of(content_of(brief), brief), checksums_of(content_of(full), full));
}

TEST(WrittenOut, HasTheTracesThatItHadThroughoutTheLibrary) {
  const auto files = find_scenarios({kSource + "/scenarios"});
  ASSERT_TRUE(files);
  for (const std::string& file : *files) {
    const std::string text = content_of(file);
    const std::string out = written_out(text, file);
    EXPECT_EQ(checksums_of(out, file), checksums_of(text, file)) << file;
    EXPECT_EQ(written_out(out, file), out) << file;
  }
}

TEST(WrittenOut, DoesNotExistOfAnInvalidScenario) {
  const TextResult result = write_out_scenario(responders("<http host=\"prv\"/>"), "s.xml");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().front().line, 4);
}

TEST(WrittenOut, HasTheKnobsOfItsProfileButThoseGiven) {
  const std::string whole = written_out(scenario("  <device profile=\"comfortel-ip\"/>\n"));
  EXPECT_THAT(whole, HasSubstr("redirect-base=\"https://connect.redirect.auerswald.de\""));
  EXPECT_THAT(whole, HasSubstr("on-reference-failure=\"stop\""));
  EXPECT_EQ(written_out(whole), whole);
  const std::string given = written_out(
      scenario("  <device profile=\"comfortel-ip\"><knobs on-reference-failure=\"continue\"/>"
               "</device>\n"));
  EXPECT_THAT(given, HasSubstr("on-reference-failure=\"continue\""));
  EXPECT_THAT(given, HasSubstr("redirect-base=\"https:"));
  EXPECT_EQ(written_out(scenario("  <device profile=\"d-series\"/>\n")).find("knobs"),
            std::string::npos);
}

}  // namespace
}  // namespace provlab::lab
