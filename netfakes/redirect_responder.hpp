#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/http_server.hpp"

namespace provlab::netfakes {

/// What the redirect service says to one device (SPEC 4.1). Status 301, 302, 303, 307, 308 carry
/// the URL in Location, 200 as the first line of a text; 204 and 404 say "not registered"; any
/// other status is a failure of the service.
struct Assignment {
  std::string id;   ///< of the answer; derived where empty
  std::string url;  ///< may hold markers
  unsigned status = 302;
  Duration after{};
  std::shared_ptr<const Faults> faults{};  ///< what is wrong with the answer; null: nothing

  static Assignment not_registered() { return {.id = {}, .url = {}, .status = 404, .after = {}}; }
};

struct RedirectRule : AnswerRule {
  std::optional<Assignment> assignment;  ///< in place of the device's own
};

/// Requests: `assignment mac=00095200000E`; also named by `assignment` alone.
struct RedirectConfig {
  std::string name = "redirect";
  Port port = 80;
  HttpServerOptions server;                                ///< its port is not used
  std::map<std::string, Assignment, std::less<>> devices;  ///< by MAC, upper case without colons
  Assignment otherwise = Assignment::not_registered();     ///< for every other device
  std::vector<RedirectRule> rules;
};

/// The vendor's redirect service, with the protocol of SPEC 4.1.
class RedirectResponder {
 public:
  RedirectResponder(Host& host, std::shared_ptr<const RedirectConfig> config);
  RedirectResponder(Host& host, RedirectConfig config)
      : RedirectResponder(host, std::make_shared<const RedirectConfig>(std::move(config))) {}
  Expected<void> start();
  void stop();
  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate) { answering_.set_gate(gate); }

 private:
  void answer(const HttpRequest& request, const HttpExchange& exchange);
  std::shared_ptr<const RedirectConfig> config_;
  Answering answering_;
  AnswerRuleCounter counter_;
  HttpServer server_;
};

}  // namespace provlab::netfakes
