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
  enum class Form : std::uint8_t {
    fixed,  // so many octets, once
    list,   // any number of such values, at least one
    text    // any number of octets, at least one
  };
  std::uint8_t code;
  std::uint8_t octets;
  Form form;

  bool fits(std::size_t length) const {
    if (form == Form::fixed) return length == octets;
    return length != 0 && length % octets == 0;
  }
};
using enum LengthRule::Form;
constexpr LengthRule kOverloadRule{dhcp_option::kOverload, 1, fixed};
constexpr LengthRule kLengthRules[] = {
    {dhcp_option::kSubnetMask, 4, fixed},       {dhcp_option::kRouter, 4, list},
    {dhcp_option::kDnsServer, 4, list},         {dhcp_option::kDomainName, 1, text},
    {dhcp_option::kNtpServer, 4, list},         {dhcp_option::kVendorSpecific, 1, text},
    {dhcp_option::kRequestedAddress, 4, fixed}, {dhcp_option::kLeaseTime, 4, fixed},
    {dhcp_option::kMessageType, 1, fixed},      {dhcp_option::kServerIdentifier, 4, fixed},
    {dhcp_option::kMessage, 1, text},           {dhcp_option::kMaximumMessageSize, 2, fixed},
    {dhcp_option::kRenewalTime, 4, fixed},      {dhcp_option::kRebindingTime, 4, fixed},
    {dhcp_option::kTftpServerName, 1, text},    {dhcp_option::kBootFileName, 1, text},
};

}  // namespace

/// Collects the pieces of all options over their up to three areas, then joins them.
class DhcpReader {
 public:
  DhcpReader(BytesView packet, std::vector<OptionLeftOut>& left_out)
      : packet_(packet), left_out_(left_out) {}

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
    message.xid = read32(packet_, 4);
    message.yiaddr.value = read32(packet_, 16);
    std::copy_n(packet_.begin() + 28, 6, message.chaddr.octets.begin());
    return {};
  }

  Expected<void> read_options(DhcpMessage& message) {
    pieces_.reserve(24);
    read_area(kOptionsOffset, packet_.size());
    read_overload(message);
    if (message.overload & 1) {
      read_area(kFileOffset, kFileOffset + kFileSize);
    } else {
      message.file = cut(packet_.subspan(kFileOffset, kFileSize));
    }
    if (message.overload & 2) {
      read_area(kSnameOffset, kSnameOffset + kSnameSize);
    } else {
      message.sname = cut(packet_.subspan(kSnameOffset, kSnameSize));
    }
    drop_cut_ones();
    for (const LengthRule& rule : kLengthRules) apply(rule);
    if (auto done = read_type(message); !done) return done;
    join(message);
    return {};
  }

  /// The options between two octets of the packet, up to END or the end of the field. What stands
  /// after an option that reaches past its field cannot be found.
  void read_area(std::size_t at, std::size_t end) {
    while (at < end) {
      const std::uint8_t code = packet_[at];
      if (code == dhcp_option::kPad) {
        ++at;
        continue;
      }
      if (code == dhcp_option::kEnd) return;
      const std::size_t left = end - at - 1;  // with the length octet
      const std::size_t length = left == 0 ? 0 : packet_[at + 1];
      if (left == 0 || length > left - 1) {
        cut_.push_back(code);
        left_out_.push_back(
            {code, left == 0
                       ? std::string("its field ends before its length")
                       : fmt::format("it has {} octets by its length, but its field ends after {}",
                                     length, left - 1)});
        return;
      }
      pieces_.push_back(
          {code, static_cast<std::uint8_t>(length), static_cast<std::uint16_t>(at + 2)});
      at += 2 + length;
    }
  }

  /// A piece of a text that was cut is another text, so the other pieces do not count either.
  void drop_cut_ones() {
    for (const std::uint8_t code : cut_) drop(code);
  }

  /// Option 52 counts in the option field only, which is all that has been read by now.
  void read_overload(DhcpMessage& message) {
    drop_cut_ones();
    apply(kOverloadRule);
    const auto found = std::ranges::find(pieces_, dhcp_option::kOverload, &Piece::code);
    if (found == pieces_.end()) return;
    const std::uint8_t value = packet_[found->offset];
    if (value >= 1 && value <= 3) {
      message.overload = value;
    } else {
      leave_out(dhcp_option::kOverload, fmt::format("it is {}, not 1, 2 or 3", value));
    }
  }

  Expected<void> read_type(DhcpMessage& message) {
    const auto found = std::ranges::find(pieces_, dhcp_option::kMessageType, &Piece::code);
    if (found == pieces_.end()) {
      const auto why =
          std::ranges::find(left_out_, dhcp_option::kMessageType, &OptionLeftOut::code);
      if (why == left_out_.end()) {
        return fail("there is no message type: BOOTP, not DHCP", "option 53");
      }
      return fail("there is no usable message type: " + why->reason, "option 53");
    }
    const std::uint8_t value = packet_[found->offset];
    if (value < 1 || value > 8) {
      return fail(
          fmt::format("the message type is {}, not one from 1 (DISCOVER) to 8 (INFORM)", value),
          "option 53");
    }
    message.type = static_cast<DhcpType>(value);
    return {};
  }

  /// Leaves an option out where it breaks its rule; of alike pieces of fixed length one remains.
  void apply(const LengthRule& rule) {
    const Piece* first = nullptr;
    std::size_t total = 0;
    bool alike = true;
    for (const Piece& piece : pieces_) {
      if (piece.code != rule.code) continue;
      if (first == nullptr) first = &piece;
      total += piece.length;
      alike = alike && std::ranges::equal(octets_of(*first), octets_of(piece));
    }
    if (first == nullptr) return;
    const bool once = rule.form == fixed;
    if (once && !alike) {
      return leave_out(rule.code, "it stands there more than once, with different values");
    }
    const std::size_t length = once ? first->length : total;
    if (!rule.fits(length)) return leave_out(rule.code, wrong_length(rule, length));
    if (once && total != length) {
      const Piece kept = *first;
      drop(rule.code);
      pieces_.push_back(kept);
    }
  }

  static std::string wrong_length(const LengthRule& rule, std::size_t length) {
    if (length == 0) return "it is empty";
    return fmt::format("it has {} octets, it must have {}{}", length,
                       rule.form == list ? "a multiple of " : "", rule.octets);
  }

  void leave_out(std::uint8_t code, std::string reason) {
    drop(code);
    left_out_.push_back({code, std::move(reason)});
  }

  void drop(std::uint8_t code) {
    std::erase_if(pieces_, [code](const Piece& piece) { return piece.code == code; });
  }

  BytesView octets_of(const Piece& piece) const {
    return packet_.subspan(piece.offset, piece.length);
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

  BytesView packet_;
  std::vector<OptionLeftOut>& left_out_;
  std::vector<Piece> pieces_;
  std::vector<std::uint8_t> cut_;  // the options that reach past their field
};

Expected<DhcpMessage> DhcpMessage::parse(BytesView packet, std::vector<OptionLeftOut>& left_out) {
  return DhcpReader(packet, left_out).read();
}

Expected<DhcpMessage> DhcpMessage::parse(BytesView packet) {
  std::vector<OptionLeftOut> left_out;
  return parse(packet, left_out);
}

}  // namespace provlab::net
