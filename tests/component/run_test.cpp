#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/component/phone_lab.hpp"

/// One run from precondition to result (SPEC 2.5–2.15), seen from outside.
namespace provlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunTest : public testing::Test {
 protected:
  RunTest() { give_url("a.xml"); }
  void give_url(std::string option_67) {
    lab.dhcp.settings.option_66 = "http://prov.server.com";
    lab.dhcp.settings.option_67 = std::move(option_67);
  }
  void no_dhcp_url() {
    lab.dhcp.settings.option_66.reset();
    lab.dhcp.settings.option_67.reset();
  }
  /// The only run ends like this.
  void expect(std::string_view result) {
    ASSERT_TRUE(lab.run_until_ended());
    EXPECT_EQ(lab.result(), result) << lab.sentence();
    EXPECT_EQ(lab.field("run_ended", "released"), "true");
  }
  Duration ended_after() {
    const auto ended = lab.events("run_ended");
    return ended.empty() ? Duration(-1) : ended.front().at().time_since_epoch();
  }
  PhoneLab lab;
};

// SPEC 2.14, result by result.

TEST_F(RunTest, WithProvisioningSwitchedOffIsInactive) {
  lab.options.settings = {{"provisioning/active", "false"}};
  lab.file("/a.xml", kPatch);
  lab.boot();
  expect("inactive");
  EXPECT_EQ(ended_after(), 0s);
  lab.run_until(5min);
  EXPECT_THAT(lab.requested(), IsEmpty());
}

TEST_F(RunTest, ManualRunsAlsoWhenProvisioningIsSwitchedOff) {
  lab.options.settings = {{"provisioning/active", "false"}};
  lab.file("/a.xml", kPatch);
  lab.boot();
  lab.run_until(10s);
  lab.phone->press_start_provisioning();
  ASSERT_TRUE(lab.run_until_ended(2));
  EXPECT_EQ(lab.result(1), "provisioned");
}

TEST_F(RunTest, WithoutDhcpServerIsNoNetwork) {
  lab.with_dhcp = false;
  lab.boot();
  expect("no-network");
  EXPECT_EQ(ended_after(), 70s);
  EXPECT_EQ(lab.field("precondition_failed", "precondition"), "network");
  EXPECT_THAT(lab.sentence(), HasSubstr("no DHCP server gave the phone an address (waited 70s)"));
  EXPECT_EQ(lab.count("stage_started"), 0);
}

TEST_F(RunTest, WithoutCableIsNoNetwork) {
  lab.device.set_link(false);
  lab.boot();
  expect("no-network");
  EXPECT_THAT(lab.sentence(), HasSubstr("the cable is not connected"));
}

TEST_F(RunTest, CablePutInWithinTheWaitIsEnough) {
  lab.file("/a.xml", kPatch);
  lab.device.set_link(false);
  lab.boot();
  lab.run_until(30s);
  lab.device.set_link(true);
  expect("provisioned");
}

TEST_F(RunTest, WithoutNtpServerIsNoValidTime) {
  lab.with_ntp = false;
  lab.boot();
  expect("no-valid-time");
  EXPECT_EQ(lab.field("precondition_met", "precondition"), "network");
  EXPECT_EQ(lab.field("precondition_failed", "precondition"), "time");
  EXPECT_EQ(lab.field("precondition_failed", "waited"), "70s");
  EXPECT_THAT(lab.sentence(), HasSubstr("no NTP server gave a time"));
  EXPECT_EQ(lab.count("stage_started"), 0);
}

TEST_F(RunTest, WithoutAnyNtpServerNamedSaysSo) {
  lab.dhcp.settings.ntp_servers.clear();
  lab.boot();
  expect("no-valid-time");
  EXPECT_THAT(lab.sentence(), HasSubstr("neither DHCP nor the settings name an NTP server"));
}

