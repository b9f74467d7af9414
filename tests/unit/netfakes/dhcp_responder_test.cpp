#include "netfakes/dhcp_responder.hpp"

#include <gmock/gmock.h>
#include <tins/dhcp.h>

#include <optional>

#include "core/platform/async.hpp"
#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;

Tins::IPv4Address tins(Ipv4Address address) {
  return Tins::IPv4Address(address.to_string());
}

/// A client's message, as a phone would send it.
class Query {
 public:
  explicit Query(Tins::DHCP::Flags type) {
    message_.opcode(Tins::BootP::BOOTREQUEST);
    message_.type(type);
    message_.xid(0x9d98f053);
    message_.padding(0x8000);
    message_.chaddr(Tins::HWAddress<6>(kClientMac.octets.data()));
  }
  Query& client(MacAddress mac) {
    message_.chaddr(Tins::HWAddress<6>(mac.octets.data()));
    return *this;
  }
  Query& server(Ipv4Address address) {
    message_.server_identifier(tins(address));
    return *this;
  }
  Query& requested(Ipv4Address address) {
    message_.requested_ip(tins(address));
    return *this;
  }
  Query& ciaddr(Ipv4Address address) {
    message_.ciaddr(tins(address));
    message_.padding(0);
    return *this;
  }
  Query& unicast() {
    message_.padding(0);
    return *this;
  }
  Query& list(Bytes codes) {
    message_.add_option(Tins::DHCP::option(55, codes.size(), codes.data()));
    return *this;
  }
  Bytes bytes() {
    message_.end();
    return message_.serialize();
  }

 private:
  Tins::DHCP message_;
};

std::string option_text(const Tins::DHCP& message, int code) {
  const auto* option = message.search_option(static_cast<Tins::DHCP::OptionTypes>(code));
  if (option == nullptr) return "none";
  return {reinterpret_cast<const char*>(option->data_ptr()), option->data_size()};
}

bool has_option(const Tins::DHCP& message, int code) {
  return message.search_option(static_cast<Tins::DHCP::OptionTypes>(code)) != nullptr;
}

class DhcpResponderTest : public LanTest {
 protected:
  DhcpResponderTest() {
    client_.deconfigure();
    link_ = std::move(client_.open_link({.port = 68}).value());
    receive();
  }

  void serve(DhcpConfig config = {}) {
    responder_ = responder_on(server_, std::move(config));
    const auto started = responder_->start();
    ASSERT_TRUE(started) << started.error().text;
  }

  /// Broadcasts from a host without an address; returns the replies that came.
  std::vector<Tins::DHCP> broadcast(Query query, Ipv4Address from = {}) {
    return send({.source = {},
                 .destination = MacAddress::broadcast(),
                 .from = {from, 68},
                 .to = {Ipv4Address::broadcast(), 67},
                 .payload = query.bytes()});
  }
  std::vector<Tins::DHCP> unicast(Query query, Ipv4Address from) {
    return send({.source = {},
                 .destination = server_.mac(),
                 .from = {from, 68},
                 .to = {kServer, 67},
                 .payload = query.bytes()});
  }
  std::vector<Tins::DHCP> send(const LinkDatagram& datagram) {
    frames_.clear();
    EXPECT_TRUE(link_->send(datagram));
    run();
    std::vector<Tins::DHCP> messages;
    for (const LinkDatagram& frame : frames_) {
      messages.emplace_back(frame.payload.data(), static_cast<std::uint32_t>(frame.payload.size()));
    }
    return messages;
  }

  Ipv4Address bind() {
    const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
    EXPECT_EQ(offers.size(), 1u);
    if (offers.empty()) return {};
    const auto address = Ipv4Address::parse(offers[0].yiaddr().to_string()).value();
    const auto acks = broadcast(Query(Tins::DHCP::REQUEST).server(kServer).requested(address));
    EXPECT_EQ(acks.size(), 1u);
    return address;
  }

