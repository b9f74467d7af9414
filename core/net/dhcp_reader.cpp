#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/net/dhcp_layout.hpp"
#include "core/net/dhcp_message.hpp"

namespace provlab::net {

namespace {

using namespace dhcp_layout;

/// What RFC 2132 says about the length of an option that the phone works with.
struct LengthRule {
  std::uint8_t code;
  std::uint8_t octets;
  bool list;  // any number of such values, at least one
};
constexpr LengthRule kLengthRules[] = {
    {dhcp_option::kSubnetMask, 4, false},       {dhcp_option::kRouter, 4, true},
    {dhcp_option::kDnsServer, 4, true},         {dhcp_option::kNtpServer, 4, true},
    {dhcp_option::kRequestedAddress, 4, false}, {dhcp_option::kLeaseTime, 4, false},
    {dhcp_option::kServerIdentifier, 4, false}, {dhcp_option::kMaximumMessageSize, 2, false},
    {dhcp_option::kRenewalTime, 4, false},      {dhcp_option::kRebindingTime, 4, false},
};

}  // namespace

/// Collects the pieces of all options over their up to three areas, then joins them.
class DhcpReader {
 public:
  explicit DhcpReader(BytesView packet) : packet_(packet) {}

  Expected<DhcpMessage> read() {
    if (packet_.size() < kOptionsOffset) {
      return fail(fmt::format("the message has {} octets, the shortest DHCP message has {}",
                              packet_.size(), kOptionsOffset),
                  fmt::format("octet {}", packet_.size()));
    }
    if (packet_.size() > kMaximumSize) {
      return fail(fmt::format("the message has {} octets, more than a UDP datagram can hold",
                              packet_.size()),
                  fmt::format("octet {}", kMaximumSize));
    }
    DhcpMessage message;
    if (auto done = read_fixed_part(message); !done) return std::unexpected(done.error());
    if (auto done = read_options(message); !done) return std::unexpected(done.error());
    return message;
  }

 private:
  struct Piece {
    std::uint8_t code;
    std::uint8_t length;
    std::uint16_t offset;  // of the value, into packet_
  };

  Expected<void> read_fixed_part(DhcpMessage& message) {
    if (packet_[0] != 1 && packet_[0] != 2) {
      return fail(fmt::format("op is {}, it must be 1 (request) or 2 (reply)", packet_[0]),
                  "op at octet 0");
    }
    if (packet_[1] != 1 || packet_[2] != 6) {
      return fail(fmt::format("hardware type {} with addresses of {} octets is not Ethernet (1, 6)",
                              packet_[1], packet_[2]),
                  "htype at octet 1");
    }
    if (const std::uint32_t cookie = read32(packet_, kCookieOffset); cookie != kMagicCookie) {
      return fail(
          fmt::format("the magic cookie is {:08x}, not {:08x}: not DHCP", cookie, kMagicCookie),
          fmt::format("octet {}", kCookieOffset));
    }
    message.reply = packet_[0] == 2;
    message.hops = packet_[3];
    message.xid = read32(packet_, 4);
    message.secs = read16(packet_, 8);
    message.broadcast = (read16(packet_, 10) & kBroadcastFlag) != 0;
    message.ciaddr.value = read32(packet_, 12);
    message.yiaddr.value = read32(packet_, 16);
    message.siaddr.value = read32(packet_, 20);
    message.giaddr.value = read32(packet_, 24);
    std::copy_n(packet_.begin() + 28, 6, message.chaddr.octets.begin());
    return {};
  }

  Expected<void> read_options(DhcpMessage& message) {
    pieces_.reserve(24);
    if (auto done = read_area(kOptionsOffset, packet_.size()); !done) return done;
    if (auto done = read_overload(message); !done) return done;
    if (message.overload & 1) {
      if (auto done = read_area(kFileOffset, kFileOffset + kFileSize); !done) return done;
    } else {
      message.file = cut(packet_.subspan(kFileOffset, kFileSize));
    }
    if (message.overload & 2) {
      if (auto done = read_area(kSnameOffset, kSnameOffset + kSnameSize); !done) return done;
    } else {
      message.sname = cut(packet_.subspan(kSnameOffset, kSnameSize));
    }
    if (auto done = read_type(message); !done) return done;
    join(message);
    return check_lengths(message);
  }

