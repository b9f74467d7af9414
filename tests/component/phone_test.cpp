#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/component/phone_lab.hpp"

namespace provlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PhoneTest : public testing::Test {
 protected:
  PhoneTest() {
    lab.dhcp.settings.option_66 = "http://prov.server.com";
    lab.dhcp.settings.option_67 = "a.xml";
    lab.file("/a.xml", kPatch);
  }
  PhoneLab lab;
};

TEST_F(PhoneTest, BootsAndProvisionsItself) {
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  EXPECT_EQ(lab.result(), "provisioned") << lab.world.trace().json_lines();
  EXPECT_THAT(lab.requested(), ElementsAre("/a.xml"));
  EXPECT_EQ(lab.setting("telephony/callWaiting/active"), "true");
  EXPECT_EQ(lab.field("run_ended", "released"), "true");
  EXPECT_TRUE(lab.phone->resources_released());
  EXPECT_FALSE(lab.phone->run_in_progress());
}

TEST_F(PhoneTest, SettingsSurvivePowerLoss) {
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  lab.cut_power();
  lab.run_until(10s);
  EXPECT_EQ(lab.setting("telephony/callWaiting/active"), "true");
  lab.device.set_power(true);
  lab.phone->power_on();
  ASSERT_TRUE(lab.run_until_ended(2));
  EXPECT_EQ(lab.result(1), "unchanged");
  EXPECT_EQ(lab.setting("telephony/callWaiting/active"), "true");
}

TEST_F(PhoneTest, RebootsInOneInstant) {
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  const Instant before = lab.world.now();
  lab.phone->reboot();
  lab.world.run_until(before);
  EXPECT_TRUE(lab.phone->powered());
  EXPECT_TRUE(lab.phone->run_in_progress());
  EXPECT_FALSE(lab.device.configuration());
  ASSERT_TRUE(lab.run_until_ended(2));
  EXPECT_EQ(lab.result(1), "unchanged");
  EXPECT_EQ(lab.count("sip_port_failed"), 0);
}

TEST_F(PhoneTest, RebootsAgainWhileItReboots) {
  lab.boot();
  lab.run_until(5ms);
  lab.phone->reboot();
  lab.phone->reboot();
  lab.phone->reboot();
  ASSERT_TRUE(lab.run_until_ended());
  EXPECT_EQ(lab.result(), "provisioned");
  EXPECT_EQ(lab.count("powered_on"), 4);
}

/// Cuts the power after `when` and lets a minute pass.
class PowerCut : public PhoneTest, public testing::WithParamInterface<int> {};

TEST_P(PowerCut, LeavesNothingBehind) {
  lab.dhcp.settings.option_66.reset();
  lab.dhcp.settings.option_67.reset();
  lab.redirect.otherwise = {.id = {}, .url = "http://prov.server.com/a.xml", .after = 100ms};
  lab.boot();
  lab.run_until(GetParam() * 1ms);
  const bool running = lab.phone->run_in_progress();
  lab.cut_power();
  const Instant cut = lab.world.now();
  lab.world.run_until(cut);
  EXPECT_TRUE(lab.phone->resources_released());
  EXPECT_EQ(lab.device.open_sockets(), 0);
  lab.run_until(cut.time_since_epoch() + 60s);
  for (const auto& record : lab.world.trace()) {
    // Packets to the device are lost there; by itself it does nothing.
    if (record.at() > cut && !record.is("packet_lost")) {
      EXPECT_NE(record.host(), lab.device.id()) << record.event();
    }
  }
  EXPECT_EQ(lab.count("run_ended"), running ? 0 : 1);
  EXPECT_EQ(lab.field("powered_off", "run_in_progress"), running ? "true" : "false");
}

// From the DISCOVER over DNS, redirect, the race and the download to the end of the run.
INSTANTIATE_TEST_SUITE_P(PhoneTest, PowerCut, testing::Range(0, 400, 7));

TEST_F(PhoneTest, PowerCutDuringADownloadComesBackWithTheOldSettings) {
  lab.http.resources[0].after = 5s;
  lab.boot();
  lab.run_until(3s);
  ASSERT_TRUE(lab.phone->run_in_progress());
  lab.cut_power();
  lab.run_until(30s);
  EXPECT_EQ(lab.setting("telephony/callWaiting/active"), "false");
  EXPECT_EQ(lab.count("run_ended"), 0);
}

TEST_F(PhoneTest, WithoutPowerTheMenuDoesNothing) {
  lab.start();
  lab.phone->press_start_provisioning();
  lab.phone->enter_url("http://prov.server.com/b.xml");
  lab.run_until(1s);
  EXPECT_EQ(lab.world.trace().size(), 0);
  EXPECT_EQ(lab.setting("provisioning/url"), "");
}

