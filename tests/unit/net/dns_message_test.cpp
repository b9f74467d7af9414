#include "core/net/dns_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/net/pcap_reader.hpp"

namespace provlab::net {
namespace {

using ::testing::HasSubstr;

/// Writes DNS messages octet by octet, also wrong ones.
class MessageBuilder {
 public:
  MessageBuilder(unsigned flags, unsigned questions, unsigned answers) {
    u16(0x1234).u16(flags).u16(questions).u16(answers).u16(0).u16(0);
  }
  MessageBuilder& u8(unsigned value) {
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  MessageBuilder& u16(unsigned value) { return u8(value >> 8).u8(value & 0xff); }
  MessageBuilder& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xffff); }
  MessageBuilder& label(std::string_view text) {
    u8(static_cast<unsigned>(text.size()));
    for (const char c : text) u8(static_cast<unsigned char>(c));
    return *this;
  }
  MessageBuilder& pointer(unsigned offset) { return u16(0xc000 | offset); }
  MessageBuilder& question(unsigned type = 1) { return end().u16(type).u16(1); }
  MessageBuilder& end() { return u8(0); }
  /// After the owner's name: an A record.
  MessageBuilder& address(std::uint32_t ttl, Ipv4Address value) {
    return u16(1).u16(1).u32(ttl).u16(4).u32(value.value);
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

constexpr unsigned kAnswer = 0x8180;
constexpr unsigned kQuestionName = 12;  // offset
constexpr Ipv4Address kAddress = Ipv4Address::of(198, 51, 100, 10);

MessageBuilder answer_for_prov(unsigned answers, unsigned flags = kAnswer) {
  MessageBuilder builder(flags, 1, answers);
  builder.label("prov").label("example").question();
  return builder;
}

std::string complaint(const MessageBuilder& builder) {
  const auto response = DnsResponse::parse(builder.bytes());
  return response ? "accepted" : response.error().text;
}

TEST(DnsQuery, IsWhatTheCapturedClientSent) {
  const auto captured = test::read_udp("full_boot", 53);
  ASSERT_FALSE(captured.empty());
  EXPECT_EQ(serialize_address_query(0x1234, "prov.server.com"), captured[0].payload);
  EXPECT_EQ(serialize_address_query(0x1234, "prov.server.com."), captured[0].payload);
}

TEST(DnsQuery, NameIsKnownInTheAnswerWhateverItsOctets) {
  for (const std::string name : {"a_b.example", "time:123", "a b", "192.0.2.0/24",
                                 "b\xc3\xbc"
                                 "cher.example",
                                 "x\x07y", "a\\b"}) {
    Bytes answer = serialize_address_query(1, name).value();
    answer[2] = 0x80;
    EXPECT_EQ(DnsResponse::parse(answer)->question, canonical_name(name)) << name;
  }
  EXPECT_EQ(canonical_name("A.Example."), "a.example");
  EXPECT_NE(canonical_name("a\\046b"), "a\\046b") << "a label with a dot is another name";
}

TEST(DnsQuery, RefusesNamesThatCannotStandInAMessage) {
  for (const std::string& name : {std::string(), std::string("."), std::string("a..b"),
                                  std::string(".a"), std::string(64, 'a'), std::string(254, 'a')}) {
    EXPECT_FALSE(serialize_address_query(1, name)) << name;
  }
  EXPECT_TRUE(serialize_address_query(1, std::string(63, 'a') + ".b"));
}

TEST(DnsResponse, OfTheCapturedBootGivesTheAddress) {
  const auto captured = test::read_udp("full_boot", 53);
  ASSERT_EQ(captured.size(), 2U);
  const auto response = DnsResponse::parse(captured[1].payload);
  ASSERT_TRUE(response) << response.error().text;
  EXPECT_EQ(response->id, 0x1234);
  EXPECT_EQ(response->question, "prov.server.com");
  const auto found = addresses_of("prov.server.com", *response);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->addresses.front(), Ipv4Address::of(192, 0, 2, 1));
  EXPECT_EQ(found->ttl, 0U);
}

TEST(DnsResponse, OfTheCapturedRefusalsSaysWhich) {
  const auto captured = test::read_udp("dns_ok_nxdomain_refused", 53);
  ASSERT_EQ(captured.size(), 6U);
  const auto unknown = DnsResponse::parse(captured[3].payload);
  const auto refused = DnsResponse::parse(captured[5].payload);
  ASSERT_TRUE(unknown && refused);
  EXPECT_EQ(unknown->code, DnsResponseCode::name_error);
  EXPECT_EQ(to_string(unknown->code), "NXDOMAIN");
  EXPECT_EQ(refused->code, DnsResponseCode::refused);
  EXPECT_EQ(refused->question, "other.example");
}

TEST(DnsResponse, RefusesAQuery) {
  const auto captured = test::read_udp("full_boot", 53);
  const auto response = DnsResponse::parse(captured[0].payload);
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().text, HasSubstr("is a query"));
}

TEST(DnsResponse, FollowsAliasesInAnyOrderAndTakesTheShortestTtl) {
  auto builder = answer_for_prov(3);
  builder.label("deep").pointer(kQuestionName + 5).address(500, kAddress);
  builder.pointer(kQuestionName).u16(5).u16(1).u32(300).u16(6).label("www").pointer(17);
  builder.label("www").pointer(17).u16(5).u16(1).u32(60).u16(7).label("deep").pointer(17);
  const auto response = DnsResponse::parse(builder.bytes());
  ASSERT_TRUE(response) << response.error().text;
  const auto found = addresses_of("prov.example", *response);
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(found->addresses.front(), kAddress);
  EXPECT_EQ(found->ttl, 60U);
}

TEST(DnsResponse, WithAnAliasLoopHasNoAddress) {
  auto builder = answer_for_prov(2);
  builder.pointer(kQuestionName).u16(5).u16(1).u32(300).u16(6).label("www").pointer(17);
  builder.label("www").pointer(17).u16(5).u16(1).u32(300).u16(2).pointer(kQuestionName);
  const auto response = DnsResponse::parse(builder.bytes());
  ASSERT_TRUE(response);
  const auto found = addresses_of("prov.example", *response);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().text, HasSubstr("loop"));
}

