#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/platform/host.hpp"
#include "sim/lab/capture/tls_session.hpp"

/// What phone and servers have said to each other, message by message, as far as it can be read.
namespace provlab::lab {

enum class Talk : std::uint8_t { dhcp, dns, ntp, sip, http, tls, other };

/// Message types of DHCP (RFC 2132 9.6).
namespace dhcp_type {
inline constexpr std::uint8_t kDiscover = 1;
inline constexpr std::uint8_t kOffer = 2;
inline constexpr std::uint8_t kRequest = 3;
inline constexpr std::uint8_t kDecline = 4;
inline constexpr std::uint8_t kAck = 5;
inline constexpr std::uint8_t kNak = 6;
inline constexpr std::uint8_t kInform = 8;
}  // namespace dhcp_type

struct DhcpSaid {
  std::uint8_t type = 0;  ///< option 53
  std::uint32_t transaction = 0;
  Ipv4Address client_address;  ///< ciaddr
  Ipv4Address your_address;    ///< yiaddr
  MacAddress client;
  std::string file;                                           ///< up to its first NUL
  std::string sname;                                          ///< the same
  std::vector<std::pair<std::uint8_t, std::string>> options;  ///< without pads and End
  std::vector<std::uint8_t> in_file{};  ///< codes of those that stood there by overload
  std::vector<std::uint8_t> in_sname{};

  /// Null where it is not there.
  const std::string* option(std::uint8_t code) const;
  std::vector<Ipv4Address> addresses(std::uint8_t code) const;
  std::optional<std::uint32_t> number(std::uint8_t code) const;
  unsigned prefix() const;  ///< of option 1; 24 where it is not there
};

struct DnsSaid {
  struct Record {
    std::string name;
    std::string type;  ///< `A`, `CNAME`, or `TYPE46`
    std::uint32_t ttl = 0;
    std::string data;  ///< an address or a name; empty: of another type
  };
  std::uint16_t id = 0;
  std::string name;  ///< that is asked for
  std::string type;
  bool reply = false;
  bool truncated = false;
  unsigned code = 0;
  std::vector<Record> records;  ///< of the answer section
};

struct NtpSaid {
  unsigned mode = 0;
  unsigned version = 0;
  unsigned leap = 0;
  unsigned stratum = 0;
  std::string reference;  ///< four octets
  std::string origin;     ///< eight
  std::string transmit;   ///< eight
  WallTime time{};        ///< that it tells
  /// By a server that knows it: no kiss, and synchronised.
  bool tells_time() const { return stratum > 0 && stratum < 16 && leap != 3; }
};

struct SipSaid {
  bool request = false;
  std::string method;  ///< of a response that of its request
  int status = 0;
  std::string call_id;
  std::string branch;
  std::string event;  ///< the whole value
  std::string user_agent;
  std::string content_type;
  std::string body;

  /// As it can be shown: `NOTIFY`; what has no method that can be read is a `message`.
  std::string method_words() const;
};

struct HttpSaid {
  bool request = false;
  std::string method;
  std::string target;
  int status = 0;
  std::string head;
  std::string body;          ///< without gzip, which the header says
  std::string note;          ///< what is odd about it; empty: nothing
  bool whole = true;         ///< its end was seen
  bool hidden = false;       ///< in a coding that is not opened; the body is as it was sent
  std::size_t left_out = 0;  ///< octets of a body that is too long for a scenario; it is not kept
  bool interim = false;      ///< an answer of 1xx came before it
  std::size_t octets = 0;    ///< of the message, head and body as they were sent
  std::size_t pieces = 1;    ///< in which it came
  Duration ended{};          ///< when its last octet was there

  std::string header(std::string_view name) const;
};

struct TlsSaid {
  std::string server_name;    ///< SNI; empty: none
  std::uint16_t version = 0;  ///< as in SeenTls, like the following
  bool refused = false;
  std::optional<std::uint8_t> complaint{};
  std::optional<SeenCertificate> certificate{};
  bool opened = false;
  bool silent = false;         ///< the server said nothing and went on listening
  bool other_version = false;  ///< it complained of the version (alert 70)
  bool plain = false;          ///< it answered with something that is no TLS
};

/// One message of either side.
struct Said {
  Duration at{};  ///< since the first packet of the phone
  std::size_t frame = 0;
  bool by_phone = false;
  bool tcp = false;
  bool within_tls = false;
  Endpoint from;
  Endpoint to;
  Talk talk = Talk::other;
  /// As rules of scenarios name requests: `discover`, `A prov.example.com`, `GET /a.xml`; of others
  /// a few words.
  std::string words;
  std::variant<std::monostate, DhcpSaid, DnsSaid, NtpSaid, SipSaid, HttpSaid, TlsSaid> text;
  std::string octets;  ///< of a datagram or of an HTTP message
  /// What it answers: its place in the conversation.
  std::optional<std::size_t> answers{};
  std::vector<std::size_t> answered_by{};  ///< the places of those that answer it
  bool again = false;                      ///< the same was said before
  std::size_t connection = 0;              ///< TCP: which one

  template <class T>
  const T* as() const {
    return std::get_if<T>(&text);
  }
};

}  // namespace provlab::lab
