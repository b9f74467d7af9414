#pragma once
#include <string_view>

#include "core/platform/event_recorder.hpp"

/// What responders record. `responder` is the responder's name, `kind` its protocol (`dhcp`, `dns`,
/// `ntp`, `http`, `redirect`, `multicast`), `request` the text that rules match, `answer` the id.
namespace provlab::netfakes {

/// Between header lines where an event tells them: `Host: prov.server.com | Accept: */*`.
inline constexpr std::string_view kBetweenLines = " | ";

struct RequestReceived {
  static constexpr std::string_view name = "request_received";
  std::string_view responder;
  std::string_view kind;
  std::string_view request;
  std::string_view detail;    ///< left out where empty
  std::string_view contents;  ///< what else it says: options, headers; left out where empty
  Endpoint from;
  unsigned nth = 1;  ///< how many requests of this text have come, this one included
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("request", request);
    if (!detail.empty()) field("detail", detail);
    if (!contents.empty()) field("contents", contents);
    field("from", from);
    field("nth", nth);
  }
};

/// A message that this responder has no answer for by its protocol: malformed, for another server.
struct RequestIgnored {
  static constexpr std::string_view name = "request_ignored";
  std::string_view responder;
  std::string_view kind;
  Endpoint from;
  std::string_view reason;
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("from", from);
    field("reason", reason);
  }
};

struct AnswerSent {
  static constexpr std::string_view name = "answer_sent";
  std::string_view responder;
  std::string_view kind;
  std::string_view request;
  std::string_view answer;
  Endpoint to;
  std::string_view summary;  ///< `200 application/xml 512 octets`, `ack 192.0.2.100 66=http://…`
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("request", request);
    field("answer", answer);
    field("to", to);
    field("summary", summary);
  }
};

/// The same answer once more, because nobody confirmed it.
struct AnswerRepeated {
  static constexpr std::string_view name = "answer_repeated";
  std::string_view responder;
  std::string_view kind;
  std::string_view answer;
  Endpoint to;
  unsigned attempt = 2;  ///< 2 is the first repetition
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("answer", answer);
    field("to", to);
    field("attempt", attempt);
  }
};

/// The phone's response to what is itself a request of SIP.
struct AnswerConfirmed {
  static constexpr std::string_view name = "answer_confirmed";
  std::string_view responder;
  std::string_view kind;
  std::string_view answer;
  Endpoint from;
  int status = 0;
  std::string_view contents;  ///< its lines before the body
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("answer", answer);
    field("from", from);
    field("status", status);
    field("contents", contents);
  }
};

/// The answer leaves with something wrong on purpose (SPEC 9).
struct FaultInjected {
  static constexpr std::string_view name = "fault_injected";
  std::string_view responder;
  std::string_view kind;
  std::string_view answer;
  std::string_view fault;  ///< `corrupt`, `cut`, `other-address`, … as README of scenarios names it
  std::string_view detail;  ///< left out where empty
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("answer", answer);
    field("fault", fault);
    if (!detail.empty()) field("detail", detail);
  }
};

/// A rule said that this request gets no answer.
struct AnswerWithheld {
  static constexpr std::string_view name = "answer_withheld";
  std::string_view responder;
  std::string_view kind;
  std::string_view request;
  std::string_view answer;  ///< the answer that was not given
  std::string_view rule;    ///< the rule's `request`, or `any`
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("request", request);
    field("answer", answer);
    field("rule", rule);
  }
};

/// The answer was due but could not leave: no address, or the client had closed its connection.
struct AnswerFailed {
  static constexpr std::string_view name = "answer_failed";
  std::string_view responder;
  std::string_view kind;
  std::string_view request;
  std::string_view answer;
  std::string_view reason;
  void fields(auto&& field) const {
    field("responder", responder);
    field("kind", kind);
    field("request", request);
    field("answer", answer);
    field("reason", reason);
  }
};

/// A TLS handshake has ended well.
struct TlsAgreed {
  static constexpr std::string_view name = "tls_agreed";
  Endpoint from;
  std::string_view version;  ///< `1.3`
  std::string_view
      server_name;  ///< whom the client says it asks (SNI, RFC 6066 3); empty: it says not
  void fields(auto&& field) const {
    field("from", from);
    field("version", version);
    field("server_name", server_name);
  }
};

/// A TLS handshake has ended without an agreement.
struct TlsFailed {
  static constexpr std::string_view name = "tls_failed";
  Endpoint from;
  std::string_view server_name;  ///< as above
  std::string_view reason;       ///< in OpenSSL's words, or that the client went away
  void fields(auto&& field) const {
    field("from", from);
    field("server_name", server_name);
    field("reason", reason);
  }
};

}  // namespace provlab::netfakes