TEST_F(PhoneTest, InitialSettingsAreItsFirstStore) {
  lab.options.run_at_boot = false;
  lab.options.settings = {{"userInterface/display/brightness", "3"}};
  lab.boot();
  lab.run_until(60s);
  EXPECT_EQ(lab.count("run_started"), 0);
  EXPECT_EQ(lab.setting("userInterface/display/brightness"), "3");
}

TEST_F(PhoneTest, InitialDocumentIsItsFirstStore) {
  lab.options.initial_configuration_xml =
      "<configuration><provisioning><url>http://x.test/</url></provisioning></configuration>";
  lab.start();
  EXPECT_EQ(lab.setting("provisioning/url"), "http://x.test/");
}

TEST_F(PhoneTest, WrongInitialSettingsAreRefusedInTheTrace) {
  lab.options.settings = {{"no/such/setting", "1"}};
  lab.start();
  EXPECT_EQ(lab.field("setting_refused", "path"), "no/such/setting");
  EXPECT_NE(lab.field("setting_refused", "reason"), "");
}

TEST_F(PhoneTest, ManualProvisioningLoadsTheFileEntered) {
  lab.options.run_at_boot = false;
  lab.file("/{mac}.xml", "not asked for");
  lab.file("/00095200000E.xml", patch_brightness(2));
  lab.boot();
  lab.run_until(10s);
  lab.phone->enter_url("http://prov.server.com/<MACADR>.xml");
  lab.phone->press_start_provisioning();
  ASSERT_TRUE(lab.run_until_ended());
  EXPECT_EQ(lab.result(), "provisioned");
  EXPECT_THAT(lab.requested(), ElementsAre("/00095200000E.xml"));
  EXPECT_EQ(lab.count("stage_started"), 0);
  EXPECT_EQ(lab.field("url_chosen", "source"), "manual");
  EXPECT_EQ(lab.field("menu_used", "entry", 1), "start-provisioning");
}

TEST_F(PhoneTest, StaticAddressNeedsNoDhcpServer) {
  lab.with_dhcp = false;
  lab.options.static_address =
      InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 50), 24}, Ipv4Address::of(192, 0, 2, 1)};
  lab.options.static_dns = {Ipv4Address::of(192, 0, 2, 1)};
  lab.options.settings = {{"time/ntpServer", "192.0.2.1"},
                          {"provisioning/url", "http://prov.server.com/a.xml"}};
  lab.multicast.notifies.clear();
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  EXPECT_EQ(lab.result(), "provisioned");
  EXPECT_EQ(lab.field("network_configured", "mode"), "static");
}

TEST_F(PhoneTest, StaticAddressMayComeFromTheSettings) {
  lab.options.settings = {{"network/ipv4/dhcp", "false"},
                          {"network/ipv4/address", "192.0.2.50"},
                          {"network/ipv4/netmask", "255.255.255.0"},
                          {"network/ipv4/gateway", "192.0.2.1"},
                          {"network/ipv4/primaryDns", "192.0.2.1"},
                          {"time/ntpServer", "192.0.2.1"}};
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  // The DHCP server is still asked for options, by DHCPINFORM (SPEC 3.6).
  EXPECT_EQ(lab.result(), "provisioned") << lab.sentence();
  EXPECT_EQ(lab.field("network_configured", "address"), "192.0.2.50");
  EXPECT_EQ(lab.field("winner_chosen", "source"), "dhcp");
}

TEST_F(PhoneTest, UnusableStaticAddressIsNoNetwork) {
  lab.options.settings = {{"network/ipv4/dhcp", "false"},
                          {"network/ipv4/address", "192.0.2.50"},
                          {"network/ipv4/netmask", "255.0.255.0"}};
  lab.boot();
  ASSERT_TRUE(lab.run_until_ended());
  EXPECT_EQ(lab.result(), "no-network");
  EXPECT_THAT(lab.sentence(), HasSubstr("network/ipv4/netmask"));
}

TEST_F(PhoneTest, SameSeedGivesTheSameTrace) {
  const auto run = [] {
    PhoneLab lab(11);
    lab.redirect.otherwise = {.id = {}, .url = "http://prov.server.com/a.xml"};
    lab.file("/a.xml", kPatch);
    lab.boot();
    lab.run_until(30min);
    return std::string(lab.world.trace().json_lines());
  };
  const std::string first = run();
  EXPECT_EQ(first, run());
  EXPECT_THAT(first, HasSubstr("\"provisioned\""));
}

}  // namespace
}  // namespace provlab::test