  std::vector<LinkDatagram> frames_;
  std::unique_ptr<Responder> responder_;

 private:
  void receive() {
    link_->start_receive(std::nullopt, [this](error_code error, LinkDatagram datagram) {
      if (error) return;
      frames_.push_back(std::move(datagram));
      receive();
    });
  }
  std::unique_ptr<LinkSocket> link_;
};

TEST_F(DhcpResponderTest, OffersTheFirstAddressOfItsPool) {
  DhcpConfig config;
  config.settings.routers = {kServer};
  config.settings.dns_servers = {kServer, Ipv4Address::of(192, 0, 2, 2)};
  config.settings.ntp_servers = {kServer};
  config.settings.domain_name = "example.com";
  config.settings.lease = 1h;
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
  ASSERT_EQ(offers.size(), 1u);
  const Tins::DHCP& offer = offers[0];
  EXPECT_EQ(offer.type(), Tins::DHCP::OFFER);
  EXPECT_EQ(offer.xid(), 0x9d98f053u);
  EXPECT_EQ(offer.yiaddr().to_string(), "192.0.2.100");
  EXPECT_EQ(offer.server_identifier().to_string(), "192.0.2.1");
  EXPECT_EQ(offer.lease_time(), 3600u);
  EXPECT_EQ(offer.renewal_time(), 1800u);
  EXPECT_EQ(offer.rebind_time(), 3150u);
  EXPECT_EQ(offer.subnet_mask().to_string(), "255.255.255.0");
  EXPECT_THAT(offer.routers(), ElementsAre(tins(kServer)));
  EXPECT_EQ(offer.domain_name_servers().size(), 2u);
  EXPECT_EQ(offer.domain_name(), "example.com");
  EXPECT_EQ(option_text(offer, 42), std::string("\xc0\x00\x02\x01", 4));
  EXPECT_EQ(frames_[0].to, (Endpoint{Ipv4Address::broadcast(), 68}));
  EXPECT_EQ(frames_[0].from, (Endpoint{kServer, 67}));
}

TEST_F(DhcpResponderTest, ConfirmsTheAddressItOffered) {
  serve();
  bind();
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("discover", "request"));
  EXPECT_THAT(recorded("request_received", "detail"), ElementsAre("-", "selecting"));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("dhcp:offer", "dhcp:ack"));
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("offer 192.0.2.100", "ack 192.0.2.100"));
}

TEST_F(DhcpResponderTest, UnicastsToTheClientsMacWithoutTheBroadcastFlag) {
  serve();
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).unicast());
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(frames_[0].destination, kClientMac);
  EXPECT_EQ(frames_[0].to, (Endpoint{Ipv4Address::of(192, 0, 2, 100), 68}));
  EXPECT_EQ(frames_[0].source, server_.mac());
}

TEST_F(DhcpResponderTest, LinkUnicastPutsABroadcastIntoAFrameForTheClient) {
  DhcpConfig config;
  config.link_unicast = true;
  serve(std::move(config));
  ASSERT_EQ(broadcast(Query(Tins::DHCP::DISCOVER)).size(), 1u);
  EXPECT_EQ(frames_[0].destination, kClientMac);
  EXPECT_EQ(frames_[0].to.address, Ipv4Address::broadcast());
}

TEST_F(DhcpResponderTest, SendsOnlyWhatIsAskedFor) {
  DhcpConfig config;
  config.settings.option_66 = "http://prov.server.com";
  config.settings.option_67 = "a.xml";
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).list({1, 67}));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_TRUE(has_option(offers[0], 1));
  EXPECT_TRUE(has_option(offers[0], 67));
  EXPECT_FALSE(has_option(offers[0], 66));
  EXPECT_FALSE(has_option(offers[0], 58));
  EXPECT_TRUE(has_option(offers[0], 51));
  EXPECT_TRUE(has_option(offers[0], 54));
}

