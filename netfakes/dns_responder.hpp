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

namespace provlab::netfakes {

enum class DnsResult : std::uint8_t {  // RFC 1035 4.1.1, the values of RCODE
  no_error = 0,
  format_error = 1,
  server_failure = 2,
  no_such_name = 3,
  not_implemented = 4,
  refused = 5,
};

/// A resource record (RFC 1035 3.2.1).
struct DnsRecord {
  std::string name;        ///< lower case, without a final dot; empty: the root
  std::uint16_t type = 0;  ///< RFC 1035 3.2.2; an enumeration of libtins holds the usual ones
  /// As libtins wants it: a dotted quad (A), a name (CNAME, NS), else the octets of the wire.
  std::string data;
  std::optional<Duration> ttl;  ///< the server's where not given
  UseMark use = 0;              ///< where it is one of the server's own
};

struct DnsRule : AnswerRule {
  std::optional<DnsResult> result;     ///< instead of what the name table says, without records
  std::vector<Ipv4Address> addresses;  ///< instead of the table's; none: what the table says
  /// Where one of them is given the answer holds these, behind the addresses, and nothing else.
  std::vector<DnsRecord> records;
  std::vector<DnsRecord> authority;
  std::vector<DnsRecord> additional;
  std::optional<Duration> ttl;  ///< in place of the server's and of its names'
  bool referral = false;        ///< names other servers instead (RFC 2308 2.2)
  bool truncated = false;       ///< says by TC that the answer fits into a stream only
};

/// Requests: type and name, `A prov.server.com`, the name in lower case; over TCP with the detail
/// `tcp`. Answers are called `<name>:<request>`.
struct DnsConfig {
  static constexpr std::array<std::string_view, 1> requests{"A"};
  static constexpr ResponderKind kind{"dns", requests, "A prov.server.com", kDnsFields};

  std::string name = "dns";
  /// Lower case, without a final dot; a name's addresses are answered in their order.
  std::multimap<std::string, Ipv4Address, std::less<>> names;
  std::map<std::string, UseMark, std::less<>> name_uses;  ///< of names as in `names`
  std::map<std::string, Duration, std::less<>> ttls;      ///< of names that have one of their own
  /// Beside the names. A CNAME leads on, as far as this server knows the way; the SOA of a zone
  /// stands in answers without records, its NS in referrals.
  std::vector<DnsRecord> records;
  Duration ttl = std::chrono::hours(1);
  bool stream = true;   ///< over TCP too; else SYNs are answered by RST
  bool silent = false;  ///< SYNs are not answered
  std::vector<DnsRule> rules;
};

/// The octets of an SOA record's data (RFC 1035 3.3.13).
std::string soa_data(const std::string& server, const std::string& mailbox,
                     const std::array<std::uint32_t, 5>& numbers);

/// A name server for a fixed table: addresses, the records beside them, NXDOMAIN for names that it
/// does not know.
/// By UDP it answers with TC and no record where the message would be longer than 512 octets.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DnsConfig> config);

}  // namespace provlab::netfakes
