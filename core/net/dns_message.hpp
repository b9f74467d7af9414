#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"

/// As much of DNS messages (RFC 1035 4) as a stub resolver for IPv4 addresses needs.
namespace provlab::net {

enum class DnsType : std::uint16_t { a = 1, cname = 5 };

/// RFC 1035 4.1.1; other values occur.
enum class DnsResponseCode : std::uint8_t {
  no_error = 0,
  format_error = 1,
  server_failure = 2,
  name_error = 3,
  not_implemented = 4,
  refused = 5,
};
std::string to_string(DnsResponseCode code);  ///< `NXDOMAIN`, `SERVFAIL`, …

/// An answer record of type A or CNAME in class IN; others are skipped by the parser.
struct DnsRecord {
  std::string name;
  DnsType type = DnsType::a;
  std::uint32_t ttl = 0;  ///< seconds; a value above 2^31-1 reads as 0 (RFC 2181 8)
  Ipv4Address address;    ///< type A
  std::string target;     ///< type CNAME
};

/// A name as responses hold it, whatever its octets are: in lower case, without a final dot, and
/// what is no visible character, or a dot or backslash within a label, as `\ddd` (RFC 1035 5.1).
/// Two names are the same where these are. `name` has its labels between dots.
std::string canonical_name(std::string_view name);

/// Whether the lengths of a text between dots are those of a name: labels of 1 to 63 octets, 253
/// octets in all (RFC 1035 2.3.4). A dot at the end is for the caller to leave out.
bool has_lengths_of_name(std::string_view name);

/// Whether a datagram begins with that identifier; all else of it may be anything.
bool has_identifier(BytesView message, std::uint16_t id);

/// Names are canonical.
struct DnsResponse {
  std::uint16_t id = 0;
  bool truncated = false;
  DnsResponseCode code = DnsResponseCode::no_error;
  std::string question;  ///< empty where the message repeats no question
  std::uint16_t question_type = 0;
  std::vector<DnsRecord> answers;
  bool has_name_servers = false;  ///< NS among the authority records
  bool has_authority = false;     ///< SOA among them

  /// Fails for anything that is not a whole, well-formed response. A message cut off after a
  /// complete header with TC set reads as truncated, with the records that are whole. Time and
  /// memory are linear in the size of the message, whatever its names point at.
  static Expected<DnsResponse> parse(BytesView message);
};

/// What a response says about a name: its addresses at the end of its CNAME chain.
struct DnsAddresses {
  std::vector<Ipv4Address> addresses;  ///< in the order of the response, each once, at least one
  std::uint32_t ttl = 0;               ///< the shortest of those and of the chain, seconds
};
/// Fails where the answer holds no address for `name` (canonical), or a chain without end.
Expected<DnsAddresses> addresses_of(std::string_view name, const DnsResponse& response);

/// Whether a response without an address sends us to other servers (RFC 2308 2.2): it names some
/// and does not say that it speaks for the zone.
bool is_referral(const DnsResponse& response);

/// A standard query for the address of `name`, recursion desired. Fails where `name` cannot stand
/// in a message: an empty label, a label over 63 octets, a name over 253.
Expected<Bytes> serialize_address_query(std::uint16_t id, std::string_view name);

}  // namespace provlab::net
