#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/net/dhcp_lease.hpp"
#include "core/net/dhcp_url.hpp"
#include "core/net/dns_message.hpp"
#include "core/net/http_head.hpp"
#include "core/net/markers.hpp"
#include "core/net/sip_message.hpp"
#include "core/net/sntp_packet.hpp"
#include "core/net/url.hpp"
#include "core/platform/text.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/ntp_octets.hpp"

namespace provlab::fuzz {

namespace {

using namespace net;

/// A sentence of an error, however much the message holds.
std::string sentence_problem(const std::string& sentence) {
  if (sentence.empty()) return "an error without a sentence";
  if (sentence.size() > 4000) return "a sentence as long as a message: " + sentence;
  return {};
}

std::string usable_problem(const DhcpUrl& derived) {
  for (const std::string& diagnosis : derived.diagnoses) {
    if (auto problem = sentence_problem(diagnosis); !problem.empty()) return problem;
  }
  if (!derived.url) return {};
  if (derived.origin.empty()) return "a URL from nowhere";
  const std::string replaced = replace_markers(*derived.url, DeviceIdentity()).text;
  if (auto url = Url::parse(replaced); !url) {
    return "the URL is not usable: " + url.error().to_string();
  }
  return {};
}

std::string lease_problem(const DhcpMessage& message) {
  if (const auto offer = read_offer(message)) {
    if (offer->address.address.value == 0) return "an offer of no address";
  }
  const auto lease = read_lease(message, Instant(), Instant());
  if (!lease) return sentence_problem(lease.error().to_string());
  if (lease->domain.size() > 253) return "a domain that no name can have";
  if (lease->infinite()) return {};
  if (lease->t1 > lease->t2 || lease->t2 > lease->lease_time) return "T1, T2 and end out of order";
  return {};
}

}  // namespace

std::string dhcp(std::string_view input) {
  std::vector<OptionLeftOut> left_out;
  auto message = DhcpMessage::parse(bytes_of(input), left_out);
  if (!message) return sentence_problem(message.error().to_string());
  for (const OptionLeftOut& each : left_out) {
    if (auto problem = sentence_problem(each.reason); !problem.empty()) return problem;
    if (message->find(each.code)) return fmt::format("option {} is left out and there", each.code);
  }
  if (auto problem = lease_problem(*message); !problem.empty()) return problem;
  for (const Option43Text form : {Option43Text::diagnose, Option43Text::accept}) {
    const DhcpUrl derived = derive_url(*message, DeviceIdentity(), {.text = form});
    if (auto problem = usable_problem(derived); !problem.empty()) return problem;
  }
  message->overload = 0;  // which is never written
  const auto again = DhcpMessage::parse(message->serialize());
  if (!again) return "what was written cannot be read: " + again.error().to_string();
  return *again == *message ? "" : "what was written reads as another message";
}

std::string dns(std::string_view input) {
  const auto response = DnsResponse::parse(bytes_of(input));
  if (!response) return sentence_problem(response.error().to_string());
  for (const DnsRecord& record : response->answers) {
    if (record.name.size() > 4 * 255) return "a name longer than a name can be";
  }
  const auto addresses = addresses_of(response->question, *response);
  if (!addresses) return sentence_problem(addresses.error().to_string());
  std::set<std::uint32_t> once;
  for (const Ipv4Address address : addresses->addresses) once.insert(address.value);
  if (once.empty() || once.size() != addresses->addresses.size()) return "no address, or one twice";
  return {};
}

std::string sntp(std::string_view input) {
  const auto packet = SntpPacket::parse(bytes_of(input));
  if (!packet) return sentence_problem(packet.error().to_string());
  for (const char c : packet->kiss_code()) {
    if (c < ' ' || c > '~') return "a kiss code that cannot be printed";
  }
  const WallTime time = to_wall_time(packet->transmit);
  if (std::chrono::abs(ntp_difference(test::to_ntp_timestamp(time), packet->transmit)) >
      std::chrono::microseconds(1)) {
    return "a time that is another one in NTP's form";
  }
  ntp_difference(packet->receive, packet->origin);
  const auto again = SntpPacket::parse(test::octets_of(*packet));
  return again && again->transmit == packet->transmit && again->origin == packet->origin
             ? ""
             : "what was written reads as another packet";
}

std::string sip(std::string_view input) {
  const auto message = SipMessage::parse(bytes_of(input));
  const Endpoint source{Ipv4Address::of(192, 0, 2, 10), 5060};
  if (!message) {
    const SipMalformed& malformed = message.error();
    if (auto problem = sentence_problem(malformed.error.to_string()); !problem.empty()) {
      return problem;
    }
    if (!malformed.answerable) return {};
    const auto answer =
        SipMessage::response_to(*malformed.answerable, malformed.status, "Bad", "t", source);
    return answer.serialize().starts_with("SIP/2.0 ") ? "" : "an answer that is none";
  }
  const std::string written = message->serialize();
  const auto again = SipMessage::parse(bytes_of(written));
  if (!again) return "what was written cannot be read: " + again.error().error.to_string();
  if (again->serialize() != written) return "what was written reads as another message";
  if (again->body() != message->body()) return "the body changes";
  for (const char* name : {"Via", "Allow", "Contact", "Event"}) message->values(name);
  message->event_package();
  const auto via = message->top_via();
  if (!via || !message->sequence()) return "a message without Via or CSeq";
  sip_response_target(*via, source);
  if (!message->is_request()) return {};
  const auto answer = SipMessage::response_to(*message, 200, "OK", "tag", source);
  const std::string octets = answer.serialize();
  if (octets.size() > SipMessage::kMaximumSize) return {};  // the port does not send it
  const auto read = SipMessage::parse(bytes_of(octets));
  if (!read) return "the answer cannot be read: " + read.error().error.to_string();
  return read->call_id() == message->call_id() ? "" : "the answer has another Call-ID";
}

std::string http_head(std::string_view input) {
  HttpHead head;
  while (!input.empty()) {
    const std::size_t end = std::min(input.size(), input.find('\n') + 1);
    const auto taken = head.take(input.substr(0, end == 0 ? input.size() : end));
    if (!taken) return sentence_problem(taken.error().to_string());
    input.remove_prefix(end == 0 ? input.size() : end);
  }
  if (!head.take("\r\n")) return {};
  const HttpFields fields = head.take_fields();
  is_encoded(fields.content_encoding);
  for (const std::string* each : {&fields.content_type, &fields.location}) {
    if (each->find('\n') != std::string::npos) return "a field of several lines";
    if (each->starts_with(' ') || each->ends_with(' ')) return "a field with blanks around it";
  }
  return {};
}

namespace {

constexpr int kMostReferences = 200;

std::string url_problem(const Url& url) {
  const auto again = Url::parse(url.to_string());
  if (!again) return "its own form is not usable: " + again.error().to_string();
  if (*again != url) return "two forms: " + url.to_string() + " and " + again->to_string();
  if (!url.target().starts_with('/')) return "a target without a path: " + url.target();
  for (const char c : url.to_string()) {
    if (c <= ' ' || c > '~') return "an octet that no request may hold: " + url.to_string();
  }
  return {};
}

}  // namespace

std::string url(std::string_view input) {
  const std::size_t end = std::min(input.size(), input.find('\n'));
  const MarkerResult marked = replace_markers(input.substr(0, end), DeviceIdentity());
  for (const std::string& unknown : marked.unknown) {
    if (unknown.size() < 2) return "a marker that is none: " + unknown;
  }
  const auto base = Url::parse(input.substr(0, end));
  if (!base) return sentence_problem(base.error().to_string());
  if (auto problem = url_problem(*base); !problem.empty()) return problem;
  for (int count = 0; count < kMostReferences && !input.empty(); ++count) {
    const std::size_t line = std::min(input.size(), input.find('\n'));
    const auto resolved = base->resolve(input.substr(0, line));
    if (!resolved) {
      if (auto problem = sentence_problem(resolved.error().to_string()); !problem.empty()) {
        return problem;
      }
    } else if (auto problem = url_problem(*resolved); !problem.empty()) {
      return problem;
    }
    input.remove_prefix(std::min(input.size(), line + 1));
  }
  return {};
}

}  // namespace provlab::fuzz
