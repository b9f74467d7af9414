#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
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

struct DnsRule : AnswerRule {
  std::optional<DnsResult> result;     ///< instead of what the name table says, without records
  std::vector<Ipv4Address> addresses;  ///< instead of the table's; none: what the table says
  bool referral = false;               ///< names other servers instead (RFC 2308 2.2)
  bool truncated = false;              ///< says by TC that the answer fits into a stream only
};

/// Requests: type and name, `A prov.server.com`, the name in lower case; over TCP with the detail
/// `tcp`. Answers are called `<name>:<request>`.
struct DnsConfig {
  static constexpr std::array<std::string_view, 1> requests{"A"};
  static constexpr ResponderKind kind{"dns", requests, "A prov.server.com"};

  std::string name = "dns";
  /// Lower case, without a final dot; a name's addresses are answered in their order.
  std::multimap<std::string, Ipv4Address, std::less<>> names;
  std::map<std::string, UseMark, std::less<>> name_uses;  ///< of names as in `names`
  Duration ttl = std::chrono::hours(1);
  bool stream = true;   ///< over TCP too; else SYNs are answered by RST
  bool silent = false;  ///< SYNs are not answered
  std::vector<DnsRule> rules;
};

/// A name server for a fixed table: A records, no other types, NXDOMAIN for what it does not know.
/// By UDP it answers with TC and no record where the message would be longer than 512 octets.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const DnsConfig> config);

}  // namespace provlab::netfakes
