#include <gtest/gtest.h>

#include "sim/text/parse.hpp"
#include "sim/world/frame_reader.hpp"
#include "sim/world/frame_writer.hpp"
#include "sim/world/octets.hpp"

namespace provlab::world {
namespace {

constexpr MacAddress kNearMac{{0x00, 0x09, 0x52, 0x00, 0x00, 0x0e}};
constexpr MacAddress kFarMac{{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}};
constexpr std::size_t kIp = 14;
constexpr std::size_t kTransport = kIp + 20;

Packet udp_packet(std::string_view text) {
  Packet packet;
  packet.source = kNearMac;
  packet.destination = kFarMac;
  packet.from = *parse_endpoint("192.0.2.100:5060");
  packet.to = *parse_endpoint("192.0.2.1:53");
  packet.payload.assign(text.begin(), text.end());
  return packet;
}

Packet tcp_packet(std::string_view text) {
  Packet packet = udp_packet(text);
  packet.protocol = Protocol::tcp;
  packet.flags = {.ack = true, .psh = true};
  packet.sequence = 0xfffffff0U;
  packet.acknowledgement = 77;
  packet.window = 4711;
  return packet;
}

Bytes octets_of(const Packet& packet) {
  return write_frame(packet.destination, packet.source, datagram_of(packet, 9));
}

FrameRead<Message> read_whole(BytesView octets) {
  auto frame = read_frame(octets);
  if (!frame) return std::unexpected(frame.error());
  return read_message(std::get<IpDatagram>(frame->content));
}

/// Makes the IPv4 header's checksum right again after a change.
void repair_ip(Bytes& octets) {
  set16(octets, kIp + 10, 0);
  set16(octets, kIp + 10, checksum_of(BytesView(octets).subspan(kIp, 20)));
}

FrameFault fault_of(const Bytes& octets) {
  const auto read = read_whole(octets);
  if (!read) return read.error();
  ADD_FAILURE() << "it was taken";
  return {};
}

TEST(Frames, ComeBackAsTheyWereWritten) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(1400, 'y')}) {
    const Packet sent = udp_packet(text);
    const auto message = read_whole(octets_of(sent));
    ASSERT_TRUE(message) << words_for(message.error());
    const Packet& back = std::get<Packet>(*message);
    EXPECT_EQ(back.protocol, Protocol::udp);
    EXPECT_EQ(back.from, sent.from);
    EXPECT_EQ(back.to, sent.to);
    EXPECT_EQ(back.payload, sent.payload) << "padding is no payload";
  }
}

TEST(Frames, KeepWhatTcpSays) {
  Packet sent = tcp_packet("GET / HTTP/1.1");
  sent.options.timestamps = TcpOptions::Timestamps{12, 34};
  sent.options.ranges = {{100, 200}, {300, 400}, {500, 600}};
  const auto message = read_whole(octets_of(sent));
  ASSERT_TRUE(message) << words_for(message.error());
  const Packet& back = std::get<Packet>(*message);
  EXPECT_EQ(back.sequence, sent.sequence);
  EXPECT_EQ(back.acknowledgement, sent.acknowledgement);
  EXPECT_EQ(back.window, sent.window);
  EXPECT_EQ(back.flags_text(), "PSH,ACK");
  EXPECT_EQ(back.options, sent.options);
  EXPECT_EQ(back.payload, sent.payload);
}

TEST(Frames, KeepTheOptionsOfASyn) {
  for (const bool timed : {false, true}) {
    Packet sent = tcp_packet("");
    sent.flags = {.syn = true};
    sent.options = {.largest_segment = 1460, .window_shift = 7, .selective = true};
    if (timed) sent.options.timestamps = TcpOptions::Timestamps{1, 0};
    const auto message = read_whole(octets_of(sent));
    ASSERT_TRUE(message) << words_for(message.error());
    EXPECT_EQ(std::get<Packet>(*message).options, sent.options);
  }
}

TEST(Frames, WriteNoMoreRangesThanHaveRoom) {
  Packet sent = tcp_packet("x");
  for (std::uint32_t i = 0; i < 9; ++i) sent.options.ranges.push_back({i * 100, i * 100 + 50});
  auto message = read_whole(octets_of(sent));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<Packet>(*message).options.ranges.size(), 4U);
  sent.options.timestamps.emplace();
  message = read_whole(octets_of(sent));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<Packet>(*message).options.ranges.size(), 3U);
}

