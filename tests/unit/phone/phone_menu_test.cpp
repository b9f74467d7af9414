#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/phone/phone.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// Power, menu and store of a phone that is alone on its cable.
namespace provlab::phone {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

class LonePhone : public testing::Test {
 protected:
  static world::HostOptions host_options() {
    world::HostOptions options;
    options.name = "device";
    return options;
  }
  static PhoneOptions options() {
    PhoneOptions options;
    options.run_at_boot = false;
    return options;
  }
  std::vector<TraceRecord> events(std::string_view name) {
    std::vector<TraceRecord> found;
    for (const TraceRecord& record : world_.trace()) {
      if (record.is(name)) found.push_back(record);
    }
    return found;
  }

  world::World world_;
  world::VirtualHost& host_ = world_.add_host(host_options());
  std::unique_ptr<Phone> phone_ = std::make_unique<Phone>(host_, options());
};

TEST_F(LonePhone, PowersOnOnce) {
  phone_->power_on();
  phone_->power_on();
  EXPECT_TRUE(phone_->powered());
  ASSERT_EQ(events("powered_on").size(), 1);
  EXPECT_EQ(events("powered_on")[0].field("release"), "2.2A");
}

TEST_F(LonePhone, PowersOffOnce) {
  phone_->power_on();
  phone_->power_off();
  phone_->power_off();
  EXPECT_FALSE(phone_->powered());
  EXPECT_EQ(events("powered_off").size(), 1);
}

TEST_F(LonePhone, BootsWithoutAddress) {
  host_.configure({{Ipv4Address::of(192, 0, 2, 5), 24}, {}});
  phone_->power_on();
  EXPECT_FALSE(host_.configuration());
}

TEST_F(LonePhone, MenuEntersTheServerUrl) {
  phone_->power_on();
  phone_->enter_url("http://prov.server.com/a.xml");
  EXPECT_EQ(phone_->configuration().text("provisioning/url"), "http://prov.server.com/a.xml");
  ASSERT_EQ(events("menu_used").size(), 1);
  EXPECT_EQ(events("menu_used")[0].field("entry"), "provisioning/url");
}

TEST_F(LonePhone, MenuRefusesWhatTheDeviceDoesNotKnow) {
  phone_->power_on();
  phone_->set("no/such/setting", "1");
  ASSERT_EQ(events("setting_refused").size(), 1);
  EXPECT_EQ(events("setting_refused")[0].field("path"), "no/such/setting");
}

TEST_F(LonePhone, WhatTheMenuSetSurvivesPowerLoss) {
  phone_->power_on();
  phone_->set("userInterface/display/brightness", "1");
  phone_->power_off();
  EXPECT_EQ(phone_->configuration().text("userInterface/display/brightness"), "1");
  phone_->power_on();
  world_.run_until(Instant(1s));
  EXPECT_EQ(phone_->configuration().text("userInterface/display/brightness"), "1");
}

TEST_F(LonePhone, AsksForAnAddressAtOnce) {
  phone_->power_on();
  world_.run_until(Instant(0s));
  ASSERT_EQ(events("packet_sent").size(), 1);
  EXPECT_THAT(events("packet_sent")[0].field("to").value_or(""), HasSubstr("255.255.255.255:67"));
}

TEST_F(LonePhone, PowerOffInTheInstantOfPowerOnSendsNothing) {
  phone_->power_on();
  phone_->power_off();
  world_.run_until(Instant(1min));
  EXPECT_TRUE(events("packet_sent").empty());
  EXPECT_TRUE(phone_->resources_released());
}

// A static address makes tasks that end without ever waiting; ending them twice must not matter.
TEST_F(LonePhone, PowerOffInTheInstantOfPowerOnAlsoEndsAStaticNetwork) {
  PhoneOptions fixed = options();
  fixed.static_address = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 5), 24}, {}};
  phone_ = std::make_unique<Phone>(host_, fixed);
  for (int i = 0; i < 3; ++i) {
    phone_->power_on();
    phone_->power_off();
  }
  world_.run_until(Instant(1min));
  EXPECT_TRUE(phone_->resources_released());
  EXPECT_EQ(host_.open_sockets(), 0);
}

TEST_F(LonePhone, MayBeDestroyedAtAnyMoment) {
  phone_->power_on();
  phone_->press_start_provisioning();
  world_.run_until(Instant(2s));
  phone_.reset();
  const std::size_t events = world_.trace().size();
  world_.run_until(Instant(5min));
  EXPECT_EQ(world_.trace().size(), events);
  EXPECT_EQ(host_.open_sockets(), 0);
}

TEST_F(LonePhone, RunInProgressEndsWithThePower) {
  phone_->power_on();
  phone_->press_start_provisioning();
  world_.run_until(Instant(2s));
  EXPECT_TRUE(phone_->run_in_progress());
  phone_->power_off();
  EXPECT_FALSE(phone_->run_in_progress());
  EXPECT_EQ(events("powered_off")[0].field("run_in_progress"), "true");
}

}  // namespace
}  // namespace provlab::phone
