#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"

namespace provlab::net {

/// Message types of RFC 2132 9.6 that RFC 2131 uses.
enum class DhcpType : std::uint8_t {
  discover = 1,
  offer,
  request,
  decline,
  ack,
  nak,
  release,
  inform
};

std::string_view type_name(DhcpType type);  ///< `DISCOVER`, `OFFER`, …

/// Codes of the options the phone sends or reads (RFC 2132).
namespace dhcp_option {
inline constexpr std::uint8_t kPad = 0;
inline constexpr std::uint8_t kSubnetMask = 1;
inline constexpr std::uint8_t kRouter = 3;
inline constexpr std::uint8_t kDnsServer = 6;
inline constexpr std::uint8_t kDomainName = 15;
inline constexpr std::uint8_t kBroadcastAddress = 28;
inline constexpr std::uint8_t kNtpServer = 42;
inline constexpr std::uint8_t kVendorSpecific = 43;
inline constexpr std::uint8_t kRequestedAddress = 50;
inline constexpr std::uint8_t kLeaseTime = 51;
inline constexpr std::uint8_t kOverload = 52;
inline constexpr std::uint8_t kMessageType = 53;
inline constexpr std::uint8_t kServerIdentifier = 54;
inline constexpr std::uint8_t kParameterRequestList = 55;
inline constexpr std::uint8_t kMessage = 56;
inline constexpr std::uint8_t kMaximumMessageSize = 57;
inline constexpr std::uint8_t kRenewalTime = 58;
inline constexpr std::uint8_t kRebindingTime = 59;
inline constexpr std::uint8_t kVendorClass = 60;
inline constexpr std::uint8_t kClientIdentifier = 61;
inline constexpr std::uint8_t kTftpServerName = 66;
inline constexpr std::uint8_t kBootFileName = 67;
inline constexpr std::uint8_t kEnd = 255;
}  // namespace dhcp_option

inline constexpr Port kDhcpServerPort = 67;
inline constexpr Port kDhcpClientPort = 68;
inline constexpr Endpoint kAllDhcpServers{Ipv4Address::broadcast(), kDhcpServerPort};

/// An option that a message holds and that is treated as if it were absent (SPEC 2.6).
struct OptionLeftOut {
  std::uint8_t code = 0;
  std::string reason;  ///< the rest of a sentence about the option: `it has 3 octets, …`
};

/// One DHCP message over Ethernet (RFC 2131, 2132, 3396), as a value: what was read, or what is to
/// be sent. The pieces of an option are joined over the option field, `file` and `sname`, in that
/// order (SPEC 3.3), so how a server spread them over the message makes no difference here.
class DhcpMessage {
 public:
  DhcpType type = DhcpType::discover;  ///< option 53
  bool reply = false;                  ///< op: BOOTREPLY (from a server) or BOOTREQUEST
  bool broadcast = false;              ///< the flag that asks for broadcast answers; not read
  std::uint8_t overload = 0;  ///< option 52 as received (0–3); serialize() never overloads
  std::uint16_t secs = 0;     ///< not read: a server's says nothing, and neither does its ciaddr
  std::uint32_t xid = 0;
  Ipv4Address ciaddr, yiaddr;
  MacAddress chaddr;
  /// Server host name and boot file name, cut at the first NUL; empty where the field carries
  /// options instead. At most 64 and 128 octets.
  std::string sname, file;

  /// Tolerates a missing END. Errors are what nothing can be read without: a header cut short,
  /// another cookie, hardware other than Ethernet, no usable message type. Any other option that
  /// cannot be read without doubt is absent from the result and, with its reason, at the end of
  /// `left_out` (SPEC 2.6): it reaches past its field, has a wrong length, or is of fixed length
  /// and stands there with different values. Alike ones of fixed length count once.
  static Expected<DhcpMessage> parse(BytesView packet, std::vector<OptionLeftOut>& left_out);
  /// The same where it does not matter what is left out.
  static Expected<DhcpMessage> parse(BytesView packet);

  /// With END, padded to 300 octets (RFC 1542 2.1); options over 255 octets are split (RFC 3396).
  Bytes serialize() const;

  /// Sets an option, in place of what it was; order of first setting is order of sending. The
  /// codes 0, 52, 53 and 255 are the codec's own. `value` must not point into this message.
  void set(std::uint8_t code, BytesView value);
  void set_text(std::uint8_t code, std::string_view value) { set(code, bytes_of(value)); }
  void set_address(std::uint8_t code, Ipv4Address value) { set_number(code, value.value, 4); }
  /// The low `octets` octets of `value`, in network byte order.
  void set_number(std::uint8_t code, std::uint32_t value, unsigned octets);

  /// The joined value of an option; nothing where it is absent.
  std::optional<Bytes> option(std::uint8_t code) const;
  /// The same without a copy, valid until the message changes.
  std::optional<BytesView> find(std::uint8_t code) const;
  /// Cut at the first NUL.
  std::optional<std::string> text(std::uint8_t code) const;
  /// The first address; nothing where the option is absent or shorter than an address.
  std::optional<Ipv4Address> address(std::uint8_t code) const;
  std::vector<Ipv4Address> addresses(std::uint8_t code) const;
  /// A number of one, two or four octets.
  std::optional<std::uint32_t> number(std::uint8_t code) const;
  /// The codes of all options in their order, without 52 and 53.
  std::vector<std::uint8_t> codes() const;

  friend bool operator==(const DhcpMessage&, const DhcpMessage&) = default;

 private:
  friend class DhcpReader;
  struct Entry {
    std::uint32_t offset;  // into values_
    std::uint32_t length;
    std::uint8_t code;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::vector<Entry> entries_;
  Bytes values_;
};

}  // namespace provlab::net
