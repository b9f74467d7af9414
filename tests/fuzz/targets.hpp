#pragma once
#include <string>
#include <string_view>

/// What the fuzzers feed, and what must hold of it. Each gives what is wrong, or an empty text.
/// libFuzzer drives them (build preset `fuzz`), and the corpora in tests/fuzz/corpus/ are replayed
/// by an ordinary test.
namespace provlab::fuzz {

/// How much slower the sanitizers make what is timed, at most.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr double kSlowdown = 10;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr double kSlowdown = 10;
#else
inline constexpr double kSlowdown = 1;
#endif
#else
inline constexpr double kSlowdown = 1;
#endif

using Target = std::string (*)(std::string_view input);

// Documents (settings_targets.cpp).

/// Any octets as a document: refused with a reason, or read so that its canonical form is the same.
std::string classify(std::string_view input);
/// A patch on a phone in use: what is rejected is untouched, the second time changes nothing.
std::string merge(std::string_view input);
/// Operations on a phone in use.
std::string operations(std::string_view input);
/// A patch of some version on a phone of some release; the way over a release between is the same
/// as the way at once.
std::string migration(std::string_view input);
/// Paths, a line each, on settings with deep text: what pugixml takes is understood, and what was
/// reckoned is no less than what evaluating costs.
std::string xpath(std::string_view input);

// What the phone hears from the network (net_targets.cpp).

/// A DHCP message: what is read and written again is the same; lease, offer and URL are sound.
std::string dhcp(std::string_view input);
std::string dns(std::string_view input);
std::string sntp(std::string_view input);
/// A SIP datagram: what is read and written again is the same, and its answer is a SIP message.
std::string sip(std::string_view input);
/// Header lines of an HTTP answer.
std::string http_head(std::string_view input);
/// A URL in the first line, references in the others: each has one normal form, and nothing in it
/// that no request may hold.
std::string url(std::string_view input);
/// A whole SIP port with a history of datagrams, from several senders (sip_port_target.cpp).
std::string sip_port(std::string_view input);

/// Requests to a phone's Web UI, on several connections: nothing is told without a login, and
/// nothing is left of them (web_target.cpp).
std::string web_ui(std::string_view input);

// What governs provisioning (service_targets.cpp).

/// A time zone in the first line, moments, times of day and dates in the others.
std::string timezone(std::string_view input);
/// A body of a NOTIFY.
std::string notify_sync(std::string_view input);

// What comes in over a wire (frames_target.cpp).

/// A history of Ethernet frames: what is read and written again is the same, and fragments wait
/// within their bounds.
std::string frames(std::string_view input);

/// The octets of a capture's file: refused or read within bounds, with a sentence where it is
/// damaged; what comes of it is in order (capture_target.cpp).
std::string capture(std::string_view input);

/// A document of a customer's, cut in two: what stands between its halves is nowhere in what is
/// written of it (capture_target.cpp).
std::string anonymise(std::string_view input);

// The lab (lab_targets.cpp), the fakes (fakes_target.cpp) and all together (session_target.cpp).

/// A scenario file: complaints, or a plan that can be written out and read again.
std::string scenario(std::string_view input);
/// A report in JSON, of another machine: nothing in it acts on a terminal.
std::string report(std::string_view input);
/// A trace in JSON lines.
std::string trace(std::string_view input);
/// A history of requests to fakes of all kinds.
std::string fakes(std::string_view input);
/// A boot whose servers say what the records say; the invariants hold.
std::string session(std::string_view input);

/// What a target may cost: CPU time with sanitizers, beyond which growth is not linear.
struct Cost {
  double milliseconds = 100;  ///< of any input
  double microseconds_per_octet = 10;
};
constexpr Cost cost_of(std::string_view target) {
  if (target == "operations" || target == "xpath" || target == "session") return {1000, 0};
  if (target == "merge" || target == "migration") return {1000, 0};
  if (target == "web_ui") return {1000, 0};
  if (target == "scenario" || target == "sip_port" || target == "fakes") return {500, 50};
  return {};
}

}  // namespace provlab::fuzz
