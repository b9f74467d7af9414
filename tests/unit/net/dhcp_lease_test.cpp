#include "core/net/dhcp_lease.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/platform/task_group.hpp"

namespace provlab::net {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr Instant kSent{seconds(10)};
constexpr Instant kArrived{seconds(11)};

DhcpMessage ack() {
  DhcpMessage message;
  message.type = DhcpType::ack;
  message.reply = true;
  message.yiaddr = Ipv4Address::of(192, 0, 2, 100);
  message.set_address(dhcp_option::kSubnetMask, Ipv4Address::of(255, 255, 255, 128));
  message.set_address(dhcp_option::kServerIdentifier, Ipv4Address::of(192, 0, 2, 1));
  message.set_number(dhcp_option::kLeaseTime, 600, 4);
  return message;
}

Lease lease(const DhcpMessage& message) {
  return read_lease(message, kSent, kArrived).value();
}

std::string refusal(const DhcpMessage& message) {
  const auto result = read_lease(message, kSent, kArrived);
  return result ? "a lease" : result.error().text;
}

DhcpMessage with_times(std::uint32_t whole, std::uint32_t t1, std::uint32_t t2) {
  DhcpMessage message = ack();
  message.set_number(dhcp_option::kLeaseTime, whole, 4);
  message.set_number(dhcp_option::kRenewalTime, t1, 4);
  message.set_number(dhcp_option::kRebindingTime, t2, 4);
  return message;
}

TEST(Lease, CountsFromTheRequest) {
  const Lease result = lease(ack());
  EXPECT_EQ(result.bound_at, kArrived);
  EXPECT_EQ(result.renew_at(), kSent + seconds(300));
  EXPECT_EQ(result.rebind_at(), kSent + seconds(525));
  EXPECT_EQ(result.expires_at(), kSent + seconds(600));
}

TEST(Lease, TakesTimesOfTheServerWhereTheyAreInOrder) {
  const Lease result = lease(with_times(600, 100, 200));
  EXPECT_EQ(result.t1, seconds(100));
  EXPECT_EQ(result.t2, seconds(200));
}

/// What is left out of a lease, each as `code: reason`.
std::vector<std::string> left_out(const Lease& lease) {
  std::vector<std::string> texts;
  for (const OptionLeftOut& option : lease.left_out) {
    texts.push_back(std::to_string(option.code) + ": " + option.reason);
  }
  return texts;
}

TEST(Lease, TimesThatMakeNoSenseFallBackEachByItself) {
  struct Case {
    std::uint32_t t1, t2;
    int used_t1, used_t2;
    std::vector<std::uint8_t> left_out;
  };
  const Case cases[] = {
      {100, 700, 100, 525, {59}},
      {100, 600, 100, 525, {59}},
      {100, 0, 100, 525, {59}},
      {0, 400, 300, 400, {58}},
      {450, 400, 300, 400, {58}},
      {400, 400, 300, 400, {58}},
      {200, 100, 200, 525, {59}},
      {0, 100, 300, 525, {59, 58}},
      {0xffffffff, 0xffffffff, 300, 525, {59, 58}},
  };
  for (const Case& each : cases) {
    const Lease result = lease(with_times(600, each.t1, each.t2));
    EXPECT_EQ(result.t1, seconds(each.used_t1)) << each.t1 << ", " << each.t2;
    EXPECT_EQ(result.t2, seconds(each.used_t2)) << each.t1 << ", " << each.t2;
    std::vector<std::uint8_t> codes;
    for (const OptionLeftOut& option : result.left_out) codes.push_back(option.code);
    EXPECT_EQ(codes, each.left_out) << each.t1 << ", " << each.t2;
  }
  EXPECT_THAT(left_out(lease(with_times(600, 0, 700))),
              ElementsAre("59: 700 s are not between 0 s and 10min",
                          "58: 0 s are not between 0 s and 525s"));
  EXPECT_THAT(left_out(lease(with_times(600, 0, 100))),
              ElementsAre(HasSubstr("59: "), HasSubstr("58: ")));
}

TEST(Lease, LateT1WithoutT2DoesNotPassTheUsualT2) {
  DhcpMessage message = ack();
  message.set_number(dhcp_option::kRenewalTime, 590, 4);
  EXPECT_EQ(lease(message).t1, seconds(300));
}

TEST(Lease, InfiniteOneNeverEnds) {
  const Lease result = lease(with_times(0xffffffff, 10, 20));
  EXPECT_TRUE(result.infinite());
  EXPECT_EQ(result.renew_at(), kNever);
  EXPECT_EQ(result.rebind_at(), kNever);
  EXPECT_EQ(result.expires_at(), kNever);
}

TEST(Lease, LongestFiniteTimeDoesNotOverflow) {
  const Lease result = lease(with_times(0xfffffffe, 0, 0));
  EXPECT_EQ(result.expires_at(), kSent + seconds(0xfffffffeLL));
  EXPECT_LT(result.rebind_at(), result.expires_at());
}

TEST(Lease, SetsUpInterfaceAndServers) {
  DhcpMessage message = ack();
  const std::uint8_t two[] = {192, 0, 2, 7, 192, 0, 2, 8};
  message.set(dhcp_option::kRouter, two);
  message.set(dhcp_option::kDnsServer, two);
  message.set(dhcp_option::kNtpServer, two);
  const Lease result = lease(message);
  EXPECT_EQ(result.configuration.address, (InterfaceAddress{Ipv4Address::of(192, 0, 2, 100), 25}));
  EXPECT_EQ(result.configuration.router, Ipv4Address::of(192, 0, 2, 7));
  EXPECT_EQ(result.server, Ipv4Address::of(192, 0, 2, 1));
  EXPECT_THAT(result.dns_servers,
              ElementsAre(Ipv4Address::of(192, 0, 2, 7), Ipv4Address::of(192, 0, 2, 8)));
  EXPECT_EQ(result.ntp_servers, result.dns_servers);
}

TEST(Lease, LeavesOutWhatCanBeNoServer) {
  DhcpMessage message = ack();
  const std::uint8_t junk[] = {0, 0, 0, 0, 255, 255, 255, 255, 224, 0, 1, 1};
  message.set(dhcp_option::kRouter, junk);
  message.set(dhcp_option::kDnsServer, junk);
  EXPECT_EQ(lease(message).configuration.router, std::nullopt);
  EXPECT_TRUE(lease(message).dns_servers.empty());
}

TEST(Lease, WithoutNetmaskTheAddressClassDecides) {
  const auto prefix = [](Ipv4Address address) {
    DhcpMessage message;
    message.yiaddr = address;
    message.set_address(dhcp_option::kServerIdentifier, Ipv4Address::of(192, 0, 2, 1));
    message.set_number(dhcp_option::kLeaseTime, 600, 4);
    return lease(message).configuration.address.prefix_length;
  };
  EXPECT_EQ(prefix(Ipv4Address::of(10, 1, 2, 3)), 8U);
  EXPECT_EQ(prefix(Ipv4Address::of(172, 16, 2, 3)), 16U);
  EXPECT_EQ(prefix(Ipv4Address::of(192, 0, 2, 3)), 24U);
}

TEST(Lease, DomainIsTextWithoutItsEndOrNothing) {
  using namespace std::string_view_literals;
  const auto domain = [](std::string_view text) {
    DhcpMessage message = ack();
    message.set_text(dhcp_option::kDomainName, text);
    return lease(message).domain;
  };
  EXPECT_EQ(lease(ack()).domain, "");
  EXPECT_EQ(domain("branch.example"), "branch.example");
  EXPECT_EQ(domain("branch.example\0rest"sv), "branch.example");
  EXPECT_EQ(domain("branch.example."), "branch.example");
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  EXPECT_EQ(domain(longest), longest);
  for (const std::string& wrong :
       {std::string(), std::string("."), std::string("a..b"), std::string(".a"),
        std::string(64, 'a') + ".example", longest + 'b'}) {
    EXPECT_EQ(domain(wrong), "") << wrong;
  }
}

TEST(Lease, UnusableOffersSayWhy) {
  DhcpMessage message = ack();
  message.yiaddr = {};
  EXPECT_THAT(refusal(message), HasSubstr("0.0.0.0/25, is no host's address"));

  message = ack();
  message.set_number(dhcp_option::kLeaseTime, 0, 4);
  EXPECT_EQ(refusal(message), "the lease time is 0");

  message = ack();
  message.set_address(dhcp_option::kServerIdentifier, Ipv4Address::broadcast());
  EXPECT_THAT(refusal(message), HasSubstr("server identifier 255.255.255.255"));

  message = DhcpMessage{};
  message.yiaddr = Ipv4Address::of(192, 0, 2, 100);
  EXPECT_EQ(refusal(message), "there is no server identifier (option 54)");
  message.set_address(dhcp_option::kServerIdentifier, Ipv4Address::of(192, 0, 2, 1));
  EXPECT_EQ(refusal(message), "there is no lease time (option 51)");
}

TEST(Lease, MaskThatIsNoneGivesWayToThatOfTheClass) {
  DhcpMessage message = ack();
  message.set_address(dhcp_option::kSubnetMask, Ipv4Address::of(255, 0, 255, 0));
  EXPECT_EQ(lease(message).configuration.address.prefix_length, 24U);
  EXPECT_THAT(left_out(lease(message)), ElementsAre("1: 255.0.255.0 is not a contiguous netmask"));
  message.set_address(dhcp_option::kSubnetMask, Ipv4Address::any());
  EXPECT_EQ(lease(message).configuration.address.prefix_length, 24U);
  EXPECT_THAT(left_out(lease(message)), ElementsAre("1: 0.0.0.0 is no netmask of a host"));
}

TEST(Offer, NeedsServerAndAddressOnly) {
  DhcpMessage message;
  message.yiaddr = Ipv4Address::of(192, 0, 2, 100);
  message.set_address(dhcp_option::kServerIdentifier, Ipv4Address::of(192, 0, 2, 1));
  const auto offer = read_offer(message);
  ASSERT_TRUE(offer) << offer.error().to_string();
  EXPECT_EQ(offer->server, Ipv4Address::of(192, 0, 2, 1));
  EXPECT_EQ(offer->address, (InterfaceAddress{Ipv4Address::of(192, 0, 2, 100), 24}));
}

TEST(Offer, AddressesThatNoHostCanHaveAreRefused) {
  const auto why = [](Ipv4Address address, Ipv4Address mask) -> std::string {
    DhcpMessage message = ack();
    message.yiaddr = address;
    message.set_address(dhcp_option::kSubnetMask, mask);
    const auto offer = read_offer(message);
    return offer ? "" : offer.error().text;
  };
  constexpr Ipv4Address kClassC = Ipv4Address::of(255, 255, 255, 0);
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 0), kClassC),
            "the address offered, 192.0.2.0/24, is the address of its network");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 255), kClassC),
            "the address offered, 192.0.2.255/24, is the broadcast address of its network");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 1), kClassC),
            "the address offered, 192.0.2.1/24, is the server's own");
  for (const Ipv4Address address :
       {Ipv4Address::of(0, 0, 2, 1), Ipv4Address::of(127, 0, 0, 2), Ipv4Address::of(224, 0, 1, 75),
        Ipv4Address::of(240, 0, 0, 1), Ipv4Address::broadcast()}) {
    EXPECT_THAT(why(address, kClassC), HasSubstr("is no host's address"));
  }
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 255), Ipv4Address::of(255, 255, 254, 0)), "");
  // The last prefix that has room for both is /30; /31 and /32 have neither.
  constexpr Ipv4Address kLastMask = Ipv4Address::of(255, 255, 255, 252);
  EXPECT_NE(why(Ipv4Address::of(192, 0, 2, 100), kLastMask), "");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 101), kLastMask), "");
  EXPECT_NE(why(Ipv4Address::of(192, 0, 2, 103), kLastMask), "");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 100), Ipv4Address::of(255, 255, 255, 254)), "");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 103), Ipv4Address::of(255, 255, 255, 254)), "");
  EXPECT_EQ(why(Ipv4Address::of(192, 0, 2, 100), Ipv4Address::broadcast()), "");
}

}  // namespace
}  // namespace provlab::net
