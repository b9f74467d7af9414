#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/ntp_wire.hpp"
#include "netfakes/request_fields.hpp"
#include "netfakes/responder.hpp"

namespace provlab::netfakes {

/// What an NTP server says of itself. A rule can replace it as a whole.
struct NtpSettings {
  WallTime clock{};      ///< its time at Instant 0; runs with the world's clock
  unsigned stratum = 2;  ///< 0 makes the reply a kiss-o'-death, its code in reference_id
  unsigned leap = 0;     ///< 3 = not synchronised
  std::string reference_id = "LOCL";  ///< four octets: a code, or a dotted quad
  std::optional<unsigned> version;    ///< 0 to 7; as asked where not given
  /// Less than 65536 s each; 1/256 s (of stratum 1 none) and 1/2048 s where not given.
  std::optional<Duration> root_delay;
  std::optional<Duration> root_dispersion;
  std::vector<NtpExtension> extensions;  ///< behind the header, in this order
};

struct NtpRule : AnswerRule {
  std::shared_ptr<const NtpSettings> settings;  ///< in place of the server's own, where given
};

/// Requests: `time`. Answers: `<name>:time`.
struct NtpConfig {
  static constexpr std::array<std::string_view, 1> requests{"time"};
  static constexpr ResponderKind kind{"ntp", requests, {}, kNtpFields};

  std::string name = "ntp";
  NtpSettings settings;
  std::vector<NtpRule> rules;
};

/// What a server says of itself at that time, whomever it talks to; `version` where the settings
/// say none. No poll interval, and of the time stamps only when its clock was set.
NtpPacket packet_of(const NtpSettings& settings, unsigned mode, unsigned version, WallTime now);

/// An NTP server (RFC 5905) on port 123: answers mode 3 with mode 4.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const NtpConfig> config);

}  // namespace provlab::netfakes
