#include "netfakes/request_fields.hpp"

#include <gmock/gmock.h>

#include "netfakes/ntp_wire.hpp"
#include "netfakes/responder_kinds.hpp"
#include "sim/text/parse.hpp"

namespace provlab::netfakes {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A DISCOVER with these options behind the magic cookie.
Bytes dhcp_message(std::initializer_list<std::uint8_t> options) {
  Bytes message(236);
  message[0] = message[1] = 1;
  message[2] = 6;
  message[9] = 7;
  message[10] = 0x80;
  message[28 + 5] = 0x0e;
  message.insert(message.end(), {0x63, 0x82, 0x53, 0x63});
  message.insert(message.end(), options);
  return message;
}

TEST(RequestFields, OfDhcpAreTheFixedOnesAndTheOptions) {
  EXPECT_EQ(
      dhcp_fields(dhcp_message({53,  1,   1,   0,  0, 55,  2, 1, 66, 57, 2, 5, 0xc0, 60,  4, 'D',
                                '2', '0', '0', 50, 4, 192, 0, 2, 9,  61, 2, 1, 0xff, 255, 9})),
      "op: 1 | htype: 1 | hlen: 6 | hops: 0 | secs: 7 | flags: 0x8000 | "
      "chaddr: 00:00:00:00:00:0e | option-53: 1 | option-55: 1,66 | option-57: 1472 | "
      "option-60: D200 | option-50: 192.0.2.9 | option-61: 01:ff | option-255:  | size: 271");
}

TEST(RequestFields, OfDhcpWithoutAnEndHaveNone) {
  EXPECT_THAT(dhcp_fields(dhcp_message({53, 1, 1})), Not(HasSubstr("option-255")));
}

TEST(RequestFields, OfDhcpTellAddressesAndTextsThatAreThere) {
  Bytes message = dhcp_message({255});
  message[15] = 1;
  message[19] = 2;
  message[23] = 3;
  message[27] = 4;
  message[28 + 15] = 0xaa;
  message[44] = 's';
  message[108 + 127] = 'f';
  const std::string fields = dhcp_fields(message);
  EXPECT_THAT(fields, HasSubstr("ciaddr: 0.0.0.1 | yiaddr: 0.0.0.2 | siaddr: 0.0.0.3 | giaddr: "
                                "0.0.0.4 | chaddr: 00:00:00:00:00:0e:00"));
  EXPECT_THAT(fields, HasSubstr(":aa | sname: s | file: 00:00:"));
}

TEST(RequestFields, OfDhcpEndWhereTheMessageDoes) {
  EXPECT_THAT(dhcp_fields(dhcp_message({60, 200, 'D'})), HasSubstr("option-60: D | size: 243"));
  EXPECT_THAT(dhcp_fields(dhcp_message({60})), HasSubstr("option-60:  | size: 241"));
  EXPECT_EQ(dhcp_fields({}),
            "op: 0 | htype: 0 | hlen: 0 | hops: 0 | secs: 0 | flags: 0x0000 | chaddr:  | size: 0");
}

TEST(RequestFields, OfDhcpTellTextThatCannotBeSeenAsOctets) {
  EXPECT_THAT(dhcp_fields(dhcp_message({60, 2, 'D', 0, 255})), HasSubstr("option-60: 44:00"));
  EXPECT_THAT(dhcp_fields(dhcp_message({54, 3, 1, 2, 3, 255})), HasSubstr("option-54: 01:02:03"));
  EXPECT_THAT(dhcp_fields(dhcp_message({57, 3, 0, 5, 0xc0, 255})),
              HasSubstr("option-57: 00:05:c0"));
}

TEST(RequestFields, OfDnsSpellTheNameAsItWasAsked) {
  const Bytes query{0xab, 0xcd, 1,   0,   0, 1,   0,   0, 0, 0, 0, 2, 4,
                    'P',  'r',  'o', 'v', 2, 'd', 'e', 0, 0, 1, 0, 3};
  EXPECT_EQ(dns_fields(query),
            "flags: 0x0100 | questions: 1 | answers: 0 | authority: 0 | additional: 2 | "
            "name: Prov.de | type: 1 | class: 3 | size: 25");
  EXPECT_THAT(dns_fields(BytesView(query).first(15)), HasSubstr("name: Pr | type: 0"));
}

TEST(RequestFields, OfNtpTellTimesThatAreSet) {
  NtpPacket packet{};
  packet[0] = 3 << 6 | 4 << 3 | 3;
  packet[1] = 16;
  packet[2] = 6;
  packet[3] = 0xec;
  EXPECT_EQ(ntp_fields(packet),
            "leap: 3 | version: 4 | mode: 3 | stratum: 16 | poll: 6 | precision: -20 | "
            "root-delay: 0s | root-dispersion: 0s | reference: 0.0.0.0 | reference-time: 0 | "
            "originate-time: 0 | receive-time: 0 | size: 48");
  const WallTime then = *parse_wall_time("2036-02-07T06:28:17Z");
  put_ntp_time(packet, kNtpReferenceTime, then);
  put_ntp_time(packet, kNtpOriginTime, *parse_wall_time("2026-03-01T08:00:00.5Z"));
  put_ntp_short(packet, kNtpRootDelay, std::chrono::milliseconds(250));
  put_ntp_reference(packet, "LOCL");
  EXPECT_THAT(ntp_fields(packet),
              HasSubstr("root-delay: 250ms | root-dispersion: 0s | reference: LOCL | "
                        "reference-time: 2036-02-07T06:28:17Z | "
                        "originate-time: 2026-03-01T08:00:00.5Z | receive-time: 0"));
}

TEST(RequestFields, AreNamedByTheKindOfTheirResponder) {
  const ResponderKind& dhcp = kind_named("dhcp");
  EXPECT_TRUE(dhcp.has_field("secs"));
  EXPECT_TRUE(dhcp.has_field("option-55"));
  EXPECT_FALSE(dhcp.has_field("option-"));
  EXPECT_FALSE(dhcp.has_field("option-x"));
  EXPECT_FALSE(dhcp.has_field("leap"));
  EXPECT_TRUE(kind_named("ntp").has_field("leap"));
  EXPECT_FALSE(kind_named("http").has_field("size"));
}

}  // namespace
}  // namespace provlab::netfakes
