#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"
#include "netfakes/faults.hpp"

struct osip_message;

/// SIP messages through libosip2 (D4): reading what a phone sends, building what a PnP server says.
namespace provlab::netfakes {

/// One parsed SIP message; immutable.
class SipMessage {
 public:
  static Expected<SipMessage> parse(std::string_view datagram);

  bool is_request() const;
  std::string_view method() const;  ///< of a request; of the request a response is for
  int status() const;               ///< of a response; 0 for a request
  std::string call_id() const;
  std::string_view cseq() const;           ///< its number
  std::string_view event_package() const;  ///< `ua-profile`, without parameters; empty if absent
  std::string_view branch() const;         ///< of the topmost Via; empty if absent
  /// Where the Contact points, if it names an IPv4 address.
  std::optional<Endpoint> contact() const;
  bool has_contact() const;
  std::string_view allow() const;  ///< the first method that Allow names; empty if absent

  const osip_message& raw() const { return *message_; }

 private:
  struct Free {
    void operator()(osip_message* message) const;
  };
  std::unique_ptr<osip_message, Free> message_;
};

struct SipResponse {
  int status = 200;
  std::string_view reason = "OK";
  Endpoint local;              ///< for Contact; left out where the port is 0
  std::string_view local_tag;  ///< To tag
  std::string_view header;     ///< one more header: its name, left out where empty
  std::string_view value;
};

/// A response as RFC 3261 8.2.6 wants it, with `received` and `rport` where they are due (18.2.1,
/// RFC 3581).
std::string make_response(const SipMessage& request, Endpoint source, const SipResponse& response);

struct SipNotify {
  Endpoint local;
  std::string_view local_tag;
  std::string_view branch;
  unsigned cseq = 1;
  std::string_view content_type;
  std::string_view body;
  bool unswapped = false;  ///< From and To as in the SUBSCRIBE
};

/// A NOTIFY out of the blue, as a PBX sends it to make a phone provision itself.
struct SipUnsolicited {
  Endpoint local;
  Endpoint to;
  std::string_view branch;
  std::string_view call_id;
  std::string_view tag;
  std::string_view event;
  std::string_view content_type;
  std::string_view body;
};
std::string make_unsolicited(const SipUnsolicited& notify);

/// Where the value of Call-ID stands in a message that was made here.
OctetRange call_id_of(std::string_view message);

/// A NOTIFY in the dialog that `subscribe` opens and at once ends (RFC 6665 4.4.1, Expires 0).
/// Precondition: has_contact().
std::string make_notify(const SipMessage& subscribe, const SipNotify& notify);

}  // namespace provlab::netfakes
