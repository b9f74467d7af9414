#include <gmock/gmock.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/prctl.h>

#include "sim/world/frame_writer.hpp"
#include "tests/plugged/plugged_device.hpp"

/// `provlab device` in bad times: cables, interfaces, addresses, machines that are too slow.
namespace provlab::lab {
namespace {

using test::Program;
using testing::HasSubstr;

using DeviceTroubles = PluggedDevice;

TEST_F(DeviceTroubles, CableThatGoesOutAndComesBackReachesThePhone) {
  Program phone(device({"--no-store", "--verbose"}));
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  ASSERT_TRUE(wire::set_interface_up("theirs", false));
  EXPECT_TRUE(phone.says("the cable is out")) << phone.text();
  ASSERT_TRUE(wire::set_interface_up("theirs", true));
  EXPECT_TRUE(phone.says("the cable is in")) << phone.text();
  // A lease is asked for again (RFC 2131 3.7).
  EXPECT_TRUE(phone.says("sends DHCP REQUEST (")) << phone.text();
  EXPECT_TRUE(phone.says("receives DHCP ACK")) << phone.text();
  // The same of its own end.
  ASSERT_TRUE(wire::set_interface_up("ours", false));
  EXPECT_TRUE(phone.says("the cable is out")) << phone.text();
  ASSERT_TRUE(wire::set_interface_up("ours", true));
  EXPECT_TRUE(phone.says("receives DHCP ACK")) << phone.text();
  phone.signal(SIGINT);
  EXPECT_EQ(phone.ends(), 130);
}

TEST_F(DeviceTroubles, BootsWithoutACableAndGoesOnWhenThereIsOne) {
  ASSERT_TRUE(wire::set_interface_up("theirs", false));
  Program phone(device({"--no-store", "--once", "--verbose"}));
  EXPECT_TRUE(phone.says("is switched on")) << phone.text();
  ASSERT_TRUE(wire::set_interface_up("theirs", true));
  EXPECT_EQ(phone.ends(), 0) << phone.text();
  EXPECT_THAT(phone.text(), HasSubstr("Provisioned: 1 section"));
}

TEST_F(DeviceTroubles, InterfaceThatIsGoneIsToldAndEndsIt) {
  Program phone(device({"--no-store"}));
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  servers_.reset();
  ASSERT_TRUE(wire::remove_interface("ours"));
  EXPECT_EQ(phone.ends(), 2);
  EXPECT_THAT(phone.text(),
              HasSubstr("provlab: the interface 'ours' is gone; start again when it is back\n"));
  ASSERT_TRUE(wire::make_cable("ours", "theirs"));
}

TEST_F(DeviceTroubles, InterfaceThatIsNoneOrDownIsTold) {
  Program none({PROVLAB_PROGRAM, "device", "--interface", "none", "--no-store"});
  EXPECT_EQ(none.ends(), 2);
  EXPECT_THAT(none.text(), HasSubstr("there is no interface 'none'; `ip link` lists those that"));
  ASSERT_TRUE(wire::set_interface_up("ours", false));
  const Said down = run({"--no-store"});
  EXPECT_EQ(down.code, 2);
  EXPECT_THAT(down.text, HasSubstr("the interface 'ours' is down; `ip link set ours up` brings"));
}

TEST_F(DeviceTroubles, MissingPermissionIsTold) {
  // Root is nobody special from the next program on (capabilities(7)).
  const Said said =
      run({"--no-store"}, [] { prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED); });
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.text, HasSubstr("no permission to send and receive frames on 'ours': run it as "
                                   "root, or give the program the capability with `setcap"));
}

TEST_F(DeviceTroubles, StaticAddressOfAnotherMachineEndsIt) {
  // This machine's own stack has the address, at the other end of the cable.
  ASSERT_TRUE(wire::set_interface_address("theirs", {Ipv4Address::of(203, 0, 113, 7), 24}));
  const std::string config = folder_ / "config.xml";
  std::ofstream(config) << "<configuration><network><ipv4><dhcp>false</dhcp>"
                           "<address>203.0.113.7</address><netmask>255.255.255.0</netmask></ipv4>"
                           "</network></configuration>";
  const Said taken = run({"--no-store", "--config", config, "--once"});
  EXPECT_EQ(taken.code, 2) << taken.text;
  EXPECT_THAT(taken.text, HasSubstr("provlab: the phone's static address 203.0.113.7 is that of "));
  EXPECT_THAT(taken.text, HasSubstr("already; give it another one by --config"));
}

TEST_F(DeviceTroubles, LeasedAddressOfAnotherMachineIsDeclined) {
  ASSERT_TRUE(wire::set_interface_address("theirs", {Ipv4Address::of(192, 0, 2, 100), 24}));
  Program phone(device({"--no-store", "--verbose", "--knobs", "arp-probe=true"}));
  EXPECT_TRUE(phone.says("at 192.0.2.100, which 192.0.2.1 leased")) << phone.text();
  EXPECT_TRUE(phone.says("sends DHCP DECLINE")) << phone.text();
  phone.signal(SIGINT);
  EXPECT_EQ(phone.ends(), 130);
  servers_->stop();
}

TEST_F(DeviceTroubles, AddressThatAnotherMachineTakesLaterIsToldOnce) {
  Program phone(device({"--no-store"}));
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  const auto theirs = open("theirs");
  constexpr MacAddress kRival{{2, 0, 0, 0, 0, 9}};
  const Ipv4Address address = Ipv4Address::of(192, 0, 2, 100);
  const Bytes claim = world::write_frame(
      MacAddress::broadcast(), kRival,
      world::ArpMessage{
          .sender_mac = kRival, .sender = address, .target_mac = {}, .target = address});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(theirs->send(claim));
  const std::string words =
      "provlab: the address 192.0.2.100 of the phone is that of 02:00:00:00:00:09 as well\n";
  EXPECT_TRUE(phone.says(words)) << phone.text();
  phone.signal(SIGINT);
  EXPECT_EQ(phone.ends(), 130);
  EXPECT_EQ(phone.text().find(words), phone.text().rfind(words)) << phone.text();
}

TEST_F(DeviceTroubles, FramesThatTheKernelLosesAreToldAndCounted) {
  Program phone(device({"--no-store"}));
  EXPECT_TRUE(phone.says("Provisioned: 1 section")) << phone.text();
  phone.signal(SIGSTOP);
  const auto theirs = open("theirs");
  const Bytes frame = world::write_frame(MacAddress::broadcast(), MacAddress{{2, 0, 0, 0, 0, 9}},
                                         world::ArpMessage{});
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(theirs->send(frame));
  phone.signal(SIGCONT);
  EXPECT_TRUE(phone.says("this machine is too slow for the wire")) << phone.text();
  phone.signal(SIGINT);
  EXPECT_EQ(phone.ends(), 130);
  EXPECT_THAT(phone.text(), HasSubstr("were lost before the phone could take them\n"));
}

}  // namespace
}  // namespace provlab::lab