TEST_F(DhcpResponderTest, SendsUnaskedWhenToldTo) {
  DhcpConfig config;
  config.settings.option_66 = "http://prov.server.com";
  config.settings.only_requested = false;
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).list({1}));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_TRUE(has_option(offers[0], 66));
}

TEST_F(DhcpResponderTest, PlacesTheUrlAsRealServersDo) {
  DhcpConfig config;
  config.settings.option_66 = "http://prov.server.com";
  config.settings.file = "prov.py?mac=<MACADR>";
  config.settings.option_43 = Bytes{0x42, 0x01, 'x'};
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(option_text(offers[0], 66), "http://prov.server.com");
  EXPECT_FALSE(has_option(offers[0], 67));
  EXPECT_STREQ(reinterpret_cast<const char*>(offers[0].file()), "prov.py?mac=<MACADR>");
  EXPECT_EQ(option_text(offers[0], 43), "\x42\x01x");
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("offer 192.0.2.100 43=42:01:78 66=http://prov.server.com "
                          "file=prov.py?mac=<MACADR>"));
}

TEST_F(DhcpResponderTest, EndsTextsInNulAsDnsmasqDoes) {
  DhcpConfig config;
  config.settings.option_67 = "http://foo";
  config.settings.nul_terminated = true;
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(option_text(offers[0], 67), std::string("http://foo\0", 11));
}

/// The values of all options of that code, in order.
std::vector<std::string> all_texts(const Tins::DHCP& message, std::uint8_t code) {
  std::vector<std::string> texts;
  for (const auto& option : message.options()) {
    if (option.option() == code)
      texts.emplace_back(option.data_ptr(), option.data_ptr() + option.data_size());
  }
  return texts;
}

TEST_F(DhcpResponderTest, SendsPiecesAsOptionsOfTheirOwnBehindTheFirst) {
  DhcpConfig config;
  config.settings.option_67 = "http://foo";
  config.settings.further = {{224, {'a'}}};
  config.settings.pieces = {{67, {'/', 'a'}}, {224, {'b'}}, {67, Bytes(300, 'x')}};
  config.settings.nul_terminated = true;
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_THAT(all_texts(offers[0], 67), ElementsAre("http://foo", "/a", std::string(255, 'x'),
                                                    std::string(45, 'x') + std::string(1, '\0')));
  EXPECT_THAT(all_texts(offers[0], 224), ElementsAre("a", "b"));
}

TEST_F(DhcpResponderTest, FurtherOptionsStandInPlaceOfTheStandardOnes) {
  DhcpConfig config;
  config.settings.further = {{51, {0, 0, 0, 60}}, {224, {1}}};
  serve(std::move(config));
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).list({1, 224}));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(offers[0].lease_time(), 60u);
  EXPECT_TRUE(has_option(offers[0], 224));
}

TEST_F(DhcpResponderTest, GivesEachClientItsOwnAddressAndAFormerOneBack) {
  serve();
  const Ipv4Address first = bind();
  const MacAddress other{{2, 0, 0, 0, 0, 9}};
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).client(other));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(offers[0].yiaddr().to_string(), "192.0.2.101");
  EXPECT_EQ(bind(), first);
}

TEST_F(DhcpResponderTest, KeepsAFixedAddressForItsClient) {
  DhcpConfig config;
  config.fixed[kClientMac] = Ipv4Address::of(192, 0, 2, 77);
  serve(std::move(config));
  EXPECT_EQ(bind(), Ipv4Address::of(192, 0, 2, 77));
}

TEST_F(DhcpResponderTest, LeavesARequestForAnotherServerAlone) {
  serve();
  const auto replies = broadcast(Query(Tins::DHCP::REQUEST)
                                     .server(Ipv4Address::of(192, 0, 2, 2))
                                     .requested(Ipv4Address::of(192, 0, 2, 100)));
  EXPECT_TRUE(replies.empty());
  EXPECT_THAT(recorded("request_ignored", "reason"), ElementsAre("meant for the server 192.0.2.2"));
}