TEST(Frames, ArpComesBack) {
  const ArpMessage sent{.reply = true,
                        .sender_mac = kFarMac,
                        .sender = Ipv4Address::of(192, 0, 2, 1),
                        .target_mac = kNearMac,
                        .target = Ipv4Address::of(192, 0, 2, 100)};
  const auto frame = read_frame(write_frame(kNearMac, kFarMac, sent));
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->destination, kNearMac);
  EXPECT_EQ(frame->source, kFarMac);
  EXPECT_EQ(std::get<ArpMessage>(frame->content), sent);
}

TEST(Frames, IcmpAndIgmpComeBack) {
  const IcmpMessage echo{.type = IcmpMessage::kEcho, .rest = 0x00010002, .body = Bytes(57, 3)};
  const IpDatagram ping =
      datagram_of(Ipv4Address::of(192, 0, 2, 1), Ipv4Address::of(192, 0, 2, 2), echo);
  auto message = read_whole(write_frame(kNearMac, kFarMac, ping));
  ASSERT_TRUE(message) << words_for(message.error());
  EXPECT_EQ(std::get<IcmpMessage>(*message), echo);

  const IgmpMessage report{.group = Ipv4Address::of(224, 0, 1, 75)};
  const IpDatagram joined = datagram_of(Ipv4Address::of(192, 0, 2, 1), report);
  const auto frame = read_frame(write_frame(kNearMac, kFarMac, joined));
  ASSERT_TRUE(frame);
  EXPECT_EQ(std::get<IpDatagram>(frame->content), joined) << "TTL 1, router alert, to the group";
  message = read_message(std::get<IpDatagram>(frame->content));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<IgmpMessage>(*message), report);
}

TEST(Frames, TagIsSteppedOver) {
  const Bytes plain = octets_of(udp_packet("tagged"));
  Bytes tagged(plain.begin(), plain.begin() + 12);
  put16(tagged, 0x8100);
  put16(tagged, 0x6005);
  tagged.insert(tagged.end(), plain.begin() + 12, plain.end());
  const auto frame = read_frame(tagged);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->vlan, 5);
  EXPECT_TRUE(read_message(std::get<IpDatagram>(frame->content)));
  tagged.resize(15);
  EXPECT_EQ(read_frame(tagged).error(), FrameFault::too_short);
}

TEST(Frames, OptionsOfIpv4AreSkipped) {
  IpDatagram ip = datagram_of(udp_packet("behind an option"), 1);
  ip.router_alert = true;
  const auto message = read_whole(write_frame(kFarMac, kNearMac, ip));
  ASSERT_TRUE(message) << words_for(message.error());
  EXPECT_EQ(text_of(std::get<Packet>(*message).payload), "behind an option");
}

TEST(Frames, MissingChecksumsOfLocalSendersAreTaken) {
  for (Packet packet : {udp_packet("offload"), tcp_packet("offload")}) {
    Bytes octets = octets_of(packet);
    const std::size_t field = kTransport + (packet.protocol == Protocol::udp ? 6 : 16);
    const std::uint16_t right = get16(octets, field);
    const std::size_t length =
        octets.size() > 60 ? octets.size() - kTransport : get16(octets, kIp + 2) - 20U;
    const auto halves = [](Ipv4Address a) { return (a.value >> 16) + (a.value & 0xffff); };
    const std::uint32_t pseudo = halves(packet.from.address) + halves(packet.to.address) +
                                 static_cast<std::uint32_t>(packet.protocol) +
                                 static_cast<std::uint32_t>(length);
    set16(octets, field, ones_sum({}, pseudo));
    EXPECT_TRUE(read_whole(octets)) << "the pseudo header's alone";
    set16(octets, field, right ^ 0x0101U);
    EXPECT_EQ(fault_of(octets), packet.protocol == Protocol::udp ? FrameFault::udp_checksum
                                                                 : FrameFault::tcp_checksum);
    set16(octets, field, 0);
    if (packet.protocol == Protocol::udp) {
      EXPECT_TRUE(read_whole(octets)) << "none at all";
    } else {
      EXPECT_EQ(fault_of(octets), FrameFault::tcp_checksum);
    }
  }
}

