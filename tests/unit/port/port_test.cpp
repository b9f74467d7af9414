#include "sim/wire/port.hpp"

#include <gtest/gtest.h>

#include "sim/record/trace.hpp"
#include "tests/unit/port/fake_link.hpp"

namespace provlab::wire {
namespace {

using namespace std::chrono_literals;
using world::ArpMessage;
using world::EthernetFrame;
using world::IcmpMessage;
using world::IgmpMessage;
using world::IpDatagram;
using world::mac_of_group;
using world::read_frame;
using world::read_message;
using world::write_frame;
using world::write_frames;

constexpr MacAddress kStranger{{0x02, 0xaa, 0, 0, 0, 1}};
constexpr Ipv4Address kStrangersAddress = Ipv4Address::of(192, 0, 2, 50);
constexpr Ipv4Address kServersAddress = Ipv4Address::of(192, 0, 2, 1);
constexpr Ipv4Address kCloudsAddress = Ipv4Address::of(198, 51, 100, 7);
constexpr Ipv4Address kGroup = Ipv4Address::of(224, 0, 1, 75);

/// A server that routes and one beyond it, plugged in; the test is the stranger on the wire.
struct PortTest : testing::Test {
  world::World world{5};
  world::VirtualHost& server =
      world.add_host({.name = "server",
                      .configuration = InterfaceConfiguration{{kServersAddress, 24}, std::nullopt},
                      .routes = true});
  world::VirtualHost& cloud =
      world.add_host({.name = "cloud",
                      .configuration = InterfaceConfiguration{{kCloudsAddress, 24}, std::nullopt},
                      .segment = 1});
  FakeLink* link = nullptr;
  std::unique_ptr<Port> port;

