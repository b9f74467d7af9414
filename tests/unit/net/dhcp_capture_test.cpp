#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tins/dhcp.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <random>

#include "core/net/dhcp_message.hpp"
#include "core/net/dhcp_url.hpp"
#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "tests/unit/net/pcap_reader.hpp"

/// The codec and the URL derivation on what real servers sent (tests/data/pcaps).
namespace provlab::net {
namespace {

using test::CapturedDatagram;

/// What a D200 (MAC 00:09:52:00:00:0E) makes of one capture, and why.
struct CaptureRow {
  std::string_view name;
  std::size_t replies;      ///< OFFERs, ACKs and NAKs in it; each gives the same result
  std::string_view origin;  ///< empty: no URL
  std::string url;          ///< after marker replacement
  std::string_view why;

  friend void PrintTo(const CaptureRow& row, std::ostream* out) { *out << row.name; }
};

const std::string kSourceUrl = "http://prov.server.com/prov.py?mac=00095200000E";
const std::string kLongHost = "http://" + std::string(100, 'a') + ".example/";

const CaptureRow kRows[] = {
    {"client_dhclient", 2, "66+file", kSourceUrl,
     "ISC's filename arrives in the file field, which stands for the absent option 67"},
    {"client_udhcpc", 2, "66+file", kSourceUrl,
     "the same server answers another client with the file field and option 66"},
    {"dnsmasq_boot_no_override", 2, "sname+file", kSourceUrl,
     "with dhcp-no-override dnsmasq keeps boot file and server name in the header; sname begins "
     "with http:// and so stands for option 66"},
    {"dnsmasq_boot_not_requested", 2, "sname+file", kSourceUrl,
     "66 and 67 were not asked for, so dnsmasq puts them into sname and file"},
    {"dnsmasq_boot_requested", 2, "66+67", kSourceUrl,
     "dhcp-boot becomes options 66 and 67 when they are asked for, each with a NUL that is cut"},
    {"dnsmasq_inform", 1, "66+67", kSourceUrl,
     "the ACK to an INFORM carries both options, 67 before 66 and each with its NUL"},
    {"dnsmasq_opt43_raw", 2, "43", "http://p.xy",
     "sub-option 66 of option 43 is a whole URL and there is no sub-option 67"},
    {"dnsmasq_opt43_vendor_encap", 2, "43", "http://p.xy/f.xml",
     "option 43 holds 67 before 66, is ended by 0xff, and a slash is put between them"},
    {"dnsmasq_opt66_67_force_not_requested", 2, "66+67", kSourceUrl,
     "dhcp-option-force sends 66 and 67 though they were not asked for"},
    {"dnsmasq_opt66_67_not_requested", 2, "sname+file", kSourceUrl,
     "dnsmasq moves 66 and 67 that were not asked for into sname and file"},
    {"dnsmasq_opt66_67_requested", 2, "66+67", kSourceUrl,
     "both options were asked for and sent, each with its NUL"},
    {"full_boot", 2, "66+file", kSourceUrl,
     "ISC's filename in the file field stands for option 67 beside option 66"},
    {"isc_big_maxsize1472", 2, "66+67", kLongHost + std::string(100, 'b'),
     "option 57 of 1472 leaves room for both long options, so nothing is overloaded"},
    {"isc_filename_header", 2, "66+file", kSourceUrl,
     "the filename statement fills the file field only, even when option 67 is asked for"},
    {"isc_inform", 1, "66+file", kSourceUrl,
     "an INFORM is answered with the file field and option 66, as a lease would be"},
    {"isc_inform_opt67", 1, "66+67", kSourceUrl, "bootfile-name is sent as option 67"},
    {"isc_maxsize_300", 2, "66+file", kSourceUrl,
     "ISC ignores an option 57 under 576: the answer is as without it"},
    {"isc_nak", 1, "", "", "a NAK carries no provisioning options"},
    {"isc_opt43", 2, "43", "http://p.xy",
     "vendor-encapsulated-options arrive as they were written: sub-option 66 only, no end mark"},
    {"isc_opt43_space", 2, "43", "http://p.xy/f.xml",
     "an option space gives sub-options 66 and 67, joined by the missing slash"},
    {"isc_opt67", 2, "66+67", kSourceUrl, "both options were asked for and sent without NUL"},
    {"isc_overload", 2, "66+67", kLongHost + std::string(100, 'b'),
     "option 52 is 3: 66 stands in file, and 67 is joined from options, file and sname"},
    {"isc_prl_without_66_67", 2, "", "",
     "neither option was asked for, so ISC sends neither, and the header fields are empty"},
    {"isc_renew_unicast", 1, "66+file", kSourceUrl,
     "the ACK of a renewal carries the same options as that of the lease"},
    {"isc_servername", 2, "sname+file", kSourceUrl,
     "server-name and filename fill the header only; sname begins with http://"},
    {"isc_unicast_offer", 1, "66+file", kSourceUrl,
     "without the broadcast flag the answer is sent by unicast; its content is the same"},
    {"kea_always_send_not_requested", 2, "66+67", kSourceUrl,
     "always-send sends 66 and 67 though they were not asked for"},
    {"kea_big_default_maxsize", 2, "66+67", kLongHost + std::string(250, 'b'),
     "Kea sends 841 octets rather than overload, so both options are whole"},
    {"kea_global_bootfile_not_requested", 2, "sname+file", kSourceUrl,
     "server-hostname and boot-file-name fill the header fields"},
    {"kea_global_bootfile_requested", 2, "sname+file", kSourceUrl,
     "Kea does not turn the header fields into options when those are asked for"},
    {"kea_inform", 1, "66+67", kSourceUrl, "the ACK to an INFORM carries both options, no mask"},
    {"kea_opt43_raw", 2, "43", "http://p.xy", "raw octets of option 43: sub-option 66 only"},
    {"kea_opt43_space", 2, "43", "http://p.xy/f.xml",
     "sub-options 66 and 67 of Kea's option space, joined by the missing slash"},
    {"kea_opt66_67_not_requested", 2, "", "",
     "Kea leaves out what was not asked for and has no header fields set"},
    {"kea_opt66_67_requested", 2, "66+67", kSourceUrl,
     "both options were asked for and sent without NUL"},
    {"kea_udp_socket_type", 0, "", "",
     "with UDP sockets Kea never sees the address-less client's DISCOVER: there is no answer"},
};

std::vector<CapturedDatagram> replies_of(std::string_view name) {
  std::vector<CapturedDatagram> replies = test::read_udp(name, kDhcpServerPort);
  std::erase_if(replies, [](const auto& each) { return each.from.port != kDhcpServerPort; });
  return replies;
}

/// Every DHCP datagram of every capture, with the capture's name.
const std::vector<std::pair<std::string, Bytes>>& all_packets() {
  static const auto kPackets = [] {
    std::vector<std::pair<std::string, Bytes>> packets;
    for (const std::string& name : test::capture_names()) {
      for (CapturedDatagram& datagram : test::read_udp(name, kDhcpServerPort)) {
        packets.emplace_back(name, std::move(datagram.payload));
      }
    }
    return packets;
  }();
  return kPackets;
}

DhcpMessage parsed(const Bytes& packet) {
  auto message = DhcpMessage::parse(packet);
  if (!message) throw std::runtime_error(message.error().to_string());
  return std::move(*message);
}

class DhcpCapture : public testing::TestWithParam<CaptureRow> {};

TEST_P(DhcpCapture, GivesTheUrl) {
  const CaptureRow& row = GetParam();
  SCOPED_TRACE(row.why);
  const DeviceIdentity device;
  ASSERT_EQ(device.mac.compact(), "00095200000E");
  const auto replies = replies_of(row.name);
  EXPECT_EQ(replies.size(), row.replies);
  for (const CapturedDatagram& reply : replies) {
    const DhcpUrl result = derive_url(parsed(reply.payload), device, {});
    EXPECT_EQ(result.origin, row.origin);
    EXPECT_EQ(result.url.has_value(), !row.url.empty());
    EXPECT_EQ(replace_markers(result.url.value_or(""), device).text, row.url);
    EXPECT_THAT(result.diagnoses, testing::IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(All, DhcpCapture, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(DhcpCaptures, EachHasItsRow) {
  for (const auto& [name, packet] : all_packets()) {
    EXPECT_EQ(std::ranges::count(kRows, name, &CaptureRow::name), 1) << name;
  }
  EXPECT_EQ(all_packets().size(), 127U);
}

TEST(DhcpCaptures, LibtinsReadsTheSameFixedPart) {
  for (const auto& [name, packet] : all_packets()) {
    SCOPED_TRACE(name);
    const DhcpMessage ours = parsed(packet);
    Tins::DHCP theirs(packet.data(), static_cast<std::uint32_t>(packet.size()));
    EXPECT_EQ(ours.reply, theirs.opcode() == Tins::DHCP::BOOTREPLY);
    EXPECT_EQ(ours.xid, theirs.xid());
    EXPECT_EQ(ours.yiaddr.to_string(), theirs.yiaddr().to_string());
    EXPECT_TRUE(
        std::equal(ours.chaddr.octets.begin(), ours.chaddr.octets.end(), theirs.chaddr().begin()));
    EXPECT_EQ(static_cast<int>(ours.type), theirs.type());
    if (ours.overload == 0) {  // libtins knows nothing of overload
      EXPECT_EQ(ours.sname, std::string(reinterpret_cast<const char*>(theirs.sname())));
      EXPECT_EQ(ours.file, std::string(reinterpret_cast<const char*>(theirs.file())));
    }
  }
}

/// The option field as libtins reads it: code and value, without pads and END.
std::vector<std::pair<int, Bytes>> libtins_options(const Bytes& packet) {
  const Tins::DHCP message(packet.data(), static_cast<std::uint32_t>(packet.size()));
  std::vector<std::pair<int, Bytes>> options;
  for (const auto& option : message.options()) {
    if (option.option() == Tins::DHCP::PAD) continue;
    if (option.option() == Tins::DHCP::END) break;
    options.emplace_back(option.option(),
                         Bytes(option.data_ptr(), option.data_ptr() + option.data_size()));
  }
  return options;
}

TEST(DhcpCaptures, LibtinsReadsTheSameOptions) {
  for (const auto& [name, packet] : all_packets()) {
    SCOPED_TRACE(name);
    const DhcpMessage ours = parsed(packet);
    std::vector<int> codes;
    std::map<int, Bytes> joined;
    for (const auto& [code, value] : libtins_options(packet)) {
      if (code == 52 || code == 53) continue;
      if (!joined.contains(code)) codes.push_back(code);
      joined[code].insert(joined[code].end(), value.begin(), value.end());
    }
    for (const auto& [code, value] : joined) {
      Bytes read = ours.option(static_cast<std::uint8_t>(code)).value();
      // An overloaded message goes on where libtins stops: there its value is only the beginning.
      if (ours.overload != 0 && read.size() > value.size()) read.resize(value.size());
      EXPECT_EQ(read, value) << "option " << code;
    }
    if (ours.overload == 0) {
      EXPECT_THAT(ours.codes(), testing::ElementsAreArray(codes));
    }
  }
}

TEST(DhcpCaptures, OneServerOverloads) {
  for (const auto& [name, packet] : all_packets()) {
    const DhcpMessage message = parsed(packet);
    EXPECT_EQ(message.overload, message.reply && name == "isc_overload" ? 3 : 0) << name;
  }
}

TEST(DhcpCaptures, WrittenAgainTheySayTheSame) {
  for (const auto& [name, packet] : all_packets()) {
    SCOPED_TRACE(name);
    DhcpMessage message = parsed(packet);
    message.overload = 0;  // never written
    const Bytes written = message.serialize();
    EXPECT_EQ(parsed(written), message);
    std::map<int, Bytes> joined;
    for (const auto& [code, value] : libtins_options(written)) {
      joined[code].insert(joined[code].end(), value.begin(), value.end());
    }
    EXPECT_EQ(joined.size(), message.codes().size() + 1);
    for (const std::uint8_t code : message.codes()) {
      EXPECT_EQ(joined[code], message.option(code)) << "option " << int{code};
    }
  }
}

/// Whether cutting the option field after `size` octets of the packet leaves only whole options.
bool cut_between_options(const Bytes& packet, std::size_t size) {
  for (std::size_t at = 240; at < size;) {
    if (packet[at] == 255) return true;
    if (packet[at] == 0) {
      ++at;
      continue;
    }
    if (at + 1 >= size) return false;
    at += 2U + packet[at + 1];
    if (at > size) return false;
  }
  return true;
}

TEST(HostileDhcp, EveryTruncationLosesOneOptionOrIsRefusedWithItsPlace) {
  for (const auto& [name, packet] : all_packets()) {
    for (std::size_t size = 0; size < packet.size(); ++size) {
      const Bytes cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
      std::vector<OptionLeftOut> left_out;
      const auto message = DhcpMessage::parse(cut, left_out);
      if (size >= 240) {
        ASSERT_EQ(left_out.size(), cut_between_options(packet, size) ? 0U : 1U)
            << name << " cut to " << size << " octets";
      }
      // Without any option there is no message type either.
      ASSERT_TRUE(size >= 243 || !message) << name << " cut to " << size << " octets";
      if (message) continue;
      ASSERT_NE(message.error().text, "");
      ASSERT_NE(message.error().where, "");
    }
  }
}

/// What must hold of any octets at all.
void expect_sound(const Bytes& packet) {
  const auto message = DhcpMessage::parse(packet);
  if (!message) {
    ASSERT_NE(message.error().text, "");
    ASSERT_NE(message.error().where, "");
    return;
  }
  DhcpMessage canonical = *message;
  canonical.overload = 0;
  ASSERT_EQ(parsed(canonical.serialize()), canonical);
  const DeviceIdentity device;
  for (const auto form : {Option43Text::diagnose, Option43Text::accept}) {
    const DhcpUrl result = derive_url(*message, device, {.text = form});
    ASSERT_EQ(result.url.has_value(), !result.origin.empty());
    if (result.url) {
      ASSERT_TRUE(Url::parse(replace_markers(*result.url, device).text)) << *result.url;
    }
  }
}

TEST(HostileDhcp, DamagedCapturesAreReadOrRefused) {
  std::mt19937_64 random(20260301);
  unsigned readable = 0;
  for (unsigned round = 0; round < 5'000; ++round) {
    const Bytes& original = all_packets()[random() % all_packets().size()].second;
    Bytes packet = original;
    for (std::uint64_t damage = 1 + random() % 4; damage > 0; --damage) {
      packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
    }
    if (DhcpMessage::parse(packet)) ++readable;
    ASSERT_NO_FATAL_FAILURE(expect_sound(packet)) << "round " << round;
  }
  EXPECT_GT(readable, 500U);
  EXPECT_LT(readable, 4'800U);
}

TEST(HostileDhcp, RandomOptionsAreReadOrRefused) {
  std::mt19937_64 random(20260302);
  const Bytes& original = all_packets().front().second;
  for (unsigned round = 0; round < 5'000; ++round) {
    Bytes packet(original.begin(), original.begin() + 240);
    for (std::size_t at = 44; at < 236; ++at) packet[at] = static_cast<std::uint8_t>(random() % 90);
    packet.insert(packet.end(), {53, 1, 5, 52, 1, static_cast<std::uint8_t>(1 + random() % 3)});
    for (std::uint64_t options = random() % 12; options > 0; --options) {
      constexpr std::uint8_t kCodes[] = {0, 1, 3, 6, 42, 43, 43, 43, 51, 54, 66, 66, 67, 67, 255};
      const std::uint8_t code = kCodes[random() % std::size(kCodes)];
      const std::size_t length = code == 43 || code > 60 ? random() % 256 : 4;
      packet.push_back(code);
      packet.push_back(static_cast<std::uint8_t>(length));
      for (std::size_t i = 0; i < length; ++i) {
        packet.push_back(static_cast<std::uint8_t>(random() % (round % 2 == 0 ? 256 : 80)));
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_sound(packet)) << "round " << round;
  }
}

TEST(HostileDhcp, NoiseIsRefused) {
  std::mt19937_64 random(20260303);
  for (unsigned round = 0; round < 2'000; ++round) {
    Bytes packet(random() % 600);
    for (std::uint8_t& octet : packet) octet = static_cast<std::uint8_t>(random());
    EXPECT_FALSE(DhcpMessage::parse(packet)) << "round " << round;
  }
}

}  // namespace
}  // namespace provlab::net
