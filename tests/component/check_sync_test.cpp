#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>

#include "netfakes/check_sync_sender.hpp"
#include "tests/component/phone_lab.hpp"

/// Check-syncs from the PBX to a whole phone (SPEC 7).
namespace provlab::test {
namespace {

using testing::HasSubstr;

class CheckSyncTest : public testing::Test {
 protected:
  CheckSyncTest() {
    lab.dhcp.settings.option_66 = "http://prov.server.com/a.xml";
    lab.file("/a.xml", kPatch);
    lab.options.settings = {{"provisioning/sip/active", "true"},
                            {"provisioning/sip/allowlist/allowlistEntry", "192.0.2.10"}};
  }
  /// Sends one, and lets a second pass.
  void send(std::string event, std::string body = "", unsigned copies = 1) {
    netfakes::CheckSync& notify = sent_.emplace_back();
    notify.event = std::move(event);
    notify.body = std::move(body);
    netfakes::Faults faults;
    faults.copies = copies;
    faults.gap = 100ms;
    notify.answer.faults = std::make_shared<const netfakes::Faults>(std::move(faults));
    if (!sender_) {
      sender_ = std::make_unique<netfakes::CheckSyncSender>(lab.pbx, "check-sync");
      ASSERT_TRUE(sender_->start());
    }
    sender_->send(notify, {lab.device.configuration().value().address.address, 5060});
    lab.world.run_until(lab.world.now() + 1s);
  }
  void boot() {
    lab.boot();
    ASSERT_TRUE(lab.run_until_ended());
  }
  std::string refusal() { return lab.field("check_sync_refused", "reason"); }

  PhoneLab lab;

 private:
  std::list<netfakes::CheckSync> sent_;
  std::unique_ptr<netfakes::CheckSyncSender> sender_;
};

TEST_F(CheckSyncTest, RepeatedRequestForARebootRebootsOnce) {
  boot();
  send("check-sync", "<notifySync><reboot/></notifySync>", 4);
  EXPECT_EQ(lab.count("reboot_requested"), 1U);
  EXPECT_EQ(lab.count("sip_response_sent"), 4U);
  EXPECT_EQ(lab.count("powered_on"), 2U);
}

TEST_F(CheckSyncTest, EightThatWaitAreRemembered) {
  boot();
  for (int i = 0; i < 20; ++i)
    send("check-sync", "<notifySync><startDelay>3600</startDelay></notifySync>");
  EXPECT_EQ(lab.count("check_sync_accepted"), 20U);
  EXPECT_EQ(lab.count("check_sync_replaced"), 12U);
  send("check-sync", "<notifySync><remoteAccess/></notifySync>");
  EXPECT_EQ(lab.count("check_sync_replaced"), 12U) << "what starts at once waits for nothing";
  EXPECT_EQ(lab.count("request_not_simulated"), 1U);
}

TEST_F(CheckSyncTest, LocalTimeThatClocksSkipIsTheNextMinute) {
  lab.options.settings.emplace_back("time/timezone", "XXX0YYY,J60/8:01,J300");
  boot();
  // At 8:01 of 1 March clocks go on to 9:01.
  send("check-sync", "<notifySync><startDate>2026-03-01T08:30:15</startDate></notifySync>");
  EXPECT_THAT(lab.field("check_sync_accepted", "delay"), testing::MatchesRegex("5[0-9].*s"));
}

TEST_F(CheckSyncTest, PowerCutForgetsWhatWasAnswered) {
  boot();
  lab.world.at(lab.world.now() + 50ms, [this] { lab.phone->reboot(); });
  send("check-sync", "", 2);
  EXPECT_EQ(lab.count("check_sync_accepted"), 2U);
}

TEST_F(CheckSyncTest, EventParameterIsReadAsSipWritesIt) {
  boot();
  unsigned reboots = 0;
  for (const char* event : {"check-sync;reboot=true", "check-sync ; Reboot = TRUE",
                            "check-sync;a=\"b;c\";reboot=\"true\""}) {
    send(event);
    EXPECT_EQ(lab.count("reboot_requested"), ++reboots) << event;
  }
  for (const char* event : {"check-sync;reboot", "check-sync;reboot=false",
                            "check-sync;a=\";reboot=true\"", "check-sync;noreboot=true"}) {
    send(event);
    EXPECT_EQ(lab.count("reboot_requested"), reboots) << event;
  }
}

TEST_F(CheckSyncTest, BodyIsJudgedAlsoWhereTheEventAsksForAReboot) {
  boot();
  send("check-sync;reboot=true", "garbage");
  EXPECT_EQ(lab.field("check_sync_refused", "status"), "415");
  EXPECT_EQ(lab.count("reboot_requested"), 0U);
  send("check-sync;reboot=true", patch_brightness(3));
  EXPECT_EQ(lab.count("reboot_requested"), 1U);
  EXPECT_EQ(lab.setting("userInterface/display/brightness"), "3");
}

TEST_F(CheckSyncTest, SloppyBodiesAreReadWithAWarning) {
  boot();
  send("check-sync", "<?xml version=\"1.0\" encoding=\"utf=8\"?>" + patch_brightness(3));
  EXPECT_EQ(lab.field("document_warning", "url"), "check-sync NOTIFY");
  EXPECT_THAT(lab.field("document_warning", "warning"), HasSubstr("utf=8"));
  send("check-sync", "<?xml version=\"1.0\" encoding=\"utf=8\"?><notifySync/>");
  EXPECT_EQ(lab.count("document_warning"), 2U);
  EXPECT_EQ(lab.count("check_sync_accepted"), 2U);
}

TEST_F(CheckSyncTest, RefusalNamesTheSenderWhoIsNotInTheAllowlist) {
  lab.options.settings.back().second = "192.0.2.77";
  boot();
  send("check-sync");
  EXPECT_EQ(refusal(), "192.0.2.10 is not in provisioning/sip/allowlist");
}

TEST_F(CheckSyncTest, RefusalNamesWhatIsNotResolved) {
  lab.options.settings.back().second = "gone.server.com";
  boot();
  send("check-sync");
  EXPECT_EQ(refusal(),
            "192.0.2.10 is not in provisioning/sip/allowlist as far as it is resolved; no address "
            "is known (yet) of gone.server.com");
}

}  // namespace
}  // namespace provlab::test