  PortTest() { plug_in(); }
  void plug_in() {
    auto owned = std::make_unique<FakeLink>();
    link = owned.get();
    port = std::make_unique<Port>(world, std::move(owned));
    run(3s);  // both announcements
    link->sent.clear();
  }
  void run(Duration time) { world.run_until(world.now() + time); }
  void come(Bytes frame) {
    link->arriving.push_back(std::move(frame));
    ASSERT_TRUE(port->take_frames(64));
    run(5ms);
  }
  void come(const ArpMessage& arp) {
    come(write_frame(arp.reply ? arp.target_mac : MacAddress::broadcast(), arp.sender_mac, arp));
  }
  void come(MacAddress to, const IpDatagram& datagram) {
    for (Bytes& frame : write_frames(to, kStranger, datagram)) come(std::move(frame));
  }
  static world::Packet packet(Ipv4Address to, ::provlab::Port port, std::string_view text) {
    world::Packet made;
    made.from = {kStrangersAddress, 4000};
    made.to = {to, port};
    made.payload.assign(text.begin(), text.end());
    return made;
  }
  void come_udp(MacAddress mac, Ipv4Address to, ::provlab::Port port, std::string_view text) {
    come(mac, datagram_of(packet(to, port, text), 1));
  }
  ArpMessage question(Ipv4Address target) {
    return {.reply = false,
            .sender_mac = kStranger,
            .sender = kStrangersAddress,
            .target_mac = {},
            .target = target};
  }
  ArpMessage answer(const world::VirtualHost& asker) {
    return {.reply = true,
            .sender_mac = kStranger,
            .sender = kStrangersAddress,
            .target_mac = asker.mac(),
            .target = kServersAddress};
  }
  /// What was sent, read again; what the stand-in host of the kind is asked for.
  template <class Content>
  std::vector<Content> sent() {
    std::vector<Content> all;
    for (const Bytes& each : link->sent) {
      const auto frame = read_frame(each);
      if (const auto* content = std::get_if<Content>(&frame->content)) all.push_back(*content);
    }
    return all;
  }
  template <class Kind>
  std::vector<Kind> sent_messages() {
    std::vector<Kind> all;
    world::Reassembly reassembly;
    world::FaultCounts faults;
    for (IpDatagram& each : sent<IpDatagram>()) {
      std::optional<IpDatagram> whole = each;
      if (!each.whole()) whole = reassembly.take(each, world.now(), faults).value();
      if (!whole) continue;
      const auto message = read_message(*whole);
      if (const auto* kind = std::get_if<Kind>(&*message)) all.push_back(*kind);
    }
    return all;
  }
  std::size_t count(std::string_view event) {
    std::size_t n = 0;
    for (const TraceRecord record : world.trace()) n += record.is(event);
    return n;
  }
};

TEST_F(PortTest, AnswersArpForAddressesOfItsLanAlone) {
  come(question(kServersAddress));
  ASSERT_EQ(sent<ArpMessage>().size(), 1U);
  const ArpMessage said = sent<ArpMessage>().front();
  EXPECT_TRUE(said.reply);
  EXPECT_EQ(said.sender, kServersAddress);
  EXPECT_EQ(said.sender_mac, server.mac());
  EXPECT_EQ(said.target_mac, kStranger);
  come(question(kCloudsAddress));
  come(question(Ipv4Address::of(192, 0, 2, 99)));
  EXPECT_EQ(sent<ArpMessage>().size(), 1U) << "nobody answers for what is not on the LAN";
  server.set_link(false);
  come(question(kServersAddress));
  EXPECT_EQ(sent<ArpMessage>().size(), 1U) << "nor without a cable";
}

TEST_F(PortTest, PacketsWaitUntilTheLinkAddressIsKnown) {
  auto socket = server.open_udp({}).value();
  ASSERT_TRUE(socket->send({kStrangersAddress, 9}, bytes_of("one")));
  ASSERT_TRUE(socket->send({kStrangersAddress, 9}, bytes_of("two")));
  run(5ms);
  ASSERT_EQ(link->sent.size(), 1U) << "a question, once";
  EXPECT_EQ(sent<ArpMessage>().front().target, kStrangersAddress);
  EXPECT_EQ(sent<ArpMessage>().front().sender, kServersAddress);
  come(answer(server));
  const auto packets = sent_messages<world::Packet>();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(text_of(packets[0].payload), "one");
  EXPECT_EQ(text_of(packets[1].payload), "two");
  EXPECT_EQ(read_frame(link->sent.back())->destination, kStranger);
  run(10s);
  EXPECT_EQ(link->sent.size(), 3U) << "and is not asked for again";
}

TEST_F(PortTest, NobodyAnswersIsRecordedAfterThreeQuestions) {
  auto socket = server.open_udp({}).value();
  ASSERT_TRUE(socket->send({kStrangersAddress, 9}, bytes_of("lost")));
  run(2900ms);
  EXPECT_EQ(sent<ArpMessage>().size(), 3U);
  EXPECT_EQ(count("packet_lost"), 0U);
  run(200ms);
  EXPECT_EQ(sent<ArpMessage>().size(), 3U);
  EXPECT_EQ(count("packet_lost"), 1U);
}

TEST_F(PortTest, ConnectionToNobodyEndsAsUnreachable) {
  error_code result;
  server.start_connect({kStrangersAddress, 80}, world.now() + 60s,
                       [&](error_code error, auto) { result = error; });
  run(20s);
  EXPECT_EQ(result, asio::error::host_unreachable);
}

TEST_F(PortTest, SilentNeighbourIsAskedForAgainAndForgotten) {
  come(question(kServersAddress));
  auto socket = server.open_udp({}).value();
  run(61s);
  link->sent.clear();
  ASSERT_TRUE(socket->send({kStrangersAddress, 9}, bytes_of("still")));
  run(5ms);
  EXPECT_EQ(sent_messages<world::Packet>().size(), 1U) << "what was known is used meanwhile";
  EXPECT_EQ(sent<ArpMessage>().size(), 1U);
  run(4s);
  EXPECT_FALSE(port->neighbours().find(kStrangersAddress));
}

TEST_F(PortTest, SenderShowsItsAddressWithWhatItSends) {
  auto socket = server.open_udp({.port = 9}).value();
  come_udp(server.mac(), kServersAddress, 9, "hello");
  EXPECT_EQ(port->neighbours().find(kStrangersAddress), kStranger);
  ASSERT_TRUE(socket->send({kStrangersAddress, 4000}, bytes_of("back")));
  run(5ms);
  EXPECT_TRUE(sent<ArpMessage>().empty());
  EXPECT_EQ(sent_messages<world::Packet>().size(), 1U);
}

TEST_F(PortTest, ProbeTeachesNothingAndIsAnswered) {
  ArpMessage probe = question(kServersAddress);
  probe.sender = Ipv4Address::any();
  come(probe);
  EXPECT_EQ(port->neighbours().size(), 0U);
  EXPECT_EQ(sent<ArpMessage>().size(), 1U);
}

TEST_F(PortTest, ArpOfOthersIsNotLearned) {
  for (unsigned i = 60; i < 200; ++i) come(question(Ipv4Address::of(192, 0, 2, i)));
  EXPECT_EQ(port->neighbours().size(), 0U);
}

TEST_F(PortTest, HostBeyondTheRouterHasTheRoutersFace) {
  std::vector<std::string> heard;
  auto socket = cloud.open_udp({.port = 9}).value();
  socket->start_receive(std::nullopt, [&](error_code, Datagram datagram) {
    heard.emplace_back(text_of(datagram.payload));
  });
  come_udp(server.mac(), kCloudsAddress, 9, "to the cloud");
  EXPECT_EQ(heard, std::vector<std::string>{"to the cloud"});
  ASSERT_TRUE(socket->send({kStrangersAddress, 4000}, bytes_of("from it")));
  run(5ms);
  const auto packets = sent_messages<world::Packet>();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].from.address, kCloudsAddress);
  EXPECT_EQ(read_frame(link->sent.back())->source, server.mac());
  server.set_link(false);
  ASSERT_TRUE(socket->send({kStrangersAddress, 4000}, bytes_of("lost")));
  run(5ms);
  EXPECT_EQ(sent_messages<world::Packet>().size(), 1U) << "no router, no way";
}