TEST_F(DhcpResponderTest, RefusesAnAddressThatIsNotTheClients) {
  serve();
  const auto replies = broadcast(
      Query(Tins::DHCP::REQUEST).server(kServer).requested(Ipv4Address::of(192, 0, 2, 7)));
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].type(), Tins::DHCP::NAK);
  EXPECT_EQ(replies[0].yiaddr().to_string(), "0.0.0.0");
  EXPECT_FALSE(has_option(replies[0], 51));
  EXPECT_EQ(frames_[0].to.address, Ipv4Address::broadcast());
}

TEST_F(DhcpResponderTest, RenewsByUnicast) {
  serve();
  const Ipv4Address address = bind();
  client_.configure({{address, 24}, std::nullopt});
  const auto acks = unicast(Query(Tins::DHCP::REQUEST).ciaddr(address), address);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].type(), Tins::DHCP::ACK);
  EXPECT_EQ(acks[0].yiaddr().to_string(), address.to_string());
  EXPECT_EQ(frames_[0].to, (Endpoint{address, 68}));
  EXPECT_EQ(recorded("request_received", "detail").back(), "renewing");
}

TEST_F(DhcpResponderTest, AnswersRebinding) {
  serve();
  const Ipv4Address address = bind();
  client_.configure({{address, 24}, std::nullopt});
  const auto acks = broadcast(Query(Tins::DHCP::REQUEST).ciaddr(address), address);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(recorded("request_received", "detail").back(), "rebinding");
}

TEST_F(DhcpResponderTest, RefusesRenewalOfAnAddressFromAnotherNetwork) {
  serve();
  const Ipv4Address foreign = Ipv4Address::of(10, 0, 0, 5);
  const auto replies = broadcast(Query(Tins::DHCP::REQUEST).ciaddr(foreign), foreign);
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].type(), Tins::DHCP::NAK);
}

TEST_F(DhcpResponderTest, KeepsSilentAboutLeasesOfOthersOnItsNetwork) {
  serve();
  const Ipv4Address theirs = Ipv4Address::of(192, 0, 2, 20);
  EXPECT_TRUE(broadcast(Query(Tins::DHCP::REQUEST).ciaddr(theirs), theirs).empty());
  EXPECT_THAT(recorded("request_ignored", "reason"),
              ElementsAre("the address asked for is none of ours"));
}

TEST_F(DhcpResponderTest, AnswersInformWithoutALease) {
  DhcpConfig config;
  config.settings.option_66 = "http://foo";
  serve(std::move(config));
  client_.configure({{kClient, 24}, std::nullopt});
  const auto acks = broadcast(Query(Tins::DHCP::INFORM).ciaddr(kClient), kClient);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].type(), Tins::DHCP::ACK);
  EXPECT_EQ(acks[0].yiaddr().to_string(), "0.0.0.0");
  EXPECT_FALSE(has_option(acks[0], 51));
  EXPECT_FALSE(has_option(acks[0], 58));
  EXPECT_EQ(option_text(acks[0], 66), "http://foo");
  EXPECT_EQ(frames_[0].to, (Endpoint{kClient, 68}));
}

TEST_F(DhcpResponderTest, ForgetsAReleasedAddressForOthers) {
  serve();
  const Ipv4Address address = bind();
  EXPECT_TRUE(unicast(Query(Tins::DHCP::RELEASE).ciaddr(address), address).empty());
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER).client({{2, 0, 0, 0, 0, 9}}));
  ASSERT_EQ(offers.size(), 1u);
  EXPECT_EQ(offers[0].yiaddr().to_string(), address.to_string());
}

TEST_F(DhcpResponderTest, NeverOffersADeclinedAddressAgain) {
  serve();
  const Ipv4Address address = bind();
  broadcast(Query(Tins::DHCP::DECLINE).server(kServer).requested(address));
  EXPECT_EQ(bind(), Ipv4Address::of(192, 0, 2, 101));
}

