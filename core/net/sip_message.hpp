#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"

namespace provlab::net {

struct SipMalformed;

/// Where the body of a message ends (knob content-length, SPEC 4.2).
enum class SipContentLength {
  strict,  ///< where Content-Length says; what follows is cut off (RFC 3261 18.3)
  lenient  ///< where the datagram ends
};

/// One header field; folded lines are joined by one space, a compact name is written out.
struct SipHeader {
  std::string name;
  std::string value;
  friend bool operator==(const SipHeader&, const SipHeader&) = default;
};

/// The number and the method of a CSeq header.
struct SipSequence {
  std::uint32_t number = 0;
  std::string method;
  friend bool operator==(const SipSequence&, const SipSequence&) = default;
};

/// What is used of one Via header value (RFC 3261 20.42, RFC 3581).
struct SipVia {
  std::string transport;     ///< `UDP`, as written
  std::string host;          ///< sent-by without the port
  std::optional<Port> port;  ///< sent-by's port, where one is written
  std::optional<std::string> branch;
  bool rport = false;  ///< whether `rport` is asked for, with or without a value
  friend bool operator==(const SipVia&, const SipVia&) = default;
};

/// A SIP request or response as one UDP datagram carries it (RFC 3261 7, 18.3, 25). Header names
/// are found in any case and in their compact forms (RFC 3261 7.3.3, RFC 6665 8.4).
class SipMessage {
 public:
  /// Longest payload of a UDP datagram over IPv4.
  static constexpr std::size_t kMaximumSize = 65507;

  static SipMessage request(std::string method, std::string uri);
  /// The response with what RFC 3261 8.2.6 copies from the request. `to_tag` is added where the
  /// request's To has none; `source` is where the request came from (RFC 3261 18.2.1, RFC 3581 4).
  static SipMessage response_to(const SipMessage& request, unsigned status, std::string reason,
                                std::string_view to_tag, Endpoint source);

  /// Reads a datagram: start line, headers, body, and checks what every message needs: Via, From,
  /// To, Call-ID, CSeq, each readable, the last four once only, and a request's CSeq with the
  /// request's method. Header lines that are none are left out.
  static std::expected<SipMessage, SipMalformed> parse(
      BytesView datagram, SipContentLength length = SipContentLength::strict);

  /// The datagram; Content-Length is always written from the body, as the last header.
  std::string serialize() const;

  bool is_request() const { return status_ == 0; }
  const std::string& method() const { return method_; }  ///< of a request
  const std::string& uri() const { return uri_; }        ///< of a request
  unsigned status() const { return status_; }            ///< of a response, 100–699
  const std::string& reason() const { return reason_; }  ///< of a response
  const std::string& body() const { return body_; }
  void set_body(std::string body) { body_ = std::move(body); }

  const std::vector<SipHeader>& headers() const { return headers_; }
  void add(std::string name, std::string value);
  /// The value of the first header of that name, or nullptr; valid until a header is added.
  const std::string* find(std::string_view name) const;
  /// Every value of that name in order; lists are split at their commas.
  std::vector<std::string_view> values(std::string_view name) const;

  const std::string& call_id() const;  ///< empty where there is none
  std::optional<SipSequence> sequence() const;
  std::optional<SipVia> top_via() const;
  /// The option tags of Require (RFC 3261 20.32).
  std::vector<std::string_view> required() const;
  /// The event package: Event's value up to its first parameter, or empty.
  std::string_view event_package() const;

  friend bool operator==(const SipMessage&, const SipMessage&) = default;

 private:
  friend class SipReader;
  std::string method_;
  std::string uri_;
  unsigned status_ = 0;
  std::string reason_;
  std::vector<SipHeader> headers_;
  std::string body_;
};

/// Why a datagram is no SIP message, with what could be read of it.
struct SipMalformed {
  Error error;
  /// Set where a request was recognised and its top Via says whither an answer goes.
  std::optional<SipMessage> answerable;
  unsigned status = 400;  ///< 400 or 505
};

/// One Via header value; nothing where it is not `PROTOCOL/VERSION/TRANSPORT host…`. The version is
/// not judged: who speaks another one is to hear so (RFC 4475 3.1.2.16).
std::optional<SipVia> parse_sip_via(std::string_view value);
/// A CSeq header value; nothing where it is not a number below 2^31 and a method.
std::optional<SipSequence> parse_sip_sequence(std::string_view value);

/// Where a response to this Via goes by UDP: the source's address, the port that rport or sent-by
/// names (RFC 3261 18.2.2, RFC 3581 4).
Endpoint sip_response_target(const SipVia& via, Endpoint source);

}  // namespace provlab::net
