#pragma once
#include <string_view>

#include "core/platform/address.hpp"

/// What the SIP port records. Every datagram that arrives leaves one of sip_request_received,
/// sip_response_received and sip_message_ignored; every answer leaves sip_response_sent with why,
/// or sip_response_withheld.
namespace provlab::net {

struct SipRequestSent {
  static constexpr std::string_view name = "sip_request_sent";
  std::string_view method;
  Endpoint to;
  std::string_view call_id;
  unsigned attempt;  ///< 1 is the first, more are retransmissions
  void fields(auto&& field) const {
    field("method", method);
    field("to", to);
    field("call_id", call_id);
    field("attempt", attempt);
  }
};

struct SipResponseReceived {
  static constexpr std::string_view name = "sip_response_received";
  unsigned status;
  std::string_view method;
  Endpoint from;
  std::string_view effect;
  void fields(auto&& field) const {
    field("status", status);
    field("method", method);
    field("from", from);
    field("effect", effect);
  }
};

struct SipRequestReceived {
  static constexpr std::string_view name = "sip_request_received";
  std::string_view method;
  std::string_view event;  ///< the event package of a NOTIFY, empty where there is none
  Endpoint from;
  std::string_view call_id;
  void fields(auto&& field) const {
    field("method", method);
    if (!event.empty()) field("package", event);
    field("from", from);
    field("call_id", call_id);
  }
};

struct SipResponseSent {
  static constexpr std::string_view name = "sip_response_sent";
  unsigned status;
  std::string_view method;
  Endpoint to;
  std::string_view reason;
  void fields(auto&& field) const {
    field("status", status);
    field("method", method);
    field("to", to);
    field("reason", reason);
  }
};

/// An answer that is not sent, because it would be much longer than its request (SPEC 4.5).
struct SipResponseWithheld {
  static constexpr std::string_view name = "sip_response_withheld";
  unsigned status;
  std::string_view method;
  Endpoint to;
  std::string_view reason;
  void fields(auto&& field) const {
    field("status", status);
    field("method", method);
    field("to", to);
    field("reason", reason);
  }
};

struct SipMessageIgnored {
  static constexpr std::string_view name = "sip_message_ignored";
  Endpoint from;
  std::string_view reason;
  void fields(auto&& field) const {
    field("from", from);
    field("reason", reason);
  }
};

struct SipSendFailed {
  static constexpr std::string_view name = "sip_send_failed";
  Endpoint to;
  std::string_view reason;
  void fields(auto&& field) const {
    field("to", to);
    field("reason", reason);
  }
};

}  // namespace provlab::net
