#include "core/net/dhcp_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>

namespace provlab::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kOptions = 240;

/// A packet written octet by octet, so that it can be as wrong as a test needs.
class PacketBuilder {
 public:
  PacketBuilder() {
    octets_.resize(kOptions);
    octets_[0] = 2;
    octets_[1] = 1;
    octets_[2] = 6;
    put(236, {0x63, 0x82, 0x53, 0x63});
  }
  PacketBuilder& put(std::size_t at, std::initializer_list<int> values) {
    for (const int value : values) octets_.at(at++) = static_cast<std::uint8_t>(value);
    return *this;
  }
  PacketBuilder& put_text(std::size_t at, std::string_view text) {
    for (const char c : text) octets_.at(at++) = static_cast<std::uint8_t>(c);
    return *this;
  }
  PacketBuilder& add(std::initializer_list<int> values) {
    for (const int value : values) octets_.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  PacketBuilder& add_option(int code, std::string_view text) {
    add({code, static_cast<int>(text.size())});
    octets_.insert(octets_.end(), text.begin(), text.end());
    return *this;
  }
  PacketBuilder& ack() { return add({53, 1, 5}); }
  PacketBuilder& end() { return add({255}); }
  Bytes octets() const { return octets_; }
  Expected<DhcpMessage> parse() const { return DhcpMessage::parse(octets_); }
  /// What is left out of it, each as `code: reason`; the message itself must be read.
  std::vector<std::string> left_out() const {
    std::vector<OptionLeftOut> options;
    const auto message = DhcpMessage::parse(octets_, options);
    EXPECT_TRUE(message);
    std::vector<std::string> texts;
    for (const OptionLeftOut& option : options) {
      EXPECT_FALSE(message->find(option.code)) << "option " << unsigned{option.code};
      texts.push_back(std::to_string(option.code) + ": " + option.reason);
    }
    return texts;
  }

 private:
  Bytes octets_;
};

/// The error of a packet that must not be read.
Error refusal(const PacketBuilder& packet) {
  const auto message = packet.parse();
  EXPECT_FALSE(message) << "the packet was read";
  return message ? Error{} : message.error();
}

TEST(DhcpMessage, FixedPartIsReadWhereRfc2131PutsIt) {
  const auto message = PacketBuilder()
                           .put(3, {7})
                           .put(4, {0x12, 0x34, 0x56, 0x78})
                           .put(8, {0x01, 0x02, 0x80, 0x00})
                           .put(12, {10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 10, 0, 0, 4})
                           .put(28, {0x00, 0x09, 0x52, 0x00, 0x00, 0x0e})
                           .put_text(44, "server")
                           .put_text(108, "boot")
                           .ack()
                           .end()
                           .parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_TRUE(message->reply);
  EXPECT_EQ(message->type, DhcpType::ack);
  EXPECT_EQ(message->xid, 0x12345678U);
  EXPECT_EQ(message->yiaddr, Ipv4Address::of(10, 0, 0, 2));
  EXPECT_EQ(message->chaddr.to_string(), "00:09:52:00:00:0E");
  EXPECT_EQ(message->sname, "server");
  EXPECT_EQ(message->file, "boot");
}

TEST(DhcpMessage, MissingEndIsTolerated) {
  const auto message = PacketBuilder().ack().add_option(66, "http://a").parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_EQ(message->text(66), "http://a");
}

TEST(DhcpMessage, PadIsSkippedAndNothingCountsAfterEnd) {
  const auto message =
      PacketBuilder().add({0, 0}).ack().add({0}).add_option(66, "a").end().add({67, 200}).parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_THAT(message->codes(), ElementsAre(66));
}

TEST(DhcpMessage, FullHeaderFieldsNeedNoNul) {
  const auto message = PacketBuilder()
                           .put_text(44, std::string(64, 's'))
                           .put_text(108, std::string(128, 'f'))
                           .ack()
                           .end()
                           .parse();
  EXPECT_EQ(message->sname, std::string(64, 's'));
  EXPECT_EQ(message->file, std::string(128, 'f'));
}

TEST(DhcpMessage, TextIsCutAtItsFirstNulButTheOptionStaysWhole) {
  using namespace std::string_view_literals;
  const auto message = PacketBuilder().ack().add_option(67, "a.xml\0b.xml"sv).end().parse();
  EXPECT_EQ(message->text(67), "a.xml");
  EXPECT_EQ(message->option(67)->size(), 11U);
}

TEST(DhcpMessage, PiecesOfOneOptionAreJoinedOverOptionsFileAndSname) {
  const auto message = PacketBuilder()
                           .ack()
                           .add_option(67, "one-")
                           .add_option(66, "http://a")
                           .add_option(67, "two-")
                           .add({52, 1, 3})
                           .put(108, {67, 5, 't', 'h', 'r', 'e', 'e', 255})
                           .put(44, {67, 5, '-', 'f', 'o', 'u', 'r', 255})
                           .end()
                           .parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_EQ(message->text(67), "one-two-three-four");
  EXPECT_EQ(message->text(66), "http://a");
  EXPECT_EQ(message->overload, 3);
  EXPECT_THAT(message->codes(), ElementsAre(67, 66));
}

TEST(DhcpMessage, DuplicateWithNulIsNoSplit) {
  using namespace std::string_view_literals;
  const auto message =
      PacketBuilder().ack().add_option(67, "a.xml\0"sv).add_option(67, "a.xml\0"sv).end().parse();
  EXPECT_EQ(message->text(67), "a.xml");
}

TEST(DhcpMessage, OverloadSaysWhichFieldHoldsOptions) {
  const auto with = [](int overload) {
    return PacketBuilder()
        .ack()
        .add({52, 1, overload})
        .put(108, {66, 1, 'F', 255})
        .put(44, {67, 1, 'S', 255})
        .end()
        .parse()
        .value();
  };
  EXPECT_EQ(with(1).text(66), "F");
  EXPECT_EQ(with(1).text(67), std::nullopt);
  EXPECT_EQ(with(1).file, "");
  EXPECT_EQ(with(1).sname, "C\x01S\xff");
  EXPECT_EQ(with(2).text(66), std::nullopt);
  EXPECT_EQ(with(2).text(67), "S");
  EXPECT_EQ(with(2).file,
            "B\x01"
            "F\xff");
  EXPECT_EQ(with(2).sname, "");
  EXPECT_EQ(with(3).text(66), "F");
  EXPECT_EQ(with(3).text(67), "S");
}

TEST(DhcpMessage, MessageTypeMayStandInAnOverloadedField) {
  const auto message = PacketBuilder().add({52, 1, 1}).put(108, {53, 1, 2, 255}).end().parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_EQ(message->type, DhcpType::offer);
}

TEST(DhcpMessage, NumbersAndAddressesAreReadInNetworkOrder) {
  const auto message = PacketBuilder()
                           .ack()
                           .add({6, 8, 192, 0, 2, 1, 192, 0, 2, 2})
                           .add({51, 4, 0, 1, 0x51, 0x80})
                           .add({57, 2, 5, 0xc0})
                           .add({23, 1, 64})
                           .end()
                           .parse();
  EXPECT_THAT(message->addresses(6),
              ElementsAre(Ipv4Address::of(192, 0, 2, 1), Ipv4Address::of(192, 0, 2, 2)));
  EXPECT_EQ(message->address(6), Ipv4Address::of(192, 0, 2, 1));
  EXPECT_EQ(message->number(51), 86400U);
  EXPECT_EQ(message->number(57), 1472U);
  EXPECT_EQ(message->number(23), 64U);
  EXPECT_EQ(message->number(6), std::nullopt);
  EXPECT_EQ(message->address(23), std::nullopt);
  EXPECT_EQ(message->address(3), std::nullopt);
  EXPECT_TRUE(message->addresses(3).empty());
}

TEST(MalformedDhcpMessage, TooShortSaysHowLongItIs) {
  Bytes packet(100);
  const auto message = DhcpMessage::parse(packet);
  ASSERT_FALSE(message);
  EXPECT_THAT(message.error().text, HasSubstr("100 octets"));
  EXPECT_EQ(message.error().where, "octet 100");
  EXPECT_FALSE(DhcpMessage::parse({}));
}

TEST(MalformedDhcpMessage, LongerThanADatagramIsRefused) {
  Bytes packet = PacketBuilder().ack().end().octets();
  packet.resize(65508);
  EXPECT_FALSE(DhcpMessage::parse(packet));
  packet.resize(65507);
  EXPECT_TRUE(DhcpMessage::parse(packet));
}

TEST(MalformedDhcpMessage, UnknownOpIsRefused) {
  EXPECT_EQ(refusal(PacketBuilder().put(0, {3}).ack().end()).where, "op at octet 0");
}

TEST(MalformedDhcpMessage, HardwareOtherThanEthernetIsRefused) {
  EXPECT_EQ(refusal(PacketBuilder().put(1, {6}).ack().end()).where, "htype at octet 1");
  EXPECT_EQ(refusal(PacketBuilder().put(2, {8}).ack().end()).where, "htype at octet 1");
}

TEST(MalformedDhcpMessage, WrongCookieIsNotDhcp) {
  const Error error = refusal(PacketBuilder().put(236, {0x63, 0x82, 0x53, 0x64}).ack().end());
  EXPECT_THAT(error.text, HasSubstr("63825364"));
  EXPECT_EQ(error.where, "octet 236");
}

TEST(OptionsLeftOut, OfOnesThatReachPastTheirField) {
  EXPECT_THAT(PacketBuilder().ack().add({66}).left_out(),
              ElementsAre("66: its field ends before its length"));
  EXPECT_THAT(PacketBuilder().ack().add({66, 5, 'a', 'b', 'c', 'd'}).left_out(),
              ElementsAre("66: it has 5 octets by its length, but its field ends after 4"));
}

TEST(OptionsLeftOut, WhatStandsBeforeACutOneCounts) {
  const auto message = PacketBuilder().ack().add({51, 4, 0, 0, 2, 88}).add({66, 9, 'a'}).parse();
  ASSERT_TRUE(message) << message.error().to_string();
  EXPECT_EQ(message->number(51), 600U);
}

TEST(OptionsLeftOut, PiecesOfACutOneAreNoTextOfTheirOwn) {
  EXPECT_THAT(PacketBuilder().ack().add_option(66, "http://a").add({66, 9, 'b'}).left_out(),
              ElementsAre(HasSubstr("66: it has 9 octets")));
}

TEST(OptionsLeftOut, AnOverloadedFieldEndsAtItsLastOctet) {
  PacketBuilder file;
  file.ack().add({52, 1, 1}).add_option(67, "b").end().put(108 + 126, {66, 1});
  EXPECT_THAT(file.left_out(),
              ElementsAre("66: it has 1 octets by its length, but its field ends after 0"));
  EXPECT_EQ(file.parse()->text(67), "b");
  PacketBuilder sname;
  sname.ack().add({52, 1, 2}).end().put(44 + 63, {66});
  EXPECT_THAT(sname.left_out(), ElementsAre("66: its field ends before its length"));
}

TEST(OptionsLeftOut, OverloadThatIsNoneLeavesTheFieldsTexts) {
  const std::initializer_list<int> values[] = {
      {52, 1, 0}, {52, 1, 4}, {52, 0}, {52, 2, 1, 1}, {52, 1, 1, 52, 1, 2}};
  for (const auto& value : values) {
    PacketBuilder packet;
    packet.ack().add(value).put_text(108, "boot").put_text(44, "server").end();
    EXPECT_THAT(packet.left_out(), ElementsAre(HasSubstr("52: it "))) << packet.octets()[245];
    EXPECT_EQ(packet.parse()->file, "boot");
    EXPECT_EQ(packet.parse()->sname, "server");
  }
  EXPECT_THAT(PacketBuilder().ack().add({52, 1, 0}).left_out(),
              ElementsAre("52: it is 0, not 1, 2 or 3"));
}

TEST(MalformedDhcpMessage, WithoutMessageTypeItIsBootp) {
  const Error error = refusal(PacketBuilder().add_option(66, "a").end());
  EXPECT_EQ(error.where, "option 53");
  EXPECT_THAT(error.text, HasSubstr("BOOTP"));
}

TEST(MalformedDhcpMessage, WithoutAUsableMessageTypeIsRefused) {
  const auto why = [](std::initializer_list<int> octets) {
    const Error error = refusal(PacketBuilder().add(octets).end());
    EXPECT_EQ(error.where, "option 53");
    return error.text;
  };
  EXPECT_THAT(why({53, 1, 0}), HasSubstr("the message type is 0"));
  EXPECT_THAT(why({53, 1, 9}), HasSubstr("the message type is 9"));
  EXPECT_THAT(why({53, 2, 5, 5}), HasSubstr("it has 2 octets, it must have 1"));
  EXPECT_THAT(why({53, 0}), HasSubstr("it is empty"));
  EXPECT_THAT(why({53, 1, 5, 53, 1, 2}), HasSubstr("more than once, with different values"));
}

TEST(OptionsLeftOut, OneOfFixedLengthMustHaveIt) {
  for (const int code : {1, 50, 51, 54, 58, 59}) {
    const std::string option = std::to_string(code);
    EXPECT_THAT(PacketBuilder().ack().add({code, 3, 1, 2, 3}).left_out(),
                ElementsAre(option + ": it has 3 octets, it must have 4"));
    EXPECT_THAT(PacketBuilder().ack().add({code, 8, 1, 2, 3, 4, 1, 2, 3, 4}).left_out(),
                ElementsAre(option + ": it has 8 octets, it must have 4"));
    EXPECT_THAT(PacketBuilder().ack().add({code, 0}).left_out(),
                ElementsAre(option + ": it is empty"));
    EXPECT_THAT(PacketBuilder().ack().add({code, 4, 1, 2, 3, 4, code, 4, 1, 2, 3, 5}).left_out(),
                ElementsAre(option + ": it stands there more than once, with different values"));
    EXPECT_THAT(PacketBuilder().ack().add({code, 2, 1, 2, code, 2, 3, 4}).left_out(),
                ElementsAre(option + ": it stands there more than once, with different values"));
  }
  EXPECT_THAT(PacketBuilder().ack().add({57, 1, 5}).left_out(),
              ElementsAre("57: it has 1 octets, it must have 2"));
}

TEST(DhcpMessage, AlikeOptionsOfFixedLengthCountOnce) {
  for (const int code : {1, 50, 51, 54, 58, 59}) {
    const std::initializer_list<int> option{code, 4, 1, 2, 3, 4};
    PacketBuilder packet;
    packet.ack().ack().add(option).add(option).add({52, 1, 1, 52, 1, 1}).end();
    packet.put(108, option).put(114, {255});
    EXPECT_THAT(packet.left_out(), ElementsAre());
    EXPECT_EQ(packet.parse()->number(static_cast<std::uint8_t>(code)), 0x01020304U);
    EXPECT_EQ(packet.parse()->type, DhcpType::ack);
  }
}

TEST(OptionsLeftOut, ListsHoldWholeAddresses) {
  for (const int code : {3, 6, 42}) {
    const std::string option = std::to_string(code);
    EXPECT_THAT(PacketBuilder().ack().add({code, 5, 1, 2, 3, 4, 5}).left_out(),
                ElementsAre(option + ": it has 5 octets, it must have a multiple of 4"));
    EXPECT_THAT(PacketBuilder().ack().add({code, 0}).left_out(),
                ElementsAre(option + ": it is empty"));
    EXPECT_EQ(PacketBuilder()
                  .ack()
                  .add({code, 2, 1, 2, code, 2, 3, 4})
                  .parse()
                  ->address(static_cast<std::uint8_t>(code)),
              Ipv4Address::of(1, 2, 3, 4));
  }
}

TEST(OptionsLeftOut, TextsAreNotEmpty) {
  for (const int code : {15, 43, 56, 66, 67}) {
    EXPECT_THAT(PacketBuilder().ack().add({code, 0}).left_out(),
                ElementsAre(std::to_string(code) + ": it is empty"));
  }
  EXPECT_THAT(PacketBuilder().ack().add({66, 0}).add_option(66, "a").left_out(), ElementsAre());
}

DhcpMessage discover() {
  DhcpMessage message;
  message.type = DhcpType::discover;
  message.xid = 0x01020304;
  message.secs = 9;
  message.broadcast = true;
  message.ciaddr = Ipv4Address::of(192, 0, 2, 50);
  message.chaddr = {{0x00, 0x09, 0x52, 0x00, 0x00, 0x0e}};
  message.set_text(60, "D200");
  return message;
}

/// The same without what only a server reads.
DhcpMessage as_read(DhcpMessage message) {
  message.secs = 0;
  message.broadcast = false;
  message.ciaddr = {};
  return message;
}

TEST(SerializedDhcpMessage, HasTheOctetsOfRfc2131) {
  const Bytes octets = discover().serialize();
  Bytes expected(300);
  const auto put = [&](std::size_t at, std::initializer_list<int> values) {
    for (const int value : values) expected[at++] = static_cast<std::uint8_t>(value);
  };
  put(0, {1, 1, 6, 0, 1, 2, 3, 4, 0, 9, 0x80, 0, 192, 0, 2, 50});
  put(28, {0x00, 0x09, 0x52, 0x00, 0x00, 0x0e});
  put(236, {0x63, 0x82, 0x53, 0x63, 53, 1, 1, 60, 4, 'D', '2', '0', '0', 255});
  EXPECT_EQ(octets, expected);
}

TEST(SerializedDhcpMessage, ReadsBackEqual) {
  DhcpMessage message = discover();
  message.reply = true;
  message.type = DhcpType::nak;
  message.sname = "http://a.example";
  message.file = std::string(128, 'f');
  message.set_address(54, Ipv4Address::of(192, 0, 2, 1));
  message.set_number(57, 1472, 2);
  const auto read = DhcpMessage::parse(message.serialize());
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(*read, as_read(message));
}

TEST(SerializedDhcpMessage, LongOptionsAreSplitAndJoinedAgain) {
  for (const std::size_t size : {254U, 255U, 256U, 510U, 511U, 1000U}) {
    DhcpMessage message = discover();
    message.set_text(66, std::string(size, 'x'));
    message.set_text(67, "after");
    const Bytes octets = message.serialize();
    EXPECT_EQ(octets[249], 66);
    EXPECT_EQ(octets[250], std::min<std::size_t>(size, 255));
    const auto read = DhcpMessage::parse(octets);
    ASSERT_TRUE(read) << read.error().to_string();
    EXPECT_EQ(*read, as_read(message)) << size;
  }
}

TEST(SerializedDhcpMessage, LongerThanTheMinimumIsNotPadded) {
  DhcpMessage message = discover();
  message.set_text(66, std::string(100, 'x'));
  EXPECT_EQ(message.serialize().size(), 240U + 3 + 6 + 102 + 1);
}

TEST(DhcpMessage, SettingAnOptionAgainReplacesItInPlace) {
  DhcpMessage message;
  message.set_text(66, "a long first value");
  message.set_text(67, "b");
  message.set_text(66, "c");
  DhcpMessage expected;
  expected.set_text(66, "c");
  expected.set_text(67, "b");
  EXPECT_EQ(message, expected);
  EXPECT_THAT(message.codes(), ElementsAre(66, 67));
}

}  // namespace
}  // namespace provlab::net
