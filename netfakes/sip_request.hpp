#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/address.hpp"
#include "netfakes/header_lines.hpp"

/// A SIP request that nobody waits for, of any method. It is written here and not by libosip2 (D4),
/// which would mend what a scenario says wrong on purpose.
namespace provlab::netfakes {

struct SipRequest {
  std::string method;
  std::string uri;                    ///< `sip:` and the address that it goes to where empty
  std::optional<std::string> branch;  ///< of the Via; one of its own where not given, and so below
  std::optional<std::string> call_id;
  std::optional<unsigned> cseq;
  HeaderLines headers;  ///< in place of those of the same names, or behind them
  std::string content_type;
  std::string body;
  unsigned repetitions = 4;  ///< without a final response, after 0.5, 1, 2, 4, 4 … s
};

/// Who sends it, and to whom.
struct SipParties {
  Endpoint local;
  Endpoint to;
  std::string_view token;  ///< unlike that of any other request: of branch, Call-ID and tag
};

/// Its octets. In the values of headers `{local}` and `{to}` stand for these endpoints, `{branch}`
/// and `{call-id}` for what the request has.
std::string to_octets(const SipRequest& request, const SipParties& parties);

/// The branch of a message's topmost Via, as it stands there; empty where there is none.
std::string_view branch_of(std::string_view message);

}  // namespace provlab::netfakes