TEST(DnsResponse, WithoutAnAddressForTheNameSaysSo) {
  const auto empty = DnsResponse::parse(answer_for_prov(0).bytes());
  ASSERT_TRUE(empty);
  EXPECT_EQ(addresses_of("prov.example", *empty).error().text, "prov.example has no IPv4 address");
  auto other = answer_for_prov(1);
  other.label("other").end().address(60, kAddress);
  EXPECT_FALSE(addresses_of("prov.example", *DnsResponse::parse(other.bytes())));
}

TEST(DnsResponse, ComparesNamesInLowerCase) {
  MessageBuilder builder(kAnswer, 1, 1);
  builder.label("PROV").label("Example").question();
  builder.label("prov").label("EXAMPLE").end().address(60, kAddress);
  const auto response = DnsResponse::parse(builder.bytes());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->question, "prov.example");
  EXPECT_TRUE(addresses_of("prov.example", *response));
}

TEST(DnsResponse, SkipsRecordsOfOtherTypesAndClasses) {
  auto builder = answer_for_prov(4);
  builder.pointer(kQuestionName).u16(28).u16(1).u32(60).u16(16).u32(1).u32(2).u32(3).u32(4);
  builder.pointer(kQuestionName).u16(1).u16(3).u32(60).u16(4).u32(0x7f000001);  // class CH
  builder.pointer(kQuestionName).u16(1).u16(1).u32(60).u16(5).u32(1).u8(0);     // odd length
  builder.pointer(kQuestionName).address(60, kAddress);
  const auto response = DnsResponse::parse(builder.bytes());
  ASSERT_TRUE(response) << response.error().text;
  EXPECT_EQ(response->answers.size(), 1U);
}

TEST(DnsResponse, ReadsATtlWithTheTopBitAsZero) {
  auto builder = answer_for_prov(1);
  builder.pointer(kQuestionName).address(0x80000000U, kAddress);
  EXPECT_EQ(DnsResponse::parse(builder.bytes())->answers.at(0).ttl, 0U);
}

TEST(DnsResponse, DotInsideALabelIsNoSeparator) {
  MessageBuilder builder(kAnswer, 1, 0);
  builder.label("prov.example").question();
  EXPECT_EQ(DnsResponse::parse(builder.bytes())->question, "prov\\046example");
}

TEST(DnsResponse, CompressionPointersMustLeadBack) {
  MessageBuilder self(kAnswer, 1, 0);
  self.pointer(12).u16(1).u16(1);
  EXPECT_THAT(complaint(self), HasSubstr("malformed"));
  MessageBuilder forward(kAnswer, 1, 0);
  forward.pointer(16).u16(1).u16(1).label("a").end();
  EXPECT_THAT(complaint(forward), HasSubstr("malformed"));
  MessageBuilder loop(kAnswer, 1, 0);
  loop.label("a").pointer(12).u16(1).u16(1);
  EXPECT_THAT(complaint(loop), HasSubstr("malformed"));
}