TEST_F(RunTest, NetworkThatGoesWhileTheTimeIsWaitedForIsToBlame) {
  lab.with_ntp = false;
  lab.boot();
  lab.run_until(1s);
  lab.device.set_link(false);
  expect("no-valid-time");
  EXPECT_THAT(lab.sentence(),
              HasSubstr("the network went while the time was waited for, the cable is not "
                        "connected (waited 70s); check the cable"));
}

TEST_F(RunTest, LeaseThatEndsWhileTheTimeIsWaitedForIsToBlame) {
  lab.with_ntp = false;
  lab.dhcp.settings.lease = 20s;
  lab.boot();
  lab.run_until(1s);
  lab.router.set_power(false);
  expect("no-valid-time");
  EXPECT_THAT(lab.sentence(), HasSubstr("the lease has ended and no DHCP server gave another"));
}

TEST_F(RunTest, WaitsForPreconditionsAreKnobs) {
  lab.options.service.network_wait = 5s;
  lab.with_dhcp = false;
  lab.boot();
  expect("no-network");
  EXPECT_EQ(ended_after(), 5s);
}

TEST_F(RunTest, TakesTheTimeServerOfTheSettingsWhereDhcpNamesNone) {
  lab.dhcp.settings.ntp_servers.clear();
  lab.options.settings = {{"time/ntpServer", "192.0.2.1"}};
  lab.file("/a.xml", kPatch);
  lab.boot();
  expect("provisioned");
}

TEST_F(RunTest, WithoutAnySourceIsNoUrl) {
  no_dhcp_url();
  lab.boot();
  expect("no-url");
  EXPECT_EQ(lab.count("stage_ended"), 3);
  EXPECT_THAT(lab.sentence(), HasSubstr("provisioning/url"));
}

TEST_F(RunTest, ManualWithAnUnusableUrlIsNoUrl) {
  lab.options.run_at_boot = false;
  lab.options.settings = {{"provisioning/url", "tftp://prov.server.com/a.xml"}};
  lab.boot();
  lab.run_until(10s);
  lab.phone->press_start_provisioning();
  expect("no-url");
  EXPECT_THAT(lab.sentence(), HasSubstr("tftp"));
  EXPECT_EQ(lab.count("stage_started"), 0);
}

TEST_F(RunTest, MissingFileIsDownloadFailed) {
  lab.boot();
  expect("download-failed");
  EXPECT_EQ(lab.field("document_download_failed", "status"), "404");
  EXPECT_THAT(lab.sentence(), HasSubstr("http://prov.server.com/a.xml: the server answered 404"));
}

TEST_F(RunTest, StatusOtherThan200IsADownloadFailureToo) {
  lab.file("/a.xml", 204);
  lab.boot();
  expect("download-failed");
}

TEST_F(RunTest, UnknownServerIsDownloadFailed) {
  lab.dhcp.settings.option_66 = "http://nowhere.test";
  lab.boot();
  expect("download-failed");
  EXPECT_EQ(lab.count("document_downloaded"), 0);
}

TEST_F(RunTest, UnreadableFileIsRejected) {
  lab.file("/a.xml", "<html>login</html");
  lab.boot();
  expect("rejected");
  EXPECT_EQ(lab.count("document_refused"), 1);
}

TEST_F(RunTest, FileWithoutAnAcceptedSectionIsRejected) {
  lab.file("/a.xml",
           "<configuration><telephony><callWaiting><active>perhaps</active></callWaiting>"
           "</telephony></configuration>");
  lab.boot();
  expect("rejected");
  EXPECT_EQ(lab.count("section_rejected"), 1);
  EXPECT_THAT(lab.sentence(), HasSubstr("section telephony"));
}

TEST_F(RunTest, SomethingAcceptedBesideSomethingRejectedIsPartial) {
  lab.file("/a.xml",
           "<configuration><telephony><callWaiting><active>perhaps</active></callWaiting>"
           "</telephony><userInterface><display><brightness>2</brightness></display>"
           "</userInterface></configuration>");
  lab.boot();
  expect("partial");
  EXPECT_EQ(lab.setting("userInterface/display/brightness"), "2");
}

