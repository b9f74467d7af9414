#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/datagram_listener.hpp"

namespace provlab::netfakes {

/// What an NTP server says of itself. A rule can replace it as a whole.
struct NtpSettings {
  WallTime clock{};      ///< its time at Instant 0; runs with the world's clock
  unsigned stratum = 2;  ///< 0 makes the reply a kiss-o'-death, its code in reference_id
  unsigned leap = 0;     ///< 3 = not synchronised
  std::string reference_id = "LOCL";  ///< four octets: a code, or a dotted quad
};

struct NtpRule : AnswerRule {
  std::shared_ptr<const NtpSettings> settings;  ///< in place of the server's own, where given
};

/// Requests: `time`. Answers: `<name>:time`.
struct NtpConfig {
  std::string name = "ntp";
  NtpSettings settings;
  std::vector<NtpRule> rules;
};

/// An NTP server (RFC 5905) on port 123: answers mode 3 with mode 4, version as asked.
class NtpResponder {
 public:
  NtpResponder(Host& host, std::shared_ptr<const NtpConfig> config);
  NtpResponder(Host& host, NtpConfig config)
      : NtpResponder(host, std::make_shared<const NtpConfig>(std::move(config))) {}
  Expected<void> start();
  void stop();
  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate) { answering_.set_gate(gate); }

 private:
  void answer(const Datagram& datagram);
  std::shared_ptr<const NtpConfig> config_;
  Answering answering_;
  AnswerRuleCounter counter_;
  DatagramListener listener_;
};

}  // namespace provlab::netfakes