/// A label, then pointers each to the one before, then a name that begins at the last of them.
MessageBuilder pointer_chain(unsigned pointers) {
  MessageBuilder builder(kAnswer, 0, 1);
  builder.label("a").end().u16(99).u16(1).u32(0).u16(2 * pointers);
  for (unsigned i = 0; i < pointers; ++i) builder.pointer(i == 0 ? 12 : 25 + 2 * (i - 1));
  return builder.pointer(25 + 2 * (pointers - 1)).address(60, kAddress);
}

TEST(DnsResponse, FollowsNoMorePointersThanANameHasLabels) {
  const auto answers = [](unsigned pointers) {
    Bytes bytes = pointer_chain(pointers).bytes();
    bytes[7] = 2;
    return DnsResponse::parse(bytes);
  };
  const auto longest = answers(126);
  ASSERT_TRUE(longest) << longest.error().text;
  EXPECT_EQ(longest->answers.at(0).name, "a");
  EXPECT_FALSE(answers(127));
}

TEST(DnsResponse, TellsAReferralFromAnAnswerWithoutAddresses) {
  const auto response = [](std::initializer_list<unsigned> authority) {
    auto builder = answer_for_prov(0);
    for (const unsigned type : authority) builder.pointer(17).u16(type).u16(1).u32(60).u16(0);
    Bytes bytes = builder.bytes();
    bytes[9] = static_cast<std::uint8_t>(authority.size());
    return DnsResponse::parse(bytes).value();
  };
  constexpr unsigned kNs = 2, kSoa = 6;
  EXPECT_TRUE(is_referral(response({kNs})));
  EXPECT_FALSE(is_referral(response({})));
  EXPECT_FALSE(is_referral(response({kSoa})));
  EXPECT_FALSE(is_referral(response({kNs, kSoa})));
}

TEST(DnsResponse, RefusesOversizedAndReservedLabels) {
  MessageBuilder reserved(kAnswer, 1, 0);
  reserved.u8(0x40).u8('a').u8(0).u16(1).u16(1);
  EXPECT_THAT(complaint(reserved), HasSubstr("malformed"));
  MessageBuilder endless(kAnswer, 1, 0);
  for (int i = 0; i < 5; ++i) endless.label(std::string(63, 'a'));
  endless.question();
  EXPECT_THAT(complaint(endless), HasSubstr("malformed"));
}

TEST(DnsResponse, RefusesRecordCountsThatLie) {
  auto builder = answer_for_prov(65535);
  builder.pointer(kQuestionName).address(60, kAddress);
  EXPECT_THAT(complaint(builder), HasSubstr("answer 2 of 65535"));
}

TEST(DnsResponse, RefusesRecordDataBeyondTheEnd) {
  auto builder = answer_for_prov(1);
  builder.pointer(kQuestionName).u16(1).u16(1).u32(60).u16(400).u32(1);
  EXPECT_THAT(complaint(builder), HasSubstr("answer 1 of 1"));
}

TEST(DnsResponse, KeepsWholeRecordsOfATruncatedMessage) {
  auto builder = answer_for_prov(2, kAnswer | 0x0200);
  builder.pointer(kQuestionName).address(60, kAddress).pointer(kQuestionName).u16(1);
  const auto response = DnsResponse::parse(builder.bytes());
  ASSERT_TRUE(response) << response.error().text;
  EXPECT_TRUE(response->truncated);
  EXPECT_EQ(response->answers.size(), 1U);
}

TEST(DnsResponse, EveryTruncationOfACaptureIsRefused) {
  const auto captured = test::read_udp("full_boot", 53);
  const Bytes& whole = captured.at(1).payload;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(DnsResponse::parse(BytesView(whole).first(length))) << length;
  }
}

TEST(DnsResponse, AnyOctetOfACaptureMayBeAnything) {
  const auto captured = test::read_udp("full_boot", 53);
  for (std::size_t at = 0; at < captured.at(1).payload.size(); ++at) {
    Bytes changed = captured.at(1).payload;
    for (unsigned value = 0; value < 256; ++value) {
      changed[at] = static_cast<std::uint8_t>(value);
      const auto response = DnsResponse::parse(changed);  // must end, within bounds (ASan)
      if (response) {
        EXPECT_LE(response->answers.size(), 1U);
      }
    }
  }
}

}  // namespace
}  // namespace provlab::net