TEST_F(RunTest, AllAcceptedAndSomethingChangedIsProvisioned) {
  lab.file("/a.xml", kPatch);
  lab.boot();
  expect("provisioned");
}

TEST_F(RunTest, AllAcceptedAndNothingDifferentIsUnchanged) {
  lab.options.settings = {{"telephony/callWaiting/active", "true"}};
  lab.file("/a.xml", kPatch);
  lab.boot();
  expect("unchanged");
}

// SPEC 2.12 and 5.5: reference documents.

TEST_F(RunTest, FollowsReferencesOfTheSourceDocument) {
  give_url("/prov/references.xml");
  lab.dns.names.emplace("another.server.com", Ipv4Address::of(198, 51, 100, 10));
  lab.file("/prov/references.xml",
           reference({"first_file.xml", "/second_file.xml",
                      "http://another.server.com/third_file.xml", "/prov.py?mac={mac}"}));
  lab.file("/prov/first_file.xml", patch_brightness(1));
  lab.file("/second_file.xml", patch_brightness(2));
  lab.file("/third_file.xml", patch_brightness(3));
  lab.file("/prov.py?mac=00095200000E", patch_brightness(4));
  lab.boot();
  expect("provisioned");
  EXPECT_THAT(lab.requested(),
              ElementsAre("/prov/references.xml", "/prov/first_file.xml", "/second_file.xml",
                          "/third_file.xml", "/prov.py?mac=00095200000E"));
  EXPECT_EQ(lab.setting("userInterface/display/brightness"), "4");
}

TEST_F(RunTest, GoesDepthFirstAndAppliesBeforeTheNextRequest) {
  lab.file("/a.xml", reference({"b.xml", "c.xml"}));
  lab.file("/b.xml", reference({"b1.xml", "b2.xml"}));
  for (const char* path : {"/b1.xml", "/b2.xml", "/c.xml"}) lab.file(path, patch_brightness(2));
  lab.boot();
  expect("provisioned");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/b.xml", "/b1.xml", "/b2.xml", "/c.xml"));
  std::string order;
  for (const auto& record : lab.world.trace()) {
    if (record.is("document_download_started")) order += 'd';
    if (record.is("section_applied")) order += 'a';
  }
  EXPECT_EQ(order, "dddadada");
}

TEST_F(RunTest, FailingReferenceIsRecordedAndTheRestRuns) {
  lab.file("/a.xml", reference({"missing.xml", "", "ftp://x/", "b.xml"}));
  lab.file("/b.xml", patch_brightness(2));
  lab.boot();
  expect("partial");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/missing.xml", "/b.xml"));
  EXPECT_EQ(lab.count("reference_skipped"), 2);
  EXPECT_THAT(lab.sentence(), HasSubstr("1 file could not be downloaded, 2 references"));
  EXPECT_EQ(lab.field("reference_skipped", "url"),
            "an empty url element of http://prov.server.com/a.xml");
}

TEST_F(RunTest, StopsAtAFailingReferenceByKnob) {
  lab.options.service.stop_on_reference_failure = true;
  lab.file("/a.xml", reference({"b.xml", "missing.xml", "c.xml"}));
  lab.file("/b.xml", patch_brightness(2));
  lab.file("/c.xml", patch_brightness(3));
  lab.boot();
  expect("partial");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/b.xml", "/missing.xml"));
  EXPECT_EQ(lab.setting("userInterface/display/brightness"), "2");
}

TEST_F(RunTest, UrlThatIsItsOwnAncestorIsAnErrorOfThatElement) {
  lab.file("/a.xml", reference({"b.xml", "c.xml"}));
  lab.file("/b.xml", reference({"a.xml", "b.xml", "c.xml"}));
  lab.file("/c.xml", patch_brightness(2));
  lab.boot();
  expect("partial");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/b.xml", "/c.xml", "/c.xml"));
  EXPECT_THAT(lab.field("reference_skipped", "reason", 1), HasSubstr("its own ancestor"));
}