TEST_F(PortTest, EchoIsAnswered) {
  const IcmpMessage echo{.type = IcmpMessage::kEcho, .rest = 0x12340001, .body = Bytes(4000, 7)};
  come(server.mac(), datagram_of(kStrangersAddress, kServersAddress, echo));
  come(server.mac(), datagram_of(kStrangersAddress, kCloudsAddress, echo));
  come(server.mac(), datagram_of(kStrangersAddress, Ipv4Address::of(192, 0, 2, 9), echo));
  const auto answers = sent_messages<IcmpMessage>();
  ASSERT_EQ(answers.size(), 2U) << "in fragments, as it came; and none for nobody";
  EXPECT_EQ(answers[0].type, IcmpMessage::kEchoReply);
  EXPECT_EQ(answers[0].rest, echo.rest);
  EXPECT_EQ(answers[0].body, echo.body);
  world.network().link.latency = 4ms;
  come(server.mac(), datagram_of(kStrangersAddress, kServersAddress, echo));
  EXPECT_EQ(sent_messages<IcmpMessage>().size(), 2U) << "there and back are 8 ms";
  run(4ms);
  EXPECT_EQ(sent_messages<IcmpMessage>().size(), 3U);
  world.network().link.loss = 1;
  come(server.mac(), datagram_of(kStrangersAddress, kServersAddress, echo));
  run(1s);
  EXPECT_EQ(sent_messages<IcmpMessage>().size(), 3U) << "it is lost as all else is";
}

TEST_F(PortTest, ClosedUdpPortIsToldToBeUnreachable) {
  come_udp(server.mac(), kServersAddress, 7, "anybody?");
  const auto told = sent_messages<IcmpMessage>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, IcmpMessage::kUnreachable);
  EXPECT_EQ(told[0].code, IcmpMessage::kPortUnreachable);
  ASSERT_EQ(told[0].body.size(), 28U);
  EXPECT_EQ(told[0].body[20] * 256 + told[0].body[21], 4000) << "the ports of what was sent";
  EXPECT_EQ(told[0].body[22] * 256 + told[0].body[23], 7);
  come_udp(MacAddress::broadcast(), Ipv4Address::broadcast(), 7, "all?");
  EXPECT_EQ(sent_messages<IcmpMessage>().size(), 1U) << "never of what was sent to all";
}

TEST_F(PortTest, UnreachableIsUnderstood) {
  const Bytes quoted = write_frame({}, {}, datagram_of(packet(kServersAddress, 53, "q"), 1));
  IcmpMessage told{.type = IcmpMessage::kUnreachable, .code = 3, .body = {}};
  told.body.assign(quoted.begin() + 14, quoted.begin() + 42);
  come(server.mac(), datagram_of(kStrangersAddress, kServersAddress, told));
  ASSERT_EQ(count("unreachable_told"), 1U);
  told.body.resize(10);
  come(server.mac(), datagram_of(kStrangersAddress, kServersAddress, told));
  EXPECT_EQ(count("unreachable_told"), 1U) << "too short to say of what";
}

