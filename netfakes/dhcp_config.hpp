#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/request_fields.hpp"
#include "netfakes/responder.hpp"

/// What a DHCP server says and to whom, as data.
namespace provlab::netfakes {

/// One option as it goes on the wire; more than 255 octets are split (RFC 3396).
struct DhcpOption {
  std::uint8_t code = 0;
  Bytes value;
};

/// Who is to know that an option of that code was sent.
struct DhcpOptionUse {
  std::uint8_t code = 0;
  UseMark use = 0;
};

/// The fields of a message's header that can hold texts (RFC 2131 2), in octets.
inline constexpr std::size_t kFileSize = 128;
inline constexpr std::size_t kSnameSize = 64;

/// What a DHCP server tells its clients, and where in the message it puts it. A rule can replace it
/// as a whole for the requests that it names.
struct DhcpSettings {
  std::vector<Ipv4Address> routers;
  std::vector<Ipv4Address> dns_servers;
  std::vector<Ipv4Address> ntp_servers;
  std::string domain_name;  ///< option 15; left out where empty
  Duration lease = std::chrono::hours(24);
  std::optional<Duration> t1;  ///< half the lease where not given
  std::optional<Duration> t2;  ///< seven eighths of the lease where not given

  std::optional<std::string> option_66;
  std::optional<std::string> option_67;
  bool nul_terminated = false;  ///< 66 and 67 end in a NUL that counts, as dnsmasq sends them
  std::optional<Bytes> option_43;
  std::optional<std::string> file;   ///< BOOTP header field, as ISC's `filename`; cut at 128
  std::optional<std::string> sname;  ///< BOOTP header field, as ISC's `server-name`; cut at 64
  /// Further options; one with the code of an option above stands in its place.
  std::vector<DhcpOption> further;
  /// What options above go on with, in this order. Each piece is an option of its own on the wire,
  /// right behind the one with its code; the client joins them (RFC 3396 7).
  std::vector<DhcpOption> pieces;
  std::vector<DhcpOptionUse> option_uses;

  /// Options that travel in the `file` and `sname` fields by option overload (52), in this order.
  std::vector<std::uint8_t> in_file;
  std::vector<std::uint8_t> in_sname;
  /// The room for options, in octets. What does not fit goes on in `file`, then in `sname`; an
  /// option is split where the room ends, as ISC dhcpd does for replies over its size.
  std::optional<std::size_t> options_limit;

  /// Codes of options that stand in the option area in this order, before all others; 52 and 53
  /// stand first where they are not among them. A code that is there again is the place of the
  /// next piece of its option, the last one that of all pieces that are left.
  std::vector<std::uint8_t> sequence;
  /// What comes behind the last option.
  enum class End {
    end,      ///< End (255), then zeros up to 300 octets
    padding,  ///< the zeros alone, which are Pads
    none      ///< nothing: the last option ends with the message
  };
  End end = End::end;
  /// Whom replies name as their server (54) in place of its own address; requests that name it are
  /// for this server as well.
  std::optional<Ipv4Address> server;
  /// Where replies go that no relay and no address of the client's tells the way (RFC 2131 4.1).
  enum class ReplyTo {
    as_asked,  ///< by the client's broadcast flag; with an address of its own, there
    yiaddr,    ///< to the address it is given
    broadcast
  };
  ReplyTo reply_to = ReplyTo::as_asked;

  bool bare = false;           ///< no options at all but the message type
  bool only_requested = true;  ///< as ISC dhcpd: only options of the client's list (55)
};

struct DhcpRule : AnswerRule {
  bool nak = false;                              ///< answers a `request` with a NAK
  std::shared_ptr<const DhcpSettings> settings;  ///< in place of the server's own, where given
  std::optional<Ipv4Address> address;            ///< the address to offer
};

/// Requests: `discover`, `request` (detail `selecting`, `init-reboot`, `renewing`, `rebinding`),
/// `inform`, `release`, `decline`. Answers: `<name>:offer`, `<name>:ack`, `<name>:nak`.
struct DhcpConfig {
  static constexpr std::array<std::string_view, 9> requests{"discover",
                                                            "request",
                                                            "request selecting",
                                                            "request init-reboot",
                                                            "request renewing",
                                                            "request rebinding",
                                                            "inform",
                                                            "release",
                                                            "decline"};
  static constexpr ResponderKind kind{"dhcp", requests, {}, kDhcpFields};

  std::string name = "dhcp";
  std::optional<Ipv4Address> first_offer;  ///< start of the pool; network + 100 if absent
  unsigned pool_size = 100;
  std::optional<unsigned> prefix;           ///< of the clients' network; the host's own if absent
  std::map<MacAddress, Ipv4Address> fixed;  ///< addresses kept for certain clients
  /// A client that asks for an address of another network hears NAK instead of nothing (RFC 2131
  /// 4.3.2). Off where two servers share a network.
  bool authoritative = true;
  /// Replies to clients without an address go to their MAC address, although the IP destination is
  /// broadcast. Kea sends them so.
  bool link_unicast = false;
  DhcpSettings settings;
  std::vector<DhcpRule> rules;
};

}  // namespace provlab::netfakes
