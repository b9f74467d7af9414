#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/platform/event_recorder.hpp"

/// What names, time and downloads leave in the trace.
namespace provlab::net {

/// Something in a URL that looks like a marker and is none; it stays as it is (SPEC 5.1).
struct MarkerUnknown {
  static constexpr std::string_view name = "marker_unknown";
  std::string_view marker;
  std::string_view url;
  void fields(auto&& field) const {
    field("marker", marker);
    field("url", url);
  }
};

struct NameQuerySent {
  static constexpr std::string_view name = "name_query_sent";
  std::string_view host_name;
  Ipv4Address server;
  unsigned attempt;     ///< from 1
  bool stream = false;  ///< over TCP
  void fields(auto&& field) const {
    field("name", host_name);
    field("server", server);
    field("attempt", attempt);
    if (stream) field("transport", "tcp");
  }
};

struct NameAnswerIgnored {
  static constexpr std::string_view name = "name_answer_ignored";
  std::string_view host_name;
  Endpoint from;
  std::string_view reason;
  void fields(auto&& field) const {
    field("name", host_name);
    field("from", from);
    field("reason", reason);
  }
};

/// One server could not help; the next is asked.
struct NameServerFailed {
  static constexpr std::string_view name = "name_server_failed";
  std::string_view host_name;
  Ipv4Address server;
  std::string_view reason;
  void fields(auto&& field) const {
    field("name", host_name);
    field("server", server);
    field("reason", reason);
  }
};

struct NameResolved {
  static constexpr std::string_view name = "name_resolved";
  std::string_view host_name;
  std::string_view addresses;         ///< with blanks between, the first few of them
  std::optional<Ipv4Address> server;  ///< absent: from the cache
  std::optional<std::uint32_t> ttl;
  void fields(auto&& field) const {
    field("name", host_name);
    field("address", addresses);
    field("server", server);
    field("ttl_s", ttl);
    field("cached", !server);
  }
};

struct NameResolutionFailed {
  static constexpr std::string_view name = "name_resolution_failed";
  std::string_view host_name;
  std::string_view reason;
  void fields(auto&& field) const {
    field("name", host_name);
    field("reason", reason);
  }
};

struct NtpRequestSent {
  static constexpr std::string_view name = "ntp_request_sent";
  Ipv4Address server;
  void fields(auto&& field) const { field("server", server); }
};

struct NtpRequestFailed {
  static constexpr std::string_view name = "ntp_request_failed";
  std::string_view server;
  std::string_view reason;
  void fields(auto&& field) const {
    field("server", server);
    field("reason", reason);
  }
};

struct NtpReplyIgnored {
  static constexpr std::string_view name = "ntp_reply_ignored";
  Endpoint from;
  std::string_view reason;
  void fields(auto&& field) const {
    field("from", from);
    field("reason", reason);
  }
};

struct NtpKissOfDeath {
  static constexpr std::string_view name = "ntp_kiss_of_death";
  Ipv4Address server;
  std::string_view code;
  std::string_view consequence;
  void fields(auto&& field) const {
    field("server", server);
    field("code", code);
    field("consequence", consequence);
  }
};

struct ClockSet {
  static constexpr std::string_view name = "clock_set";
  WallTime time;
  Ipv4Address server;
  Duration round_trip;
  void fields(auto&& field) const {
    field("time", time);
    field("server", server);
    field("round_trip", round_trip);
  }
};

/// Recorded when the connection stands and the request leaves; a connection that fails has none.
struct HttpRequestSent {
  static constexpr std::string_view name = "http_request_sent";
  std::string_view url;
  Endpoint address;
  std::string_view purpose;
  void fields(auto&& field) const {
    field("url", url);
    field("address", address);
    field("purpose", purpose);
  }
};

/// One address of a name could not be reached; the next is tried.
struct HttpAddressFailed {
  static constexpr std::string_view name = "http_address_failed";
  std::string_view url;
  Endpoint address;
  std::string_view reason;
  std::string_view purpose;
  void fields(auto&& field) const {
    field("url", url);
    field("address", address);
    field("reason", reason);
    field("purpose", purpose);
  }
};

struct HttpResponseReceived {
  static constexpr std::string_view name = "http_response_received";
  std::string_view url;
  int status;
  std::size_t octets;
  std::string_view content_type;
  std::string_view purpose;
  void fields(auto&& field) const {
    field("url", url);
    field("status", status);
    field("octets", octets);
    field("content_type", content_type);
    field("purpose", purpose);
  }
};

struct HttpRedirectFollowed {
  static constexpr std::string_view name = "http_redirect_followed";
  std::string_view url;
  int status;
  std::string_view to;
  unsigned hop;  ///< from 1
  void fields(auto&& field) const {
    field("url", url);
    field("status", status);
    field("to", to);
    field("hop", hop);
  }
};

struct HttpRequestFailed {
  static constexpr std::string_view name = "http_request_failed";
  std::string_view url;
  std::string_view failure;
  std::string_view reason;
  std::string_view purpose;
  void fields(auto&& field) const {
    field("url", url);
    field("failure", failure);
    field("reason", reason);
    field("purpose", purpose);
  }
};

/// The one who waited for the transfer no longer does; its connection is closed.
struct HttpRequestCancelled {
  static constexpr std::string_view name = "http_request_cancelled";
  std::string_view url;
  std::string_view purpose;
  void fields(auto&& field) const {
    field("url", url);
    field("purpose", purpose);
  }
};

}  // namespace provlab::net