  /// The options between two octets of the packet, up to END or the end of the field.
  Expected<void> read_area(std::size_t at, std::size_t end) {
    while (at < end) {
      const std::uint8_t code = packet_[at];
      if (code == dhcp_option::kPad) {
        ++at;
        continue;
      }
      if (code == dhcp_option::kEnd) return {};
      if (at + 1 == end) return fail("the field ends before the option's length", place(code, at));
      const std::size_t length = packet_[at + 1];
      if (at + 2 + length > end) {
        return fail(fmt::format("it has {} octets by its length, but its field ends after {}",
                                length, end - at - 2),
                    place(code, at));
      }
      pieces_.push_back(
          {code, static_cast<std::uint8_t>(length), static_cast<std::uint16_t>(at + 2)});
      at += 2 + length;
    }
    return {};
  }

  /// Option 52 counts in the option field only, which is all that has been read by now.
  Expected<void> read_overload(DhcpMessage& message) {
    for (const Piece& piece : pieces_) {
      if (piece.code != dhcp_option::kOverload) continue;
      const std::uint8_t value = piece.length == 1 ? packet_[piece.offset] : 0;
      if (value < 1 || value > 3 || (message.overload != 0 && message.overload != value)) {
        return fail("the option overload must be one octet of 1, 2 or 3, and once", place(piece));
      }
      message.overload = value;
    }
    return {};
  }

  Expected<void> read_type(DhcpMessage& message) {
    const Piece* found = nullptr;
    for (const Piece& piece : pieces_) {
      if (piece.code != dhcp_option::kMessageType) continue;
      if (found != nullptr) return fail("there are two message types", place(piece));
      found = &piece;
    }
    if (found == nullptr) return fail("there is no message type: BOOTP, not DHCP", "option 53");
    const std::uint8_t value = found->length == 1 ? packet_[found->offset] : 0;
    if (value < 1 || value > 8) {
      return fail("the message type must be one octet from 1 (DISCOVER) to 8 (INFORM)",
                  place(*found));
    }
    message.type = static_cast<DhcpType>(value);
    return {};
  }

  /// Lays the options out one after another, in the order of their first pieces.
  void join(DhcpMessage& message) {
    std::array<std::uint16_t, 256> length{};  // fits: pieces do not overlap
    std::array<std::uint16_t, 256> next{};
    std::size_t total = 0;
    for (const Piece& piece : pieces_) {
      length[piece.code] = static_cast<std::uint16_t>(length[piece.code] + piece.length);
      total += piece.length;
    }
    message.entries_.reserve(pieces_.size());
    message.values_.resize(total);
    std::array<std::uint64_t, 4> seen{};
    std::uint16_t offset = 0;
    for (const Piece& piece : pieces_) {
      if (piece.code == dhcp_option::kOverload || piece.code == dhcp_option::kMessageType) continue;
      std::uint64_t& word = seen[piece.code / 64];
      const std::uint64_t bit = std::uint64_t{1} << (piece.code % 64);
      if ((word & bit) == 0) {
        word |= bit;
        message.entries_.push_back({offset, length[piece.code], piece.code});
        next[piece.code] = offset;
        offset = static_cast<std::uint16_t>(offset + length[piece.code]);
      }
      std::copy_n(packet_.begin() + piece.offset, piece.length,
                  message.values_.begin() + next[piece.code]);
      next[piece.code] = static_cast<std::uint16_t>(next[piece.code] + piece.length);
    }
    message.values_.resize(offset);
  }

  Expected<void> check_lengths(const DhcpMessage& message) const {
    for (const auto& entry : message.entries_) {
      const auto* rule = std::ranges::find(kLengthRules, entry.code, &LengthRule::code);
      if (rule == std::end(kLengthRules)) continue;
      const bool fits = rule->list ? entry.length != 0 && entry.length % rule->octets == 0
                                   : entry.length == rule->octets;
      if (fits) continue;
      const auto piece = std::ranges::find(pieces_, entry.code, &Piece::code);
      return fail(fmt::format("it has {} octets, it must have {}{}", entry.length,
                              rule->list ? "a multiple of " : "", rule->octets),
                  place(*piece));
    }
    return {};
  }

  static std::string place(std::uint8_t code, std::size_t at) {
    return fmt::format("option {} at octet {}", code, at);
  }
  static std::string place(const Piece& piece) { return place(piece.code, piece.offset - 2U); }

  BytesView packet_;
  std::vector<Piece> pieces_;
};

Expected<DhcpMessage> DhcpMessage::parse(BytesView packet) {
  return DhcpReader(packet).read();
}

}  // namespace provlab::net