TEST_F(PortTest, GroupsAreReported) {
  auto socket = server.open_udp({.port = 5060, .groups = {kGroup}}).value();
  ASSERT_EQ(sent_messages<IgmpMessage>().size(), 1U) << "at once";
  EXPECT_EQ(sent_messages<IgmpMessage>()[0].group, kGroup);
  EXPECT_EQ(read_frame(link->sent[0])->destination, mac_of_group(kGroup));
  EXPECT_TRUE(link->interest.groups.contains(mac_of_group(kGroup)));
  run(10s);
  EXPECT_EQ(sent_messages<IgmpMessage>().size(), 2U) << "and once more";

  IgmpMessage query{.type = IgmpMessage::kQuery, .most_delay = 20, .group = {}};
  IpDatagram asked = datagram_of(kStrangersAddress, query);
  asked.to = Ipv4Address::of(224, 0, 0, 1);
  come(mac_of_group(asked.to), asked);
  run(2s);
  EXPECT_EQ(sent_messages<IgmpMessage>().size(), 3U) << "an answer within two seconds";
  come(mac_of_group(asked.to), asked);
  come(mac_of_group(kGroup), datagram_of(kStrangersAddress, IgmpMessage{.group = kGroup}));
  run(2s);
  EXPECT_EQ(sent_messages<IgmpMessage>().size(), 3U) << "unless another one has told";
  socket.reset();
  ASSERT_EQ(sent_messages<IgmpMessage>().size(), 4U);
  EXPECT_EQ(sent_messages<IgmpMessage>()[3].type, IgmpMessage::kLeave);
  EXPECT_TRUE(link->interest.groups.empty());
}

TEST_F(PortTest, FragmentsComeAndGo) {
  const std::string large(5000, 'f');
  std::string heard;
  auto socket = server.open_udp({.port = 9}).value();
  socket->start_receive(std::nullopt,
                        [&](error_code, Datagram datagram) { heard = text_of(datagram.payload); });
  come_udp(server.mac(), kServersAddress, 9, large);
  EXPECT_EQ(heard, large);
  link->sent.clear();
  ASSERT_TRUE(socket->send({kStrangersAddress, 4000}, bytes_of(large)));
  run(5ms);
  EXPECT_EQ(link->sent.size(), 4U);
  ASSERT_EQ(sent_messages<world::Packet>().size(), 1U);
  EXPECT_EQ(text_of(sent_messages<world::Packet>()[0].payload), large);
}

TEST_F(PortTest, NonsenseIsCountedAndChangesNothing) {
  const std::size_t before = world.trace().size();
  come(Bytes{1, 2, 3});
  Bytes wrong =
      write_frame(server.mac(), kStranger, datagram_of(packet(kServersAddress, 9, "x"), 1));
  wrong[42] ^= 1;
  come(wrong);
  wrong = write_frame(server.mac(), kStranger, datagram_of(packet(kServersAddress, 9, "x"), 1));
  wrong[20] ^= 1;
  come(wrong);
  come_udp(kStranger, kServersAddress, 9, "for another");
  come_udp(mac_of_group(kGroup), kGroup, 5060, "nobody has joined");
  come(write_frame(server.mac(), server.mac(), datagram_of(packet(kServersAddress, 9, "x"), 1)));
  EXPECT_EQ(world.trace().size(), before);
  EXPECT_TRUE(link->sent.empty());
  EXPECT_EQ(port->counts().faults.of(world::FrameFault::too_short), 1U);
  EXPECT_EQ(port->counts().faults.total(), 3U);
  EXPECT_EQ(port->counts().foreign, 2U);
  EXPECT_EQ(port->counts().own, 1U);
  port->tell_counts();
  EXPECT_EQ(count("frames_dropped"), 5U);
}

TEST_F(PortTest, OtherVlansAreOtherNetworks) {
  auto socket = server.open_udp({.port = 9}).value();
  const Bytes plain =
      write_frame(server.mac(), kStranger, datagram_of(packet(kServersAddress, 9, "x"), 1));
  for (const std::uint8_t number : {0, 5}) {
    Bytes tagged(plain.begin(), plain.begin() + 12);
    tagged.insert(tagged.end(), {0x81, 0x00, 0x60, number});
    tagged.insert(tagged.end(), plain.begin() + 12, plain.end());
    come(tagged);
  }
  EXPECT_EQ(port->counts().foreign, 1U);
  EXPECT_EQ(count("packet_received"), 1U) << "a tag of priority alone is none";
}

