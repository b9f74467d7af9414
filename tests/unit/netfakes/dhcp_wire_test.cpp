#include "netfakes/dhcp_wire.hpp"

#include <gmock/gmock.h>
#include <tins/dhcp.h>

#include <algorithm>

namespace provlab::netfakes {
namespace {

using testing::ElementsAre;

Bytes octets(std::string_view text) {
  const auto view = bytes_of(text);
  return {view.begin(), view.end()};
}

DhcpReply reply_with(std::vector<DhcpOption> options) {
  return {.type = DhcpType::ack, .yiaddr = {}, .ciaddr = {}, .options = std::move(options)};
}

std::vector<unsigned> codes(const std::vector<DhcpOption>& options) {
  std::vector<unsigned> all;
  for (const DhcpOption& option : options) all.push_back(option.code);
  return all;
}

/// The pieces of one option in an area of code, length, value up to End, joined.
std::string joined(BytesView area, std::uint8_t code) {
  std::string value;
  for (std::size_t i = 0; i < area.size() && area[i] != 255;) {
    if (area[i] == 0) {
      ++i;
      continue;
    }
    const std::size_t length = area[i + 1];
    if (area[i] == code) value += text_of(area.subspan(i + 2, length));
    i += 2 + length;
  }
  return value;
}

TEST(DhcpLayout, PutsTypeFirstAndNoOverloadWithoutNeed) {
  const DhcpLayout layout = lay_out(reply_with({{54, {1, 2, 3, 4}}, {67, octets("a")}}), {});
  EXPECT_THAT(codes(layout.options), ElementsAre(53, 54, 67));
  EXPECT_TRUE(layout.file.empty());
  EXPECT_TRUE(layout.dropped.empty());
}

TEST(DhcpLayout, SplitsAnOptionOver255Octets) {
  const std::string url(600, 'u');
  const DhcpLayout layout = lay_out(reply_with({{66, octets(url)}}), {});
  ASSERT_THAT(codes(layout.options), ElementsAre(53, 66, 66, 66));
  EXPECT_EQ(layout.options[1].value.size(), 255u);
  EXPECT_EQ(layout.options[3].value.size(), 90u);
}

TEST(DhcpLayout, CarriesHeaderTextsCutToTheirFields) {
  DhcpSettings settings;
  settings.file = std::string(200, 'f');
  settings.sname = "http://prov.server.com";
  const DhcpLayout layout = lay_out(reply_with({}), settings);
  EXPECT_EQ(layout.file.size(), 128u);
  EXPECT_EQ(text_of(layout.sname), "http://prov.server.com");
}

TEST(DhcpLayout, OverloadsTheFieldsThatAreGivenOptions) {
  DhcpSettings settings;
  settings.in_file = {67};
  settings.file = "not sent";
  const DhcpLayout layout =
      lay_out(reply_with({{66, octets("http://foo")}, {67, octets("bar")}}), settings);
  EXPECT_THAT(codes(layout.options), ElementsAre(53, 52, 66));
  EXPECT_EQ(layout.options[1].value, Bytes{1});
  EXPECT_EQ(joined(layout.file, 67), "bar");
  EXPECT_TRUE(layout.sname.empty());

  settings.in_sname = {66};
  const DhcpLayout both =
      lay_out(reply_with({{66, octets("http://foo")}, {67, octets("bar")}}), settings);
  EXPECT_EQ(both.options[1].value, Bytes{3});
  EXPECT_EQ(joined(both.sname, 66), "http://foo");
}

TEST(DhcpLayout, SpillsOverTheLimitIntoFileAndThenSname) {
  DhcpSettings settings;
  settings.options_limit = 40;
  std::string url = "http://";
  for (int i = 0; i < 180; ++i) url += static_cast<char>('a' + i % 26);
  const DhcpLayout layout = lay_out(reply_with({{54, {1, 2, 3, 4}}, {67, octets(url)}}), settings);
  ASSERT_THAT(codes(layout.options), ElementsAre(53, 52, 54, 67));
  EXPECT_EQ(layout.options[1].value, Bytes{3});
  std::size_t used = 0;
  for (const DhcpOption& option : layout.options) used += 2 + option.value.size();
  EXPECT_EQ(used, 40u);
  EXPECT_LE(layout.file.size(), 128u);
  EXPECT_LE(layout.sname.size(), 64u);
  EXPECT_EQ(std::string(text_of(layout.options[3].value)) + joined(layout.file, 67) +
                joined(layout.sname, 67),
            url);
}

TEST(DhcpLayout, NeverCutsAnAddressInTwo) {
  DhcpSettings settings;
  settings.options_limit = 10;  // four octets beside type and overload
  const DhcpLayout layout = lay_out(reply_with({{54, {1, 2, 3, 4}}}), settings);
  EXPECT_THAT(codes(layout.options), ElementsAre(53, 52));
  EXPECT_EQ(joined(layout.file, 54), "\x01\x02\x03\x04");
}

TEST(DhcpLayout, SaysWhatFoundNoRoom) {
  DhcpSettings settings;
  settings.options_limit = 20;
  const DhcpLayout layout = lay_out(reply_with({{67, octets(std::string(300, 'u'))}}), settings);
  EXPECT_THAT(layout.dropped, ElementsAre(67));
}

TEST(DhcpLayout, KeepsTheSequenceAndPutsTheOthersBehind) {
  DhcpSettings settings;
  settings.sequence = {67, 54};
  const DhcpReply reply =
      reply_with({{54, {1, 2, 3, 4}}, {51, {0, 0, 0, 9}}, {66, octets("h")}, {67, octets("a")}});
  EXPECT_THAT(codes(lay_out(reply, settings).options), ElementsAre(53, 67, 54, 51, 66));
  settings.sequence = {66, 53};
  EXPECT_THAT(codes(lay_out(reply, settings).options), ElementsAre(66, 53, 54, 51, 67));
}

TEST(DhcpLayout, PutsAPieceInEachPlaceAndTheRestInTheLast) {
  DhcpSettings settings;
  settings.sequence = {66, 54, 66, 51};
  const DhcpReply reply = reply_with({{54, {1, 2, 3, 4}},
                                      {51, {0, 0, 0, 9}},
                                      {66, octets("a")},
                                      {66, octets("b")},
                                      {66, octets("c")}});
  const std::vector<DhcpOption> options = lay_out(reply, settings).options;
  ASSERT_THAT(codes(options), ElementsAre(53, 66, 54, 66, 66, 51));
  EXPECT_EQ(text_of(options[1].value), "a");
  EXPECT_EQ(text_of(options[3].value), "b");
  EXPECT_EQ(text_of(options[4].value), "c");
}

TEST(DhcpReplyBytes, EndAsTheyAreToldTo) {
  constexpr std::size_t kOptions = 240;
  const DhcpReply reply = reply_with({{67, octets("a")}});
  const auto octets_with = [&](DhcpSettings::End end) {
    DhcpSettings settings;
    settings.end = end;
    return serialize(reply, lay_out(reply, settings), {});
  };
  const Bytes ended = octets_with(DhcpSettings::End::end);
  ASSERT_EQ(ended.size(), 300u);
  EXPECT_EQ(ended[kOptions + 6], 255);
  const Bytes padded = octets_with(DhcpSettings::End::padding);
  ASSERT_EQ(padded.size(), 300u);
  EXPECT_EQ(std::ranges::count(padded.begin() + kOptions + 6, padded.end(), 0), 54);
  EXPECT_EQ(octets_with(DhcpSettings::End::none).size(), kOptions + 6);
}

TEST(DhcpReplyBytes, AreReadBackByLibtins) {
  DhcpReply reply = reply_with({{54, {192, 0, 2, 1}}, {67, octets("a.xml")}});
  reply.yiaddr = Ipv4Address::of(192, 0, 2, 100);
  DhcpQuery query;
  query.transaction = 0xdeadbeef;
  query.flags = 0x8000;
  query.client = MacAddress{{0, 9, 0x52, 0, 0, 0x0e}};
  DhcpSettings settings;
  settings.file = "boot";
  const Bytes bytes = serialize(reply, lay_out(reply, settings), query);
  ASSERT_EQ(bytes.size(), 300u);
  const Tins::DHCP message(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
  EXPECT_EQ(message.opcode(), Tins::BootP::BOOTREPLY);
  EXPECT_EQ(message.xid(), 0xdeadbeefu);
  EXPECT_EQ(message.padding(), 0x8000);
  EXPECT_EQ(message.yiaddr().to_string(), "192.0.2.100");
  EXPECT_EQ(message.hlen(), 6);
  EXPECT_EQ(message.htype(), 1);
  EXPECT_EQ(message.type(), Tins::DHCP::ACK);
  EXPECT_STREQ(reinterpret_cast<const char*>(message.file()), "boot");
  EXPECT_EQ(bytes[28], 0x00);  // chaddr
  EXPECT_EQ(bytes[33], 0x0e);
}

TEST(DhcpQuery, IsRefusedWithoutTypeOrWhenCutShort) {
  Tins::DHCP message;
  message.opcode(Tins::BootP::BOOTREQUEST);
  Bytes bytes = message.serialize();
  const auto untyped = parse_dhcp_query(bytes);
  ASSERT_FALSE(untyped);
  EXPECT_EQ(untyped.error().text, "no message type (option 53)");
  bytes.resize(100);
  EXPECT_FALSE(parse_dhcp_query(bytes));
}

TEST(DhcpQuery, AsksForEverythingWithoutAList) {
  DhcpQuery query;
  EXPECT_TRUE(query.asks_for(66));
  query.parameter_list = Bytes{1, 3};
  EXPECT_TRUE(query.asks_for(3));
  EXPECT_FALSE(query.asks_for(66));
}

}  // namespace
}  // namespace provlab::netfakes