TEST_F(DhcpResponderTest, OffersNothingFromAnEmptyPool) {
  DhcpConfig config;
  config.pool_size = 0;
  serve(std::move(config));
  EXPECT_TRUE(broadcast(Query(Tins::DHCP::DISCOVER)).empty());
}

TEST_F(DhcpResponderTest, RuleRefusesTheFirstRequestOnly) {
  DhcpConfig config;
  config.rules.resize(1);
  config.rules[0].request = "request";
  config.rules[0].nth = 1;
  config.rules[0].nak = true;
  serve(std::move(config));
  bind();
  bind();
  EXPECT_THAT(recorded("answer_sent", "answer"),
              ElementsAre("dhcp:offer", "dhcp:nak", "dhcp:offer", "dhcp:ack"));
}

TEST_F(DhcpResponderTest, RuleChangesWhatARenewalIsTold) {
  auto changed = std::make_shared<DhcpSettings>();
  changed->option_66 = "http://new";
  DhcpConfig config;
  config.settings.option_66 = "http://old";
  config.rules.resize(1);
  config.rules[0].request = "request renewing";
  config.rules[0].settings = changed;
  serve(std::move(config));
  const Ipv4Address address = bind();
  client_.configure({{address, 24}, std::nullopt});
  const auto acks = unicast(Query(Tins::DHCP::REQUEST).ciaddr(address), address);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(option_text(acks[0], 66), "http://new");
  EXPECT_EQ(recorded("answer_sent", "summary")[1], "ack 192.0.2.100 66=http://old");
}

TEST_F(DhcpResponderTest, SilentRuleLeavesTheDiscoverUnanswered) {
  DhcpConfig config;
  config.rules.resize(1);
  config.rules[0].request = "discover";
  config.rules[0].nth = 1;
  config.rules[0].answer.silent = true;
  serve(std::move(config));
  EXPECT_TRUE(broadcast(Query(Tins::DHCP::DISCOVER)).empty());
  EXPECT_EQ(broadcast(Query(Tins::DHCP::DISCOVER)).size(), 1u);
  EXPECT_THAT(recorded("answer_withheld", "answer"), ElementsAre("dhcp:offer"));
}

TEST_F(DhcpResponderTest, OneOfTwoServersIsChosen) {
  serve();
  world::VirtualHost& second = world_.add_host(
      {.name = "second",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 2), 24}, std::nullopt}});
  DhcpConfig config;
  config.name = "dhcp2";
  config.first_offer = Ipv4Address::of(192, 0, 2, 150);
  const auto other = responder_on(second, std::move(config));
  ASSERT_TRUE(other->start());
  const auto offers = broadcast(Query(Tins::DHCP::DISCOVER));
  ASSERT_EQ(offers.size(), 2u);
  const auto acks = broadcast(Query(Tins::DHCP::REQUEST)
                                  .server(Ipv4Address::of(192, 0, 2, 2))
                                  .requested(Ipv4Address::of(192, 0, 2, 150)));
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].server_identifier().to_string(), "192.0.2.2");
}

TEST_F(DhcpResponderTest, NeedsAnAddress) {
  server_.deconfigure();
  const auto started = responder_on(server_, DhcpConfig{})->start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().text, "a DHCP server needs an address: give its host one");
}

TEST_F(DhcpResponderTest, KeepsItsLeasesOverARestart) {
  serve();
  const Ipv4Address address = bind();
  responder_->stop();
  EXPECT_TRUE(broadcast(Query(Tins::DHCP::DISCOVER)).empty());
  ASSERT_TRUE(responder_->start());
  const auto acks = broadcast(Query(Tins::DHCP::REQUEST).requested(address));
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].type(), Tins::DHCP::ACK);
  EXPECT_EQ(recorded("request_received", "detail").back(), "init-reboot");
}

}  // namespace
}  // namespace provlab::netfakes::test
