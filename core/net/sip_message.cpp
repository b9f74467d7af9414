#include "core/net/sip_message.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/net/sip_text.hpp"
#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

template <class Number>
std::optional<Number> whole_number(std::string_view digits) {
  Number value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

/// Splits at the first separator: the trimmed text before it and after it.
std::optional<std::pair<std::string_view, std::string_view>> cut(std::string_view text,
                                                                 char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair{trimmed(text.substr(0, at), kBlanks), trimmed(text.substr(at + 1), kBlanks)};
}

/// The top Via as RFC 3261 18.2.1 and RFC 3581 4 have a server complete it.
std::string completed_via(std::string_view via, Endpoint source) {
  std::string out;
  bool asks_for_port = false;
  for (const std::string_view piece : sip_split(via, ';')) {
    if (!out.empty()) out += ';';
    out += piece;
    if (same_ignoring_case(piece, "rport")) {
      asks_for_port = true;
      out += fmt::format("={}", source.port);
    }
  }
  const std::optional<SipVia> parsed = parse_sip_via(via);
  const std::string address = source.address.to_string();
  if (asks_for_port || (parsed && parsed->host != address)) out += ";received=" + address;
  return out;
}

}  // namespace

std::optional<SipVia> parse_sip_via(std::string_view value) {
  SipVia via;
  const auto protocol = cut(sip_value(value), '/');
  if (!protocol || !sip_is_token(protocol->first)) return std::nullopt;
  const auto version = cut(protocol->second, '/');
  if (!version || !sip_is_token(version->first)) return std::nullopt;
  const std::size_t blank = version->second.find_first_of(" \t");
  if (blank == std::string_view::npos) return std::nullopt;
  via.transport = version->second.substr(0, blank);
  if (!sip_is_token(via.transport)) return std::nullopt;

  std::string_view sent_by = trimmed(version->second.substr(blank), kBlanks);
  const std::size_t bracket = sent_by.starts_with('[') ? sent_by.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const std::size_t colon = sent_by.find(':', bracket);
  if (colon != std::string_view::npos) {
    via.port = whole_number<Port>(trimmed(sent_by.substr(colon + 1), kBlanks));
    if (!via.port || *via.port == 0) return std::nullopt;
    sent_by = trimmed(sent_by.substr(0, colon), kBlanks);
  }
  if (sent_by.empty() || sent_by.find_first_of(" \t\"<>@,") != std::string_view::npos) {
    return std::nullopt;
  }
  via.host = sent_by;
  via.branch = sip_parameter(value, "branch");
  via.rport = sip_parameter(value, "rport").has_value();
  return via;
}

std::optional<SipSequence> parse_sip_sequence(std::string_view value) {
  const std::size_t blank = value.find_first_of(" \t");
  if (blank == std::string_view::npos) return std::nullopt;
  const auto number = whole_number<std::uint32_t>(value.substr(0, blank));
  const std::string_view method = trimmed(value.substr(blank), kBlanks);
  // RFC 3261 8.1.1.5: less than 2^31.
  if (!number || *number > 0x7fffffffU || !sip_is_token(method)) return std::nullopt;
  return SipSequence{*number, std::string(method)};
}

Endpoint sip_response_target(const SipVia& via, Endpoint source) {
  const Port written = via.port.value_or(5060);
  return {source.address, via.rport ? source.port : written};
}

SipMessage SipMessage::request(std::string method, std::string uri) {
  SipMessage message;
  message.method_ = std::move(method);
  message.uri_ = std::move(uri);
  return message;
}

SipMessage SipMessage::response_to(const SipMessage& request, unsigned status, std::string reason,
                                   std::string_view to_tag, Endpoint source) {
  SipMessage message;
  message.status_ = status;
  message.reason_ = std::move(reason);
  bool top = true;
  for (const std::string_view via : request.values("Via")) {
    message.add("Via", top ? completed_via(via, source) : std::string(via));
    top = false;
  }
  for (const char* name : {"From", "To", "Call-ID", "CSeq"}) {
    const std::string* value = request.find(name);
    if (value == nullptr) continue;
    message.add(name, *value);
    const bool tagless = std::string_view(name) == "To" && !sip_parameter(*value, "tag");
    if (tagless && !to_tag.empty()) message.headers_.back().value += fmt::format(";tag={}", to_tag);
  }
  return message;
}

std::string SipMessage::serialize() const {
  std::string out;
  std::size_t size = method_.size() + uri_.size() + reason_.size() + body_.size() + 64;
  for (const SipHeader& header : headers_) size += header.name.size() + header.value.size() + 4;
  out.reserve(size);
  if (is_request()) {
    out.append(method_).append(" ").append(uri_).append(" SIP/2.0\r\n");
  } else {
    fmt::format_to(std::back_inserter(out), "SIP/2.0 {} {}\r\n", status_, reason_);
  }
  for (const SipHeader& header : headers_) {
    if (same_ignoring_case(header.name, "Content-Length")) continue;
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n\r\n", body_.size());
  out.append(body_);
  return out;
}

void SipMessage::add(std::string name, std::string value) {
  headers_.push_back({std::move(name), std::move(value)});
}

const std::string* SipMessage::find(std::string_view name) const {
  for (const SipHeader& header : headers_) {
    if (same_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::vector<std::string_view> SipMessage::values(std::string_view name) const {
  std::vector<std::string_view> all;
  for (const SipHeader& header : headers_) {
    if (!same_ignoring_case(header.name, name)) continue;
    for (const std::string_view value : sip_split(header.value, ',')) all.push_back(value);
  }
  return all;
}

const std::string& SipMessage::call_id() const {
  static const std::string kNone;
  const std::string* value = find("Call-ID");
  return value != nullptr ? *value : kNone;
}

std::optional<SipSequence> SipMessage::sequence() const {
  const std::string* value = find("CSeq");
  return value != nullptr ? parse_sip_sequence(*value) : std::nullopt;
}

std::optional<SipVia> SipMessage::top_via() const {
  const std::string* value = find("Via");
  if (value == nullptr) return std::nullopt;
  return parse_sip_via(sip_first_piece(*value, ','));
}

std::vector<std::string_view> SipMessage::required() const {
  std::vector<std::string_view> tags = values("Require");
  std::erase(tags, "");
  return tags;
}

std::string_view SipMessage::event_package() const {
  const std::string* value = find("Event");
  return value != nullptr ? sip_value(*value) : std::string_view();
}

}  // namespace provlab::net
