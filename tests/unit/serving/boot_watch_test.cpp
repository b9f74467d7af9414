#include "sim/lab/serving/boot_watch.hpp"

#include <gtest/gtest.h>

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using net::DhcpMessage;
using net::DhcpType;

constexpr MacAddress kPhone{{0, 9, 0x52, 0, 0, 0x0e}};
constexpr Ipv4Address kAddress = Ipv4Address::of(192, 0, 2, 100);

DhcpMessage message(DhcpType type) {
  DhcpMessage made;
  made.type = type;
  made.chaddr = kPhone;
  return made;
}

/// A REQUEST without a server and without an address of its own.
DhcpMessage init_reboot() {
  DhcpMessage made = message(DhcpType::request);
  made.set_address(net::dhcp_option::kRequestedAddress, kAddress);
  return made;
}

DhcpMessage selecting() {
  DhcpMessage made = init_reboot();
  made.set_address(net::dhcp_option::kServerIdentifier, Ipv4Address::of(192, 0, 2, 1));
  return made;
}

DhcpMessage renewing() {
  DhcpMessage made = message(DhcpType::request);
  made.ciaddr = kAddress;
  return made;
}

class BootWatchTest : public ::testing::Test {
 protected:
  static Instant at(Duration time) { return Instant{} + time; }
  void lease(Duration time, std::uint32_t seconds = 86'400) {
    DhcpMessage ack = message(DhcpType::ack);
    ack.reply = true;
    ack.yiaddr = kAddress;
    ack.set_number(net::dhcp_option::kLeaseTime, seconds, 4);
    watch_.told(at(time), ack);
  }
  void boot_and_lease() {
    EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::discover)));
    EXPECT_FALSE(watch_.heard(at(1s), selecting()));
    lease(1s);
  }
  BootWatch watch_;
};

TEST_F(BootWatchTest, FirstDiscoverIsABootAndItsRepetitionsAreNot) {
  EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::discover)));
  EXPECT_FALSE(watch_.heard(at(4s), message(DhcpType::discover)));
  EXPECT_FALSE(watch_.heard(at(12s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, AfterALeaseTheNextIsAnother) {
  boot_and_lease();
  EXPECT_EQ(watch_.address_of(kPhone), kAddress);
  EXPECT_TRUE(watch_.heard(at(30s), message(DhcpType::discover)));
  EXPECT_EQ(watch_.address_of(kPhone), std::nullopt);
}

TEST_F(BootWatchTest, RequestForTheFormerAddressIsABoot) {
  boot_and_lease();
  EXPECT_TRUE(watch_.heard(at(30s), init_reboot()));
}

TEST_F(BootWatchTest, RenewalIsNone) {
  boot_and_lease();
  EXPECT_FALSE(watch_.heard(at(43'200s), renewing()));
}

TEST_F(BootWatchTest, WhatFollowsARefusalIsNone) {
  boot_and_lease();
  EXPECT_TRUE(watch_.heard(at(30s), init_reboot()));
  DhcpMessage nak = message(DhcpType::nak);
  nak.reply = true;
  watch_.told(at(30s), nak);
  EXPECT_FALSE(watch_.heard(at(31s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, WhatFollowsADeclineIsNone) {
  boot_and_lease();
  EXPECT_FALSE(watch_.heard(at(2s), message(DhcpType::decline)));
  EXPECT_FALSE(watch_.heard(at(12s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, WhatFollowsALeaseThatRanOutIsNone) {
  EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::discover)));
  lease(1s, 60);
  EXPECT_FALSE(watch_.heard(at(58s), renewing()));
  EXPECT_FALSE(watch_.heard(at(62s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, SilenceBeforeALeaseMakesABoot) {
  EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::discover)));
  EXPECT_FALSE(watch_.heard(at(64s), message(DhcpType::discover)));
  EXPECT_TRUE(watch_.heard(at(154s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, CableThatWasPutInIsExcused) {
  boot_and_lease();
  watch_.excuse();
  EXPECT_FALSE(watch_.heard(at(30s), init_reboot()));
  EXPECT_TRUE(watch_.heard(at(60s), init_reboot())) << "once";
}

TEST_F(BootWatchTest, WhatIsExpectedIsABootWhateverWasBefore) {
  EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::discover)));
  watch_.expect();
  EXPECT_TRUE(watch_.heard(at(1s), message(DhcpType::discover)));
  EXPECT_FALSE(watch_.heard(at(5s), message(DhcpType::discover)));
}

TEST_F(BootWatchTest, InformIsABootOfAPhoneThatHasNotSpoken) {
  EXPECT_TRUE(watch_.heard(at(0s), message(DhcpType::inform)));
  EXPECT_FALSE(watch_.heard(at(500s), message(DhcpType::inform)));
}

TEST_F(BootWatchTest, PhonesAreToldApart) {
  boot_and_lease();
  DhcpMessage other = message(DhcpType::discover);
  other.chaddr.octets[5] = 0x0f;
  EXPECT_TRUE(watch_.heard(at(2s), other));
  EXPECT_FALSE(watch_.heard(at(3s), other));
  EXPECT_EQ(watch_.address_of(kPhone), kAddress);
}

}  // namespace
}  // namespace provlab::lab