TEST_F(PortTest, NewAddressIsAnnounced) {
  server.configure({{Ipv4Address::of(192, 0, 2, 77), 24}, std::nullopt});
  ASSERT_EQ(sent<ArpMessage>().size(), 1U);
  EXPECT_EQ(sent<ArpMessage>()[0].sender, Ipv4Address::of(192, 0, 2, 77));
  EXPECT_EQ(sent<ArpMessage>()[0].target, Ipv4Address::of(192, 0, 2, 77));
  run(3s);
  EXPECT_EQ(sent<ArpMessage>().size(), 2U) << "once more after two seconds";
}

TEST_F(PortTest, AddressThatSomebodyElseUsesIsTold) {
  ArpMessage claim = question(kServersAddress);
  claim.sender = kServersAddress;
  come(claim);
  EXPECT_EQ(count("address_contested"), 1U);
}

TEST_F(PortTest, ProbeFindsWhoHasAnAddress) {
  std::vector<std::optional<MacAddress>> results;
  const auto note = [&](std::optional<MacAddress> by) { results.push_back(by); };
  port->probe(server, kStrangersAddress, note);
  come(answer(server));
  EXPECT_EQ(results, std::vector<std::optional<MacAddress>>{kStranger});
  link->sent.clear();
  port->probe(server, Ipv4Address::of(192, 0, 2, 88), note);
  run(1s);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1], std::nullopt);
  ASSERT_EQ(sent<ArpMessage>().size(), 3U);
  EXPECT_TRUE(sent<ArpMessage>()[0].sender.is_any());
  port->probe(server, kStrangersAddress, note);
  ArpMessage rival = question(kStrangersAddress);
  rival.sender = Ipv4Address::any();
  come(rival);
  EXPECT_EQ(results.size(), 3U) << "who probes it as well means to have it";
}

TEST_F(PortTest, HostsProbeThroughIt) {
  std::vector<std::pair<error_code, MacAddress>> results;
  const auto note = [&](error_code error, MacAddress mac) { results.emplace_back(error, mac); };
  server.start_address_probe(kStrangersAddress, world.now() + 1s, note);
  run(5ms);
  ASSERT_EQ(sent<ArpMessage>().size(), 1U);
  EXPECT_TRUE(sent<ArpMessage>()[0].sender.is_any());
  EXPECT_EQ(sent<ArpMessage>()[0].target, kStrangersAddress);
  come(answer(server));
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0], std::pair(error_code(), kStranger));
  server.start_address_probe(Ipv4Address::of(192, 0, 2, 88), world.now() + 1s, note);
  run(2s);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1].first, asio::error::timed_out);
}

TEST_F(PortTest, RulesKnowTheSenderAndTiesLeaveInTheirOrder) {
  come(question(kServersAddress));
  const world::RuleGuard turns =
      world.network().add_rule([](const world::Packet&, const world::Station& sender,
                                  const world::Station& receiver) -> world::PacketFate {
        if (!receiver.is_outside()) return world::Pass{};
        const int turn = sender.name() == "cloud" ? 1 : 2;
        return world::Deliver{.rank = static_cast<world::Rank>(turn)};
      });
  auto near = server.open_udp({}).value();
  auto far = cloud.open_udp({}).value();
  link->sent.clear();
  ASSERT_TRUE(near->send({kStrangersAddress, 9}, bytes_of("second")));
  ASSERT_TRUE(far->send({kStrangersAddress, 9}, bytes_of("first")));
  run(5ms);
  const auto packets = sent_messages<world::Packet>();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(text_of(packets[0].payload), "first");
  EXPECT_EQ(text_of(packets[1].payload), "second");
}

TEST_F(PortTest, BroadcastsLeaveAndComeIn) {
  auto socket = server.open_udp({.port = 67, .broadcast = true}).value();
  std::string heard;
  socket->start_receive(std::nullopt,
                        [&](error_code, Datagram datagram) { heard = text_of(datagram.payload); });
  world::Packet discover = packet(Ipv4Address::broadcast(), 67, "discover");
  discover.from = {Ipv4Address::any(), 68};
  come(MacAddress::broadcast(), datagram_of(discover, 1));
  EXPECT_EQ(heard, "discover");
  ASSERT_TRUE(socket->send({Ipv4Address::broadcast(), 68}, bytes_of("offer")));
  run(5ms);
  ASSERT_EQ(sent_messages<world::Packet>().size(), 1U);
  EXPECT_EQ(read_frame(link->sent.back())->destination, MacAddress::broadcast());
}

}  // namespace
}  // namespace provlab::wire