TEST_F(RunTest, AncestorBehindARedirectIsNoLoop) {
  lab.file("/a.xml", reference({"b.xml", "c.xml"}));
  netfakes::HttpResource back;
  back.path = "/b.xml";
  back.status = 302;
  back.location = "/a.xml";
  lab.http.resources.push_back(back);
  lab.file("/c.xml", patch_brightness(2));
  lab.boot();
  expect("partial");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/b.xml", "/a.xml", "/c.xml"));
}

TEST_F(RunTest, ReferencesResolveAgainstTheUrlAfterRedirects) {
  netfakes::HttpResource moved;
  moved.path = "/a.xml";
  moved.status = 301;
  moved.location = "/elsewhere/a.xml";
  lab.http.resources.push_back(moved);
  lab.file("/elsewhere/a.xml", reference({"b.xml"}));
  lab.file("/elsewhere/b.xml", patch_brightness(2));
  lab.boot();
  expect("provisioned");
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/elsewhere/a.xml", "/elsewhere/b.xml"));
}

TEST_F(RunTest, NestsNoDeeperThanEightLevels) {
  give_url("level1.xml");
  for (int level = 1; level <= 9; ++level) {
    lab.file("/level" + std::to_string(level) + ".xml",
             reference({"level" + std::to_string(level + 1) + ".xml"}));
  }
  lab.boot();
  expect("rejected");
  EXPECT_EQ(lab.requested().back(), "/level8.xml");
  EXPECT_EQ(lab.requested().size(), 8);
  EXPECT_THAT(lab.field("reference_skipped", "reason"), HasSubstr("deeper than 8 levels"));
}

TEST_F(RunTest, RequestsNoMoreThan64Files) {
  std::vector<std::string> urls;
  for (int i = 1; i <= 70; ++i) urls.push_back("f.xml?" + std::to_string(i));
  lab.file("/a.xml", reference(urls));
  lab.file("/f.xml", patch_brightness(2));
  lab.boot();
  expect("partial");
  EXPECT_EQ(lab.requested().size(), 64);
  EXPECT_EQ(lab.count("reference_skipped"), 7);
}

TEST_F(RunTest, UnknownMarkersOfReferencesAreReported) {
  lab.file("/a.xml", reference({"{colour}.xml", "&lt;HWTYP&gt;.xml"}));
  lab.file("/D200.xml", patch_brightness(2));
  lab.boot();
  expect("partial");
  EXPECT_EQ(lab.field("marker_unknown", "marker"), "{colour}");
  EXPECT_EQ(lab.requested().back(), "/D200.xml");
}

// SPEC 5.8: five minutes per run.

TEST_F(RunTest, TimeLimitEndsTheRunByTheSameTable) {
  std::vector<std::string> urls;
  for (int i = 1; i <= 10; ++i) urls.push_back("slow.xml?" + std::to_string(i));
  lab.file("/a.xml", reference(urls));
  lab.file("/slow.xml", patch_brightness(2));
  lab.http.resources.back().after = 50s;
  lab.boot();
  expect("partial");
  EXPECT_EQ(ended_after(), 5min);
  EXPECT_EQ(lab.count("run_limit"), 1);
  EXPECT_EQ(lab.requested().size(), 7);
  EXPECT_EQ(lab.count("reference_skipped"), 4);
  EXPECT_THAT(lab.sentence(), HasSubstr("time limit"));
}

TEST_F(RunTest, TimeLimitAlsoEndsTheSearch) {
  no_dhcp_url();
  lab.with_redirect = false;
  lab.cloud.set_power(false);
  lab.options.service.run_limit = 3s;
  lab.boot();
  expect("no-url");
  EXPECT_EQ(ended_after(), 3s);
  EXPECT_EQ(lab.count("run_limit"), 1);
}