TEST(Frames, WrongLengthsAreRefused) {
  const Bytes right = octets_of(udp_packet(std::string(200, 'z')));
  const auto with = [&](std::size_t at, std::uint32_t value) {
    Bytes octets = right;
    set16(octets, at, value);
    repair_ip(octets);
    return fault_of(octets);
  };
  EXPECT_EQ(with(kIp + 2, 229), FrameFault::ip_length) << "beyond the frame";
  EXPECT_EQ(with(kIp + 2, 19), FrameFault::ip_length) << "shorter than its header";
  EXPECT_EQ(with(kTransport + 4, 209), FrameFault::udp_length);
  EXPECT_EQ(with(kTransport + 4, 7), FrameFault::udp_length);
  EXPECT_EQ(with(kIp, 0x6500), FrameFault::ip_version);
  EXPECT_EQ(with(kIp, 0x4400), FrameFault::ip_header_length);
  EXPECT_EQ(with(kIp + 8, 0x402f), FrameFault::foreign_protocol);
  EXPECT_EQ(with(kIp + 12, 0xe000), FrameFault::ip_source) << "a group sends nothing";
  EXPECT_EQ(with(kIp + 12, 0x7f00), FrameFault::ip_source);
  Bytes octets = octets_of(tcp_packet("x"));
  octets[kTransport + 12] = 0x40;
  EXPECT_EQ(fault_of(octets), FrameFault::tcp_length);
  octets[kTransport + 12] = 0xf0;
  EXPECT_EQ(fault_of(octets), FrameFault::tcp_length);
  octets = right;
  octets[kIp + 10] ^= 1;
  EXPECT_EQ(fault_of(octets), FrameFault::ip_checksum);
  octets = right;
  octets[6] |= 1;
  EXPECT_EQ(fault_of(octets), FrameFault::source_is_a_group);
  octets = right;
  set16(octets, 12, 0x86dd);
  EXPECT_EQ(fault_of(octets), FrameFault::foreign_type);
}

TEST(Frames, CutAnywhereAreRefused) {
  for (const Packet& packet : {udp_packet("cut"), tcp_packet("cut")}) {
    Bytes whole = octets_of(packet);
    whole.resize(kIp + get16(whole, kIp + 2));  // without padding
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const auto read = read_whole(BytesView(whole).first(length));
      EXPECT_FALSE(read) << length;
    }
  }
  const Bytes arp = write_frame(kNearMac, kFarMac, ArpMessage{});
  for (std::size_t length = 0; length < kIp + 28; ++length) {
    EXPECT_FALSE(read_frame(BytesView(arp).first(length))) << length;
  }
}

TEST(Frames, ArpForSomethingElseIsRefused) {
  ArpMessage asked;
  asked.sender_mac = kFarMac;
  const Bytes right = write_frame(kNearMac, kFarMac, asked);
  const auto with = [&](std::size_t at, std::uint32_t value) {
    Bytes octets = right;
    set16(octets, at, value);
    const auto read = read_frame(octets);
    return read ? FrameFault::too_short : read.error();
  };
  EXPECT_EQ(with(14, 6), FrameFault::arp_foreign);
  EXPECT_EQ(with(16, 0x86dd), FrameFault::arp_foreign);
  EXPECT_EQ(with(18, 0x0804), FrameFault::arp_malformed);
  EXPECT_EQ(with(20, 3), FrameFault::arp_foreign);
  EXPECT_EQ(with(22, 0xffff), FrameFault::arp_malformed) << "a group as sender";
}

TEST(Frames, SumFoldsEveryCarry) {
  EXPECT_EQ(ones_sum(Bytes(65535, 0xff)), 0xff00U) << "odd length, all ones";
  EXPECT_EQ(ones_sum(Bytes{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}), 0xddf2U)
      << "RFC 1071 3";
}

TEST(Frames, EachFaultHasWordsOfItsOwn) {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kFrameFaults; ++i) {
    words.insert(words_for(static_cast<FrameFault>(i)));
  }
  EXPECT_EQ(words.size(), kFrameFaults);
}

}  // namespace
}  // namespace provlab::world