TEST_F(RunTest, TimeLimitOfASearchHidesNoFailureBeforeIt) {
  no_dhcp_url();
  lab.with_redirect = false;
  lab.with_multicast = false;
  lab.options.service.run_limit = 3s;
  lab.boot();
  expect("no-url");
  EXPECT_THAT(lab.sentence(), HasSubstr("; redirect: connection to 198.51.100.7:80 was refused)"));
}

TEST_F(RunTest, TimeLimitThatEndsTheOnlyDownloadNamesItsUrl) {
  lab.file("/a.xml", kPatch);
  lab.http.resources.back().after = 50s;
  lab.options.service.run_limit = 8s;
  lab.boot();
  expect("download-failed");
  EXPECT_EQ(lab.sentence(),
            "Nothing was downloaded: http://prov.server.com/a.xml: the run's time was up before "
            "the answer was whole; check the server and the network, one of them is too slow. The "
            "time limit of a run ended it early.");
}

TEST_F(RunTest, TimeLimitBeforeTheOnlyDownloadNamesItsUrl) {
  lab.options.run_at_boot = false;
  lab.options.settings = {{"provisioning/url", "http://prov.server.com/a.xml"}};
  lab.options.service.run_limit = 6ms;  // when the time is known
  lab.boot();
  lab.phone->press_start_provisioning();
  expect("download-failed");
  EXPECT_EQ(lab.requested().size(), 0);
  EXPECT_THAT(lab.sentence(), HasSubstr("http://prov.server.com/a.xml: the run's time was up "
                                        "before it was requested; find out what took so long"));
}

TEST_F(RunTest, TimeLimitAlsoEndsAWait) {
  lab.with_dhcp = false;
  lab.options.service.run_limit = 10s;
  lab.boot();
  expect("no-network");
  EXPECT_EQ(ended_after(), 10s);
  EXPECT_EQ(lab.count("run_limit"), 1);
}

// SPEC 2.11 and its knob.

TEST_F(RunTest, FailedDownloadDoesNotGoBackForAnotherSource) {
  lab.redirect.otherwise = {.id = {}, .url = "http://prov.server.com/b.xml"};
  lab.file("/b.xml", kPatch);
  lab.boot();
  expect("download-failed");
  EXPECT_EQ(lab.field("run_ended", "source"), "dhcp");
}

TEST_F(RunTest, FailedDownloadGoesOnToTheNextSourceByKnob) {
  lab.options.service.next_source_on_failure = true;
  lab.redirect.otherwise = {.id = {}, .url = "http://prov.server.com/missing.xml"};
  lab.options.settings = {{"provisioning/url", "http://prov.server.com/b.xml"}};
  lab.file("/b.xml", kPatch);
  lab.boot();
  expect("partial");  // SPEC 2.14: a failed download beside something accepted
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml", "/missing.xml", "/b.xml"));
  EXPECT_EQ(lab.field("run_ended", "source"), "configured");
  EXPECT_EQ(lab.count("next_source_tried"), 2);
}

TEST_F(RunTest, NextSourceThatFindsNothingLeavesTheFailedDownload) {
  lab.options.service.next_source_on_failure = true;
  lab.boot();
  expect("download-failed");
}

// SPEC 2.15 and its knob.

TEST_F(RunTest, ManualWithoutUrlTakesTheSequence) {
  lab.options.run_at_boot = false;
  lab.file("/a.xml", kPatch);
  lab.boot();
  lab.run_until(10s);
  lab.phone->press_start_provisioning();
  expect("provisioned");
  EXPECT_EQ(lab.field("url_chosen", "source"), "dhcp");
}

TEST_F(RunTest, ManualTakesTheSequenceByKnob) {
  lab.options.service.manual_sequence = true;
  lab.options.run_at_boot = false;
  lab.options.settings = {{"provisioning/url", "http://prov.server.com/b.xml"}};
  lab.file("/a.xml", kPatch);
  lab.boot();
  lab.run_until(10s);
  lab.phone->press_start_provisioning();
  expect("provisioned");
  EXPECT_EQ(lab.field("url_chosen", "source"), "dhcp");
}

}  // namespace
}  // namespace provlab::test
