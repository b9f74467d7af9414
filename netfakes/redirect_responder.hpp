#pragma once
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/device_directory.hpp"
#include "netfakes/http_server.hpp"
#include "netfakes/responder.hpp"

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
  UseMark use = 0;

  static Assignment not_registered() { return {.id = {}, .url = {}, .status = 404, .after = {}}; }
};

struct RedirectRule : AnswerRule {
  std::optional<Assignment> assignment;  ///< in place of the device's own
};

/// Requests: `assignment mac=00095200000E`; also named by `assignment` alone.
struct RedirectConfig {
  static constexpr std::array<std::string_view, 1> requests{"assignment"};
  static constexpr ResponderKind kind{"redirect", requests, "assignment mac=00095200000E"};

  std::string name = "redirect";
  Port port = 80;
  HttpServerOptions server;                                ///< its port is not used
  std::map<std::string, Assignment, std::less<>> devices;  ///< by MAC, upper case without colons
  /// Asked about devices that have no assignment of their own; null where there is none.
  std::shared_ptr<const DeviceDirectory> directory;
  Assignment otherwise = Assignment::not_registered();  ///< for every other device
  std::vector<RedirectRule> rules;
  std::vector<HeaderRule> headers;
};

/// The vendor's redirect service, with the protocol of SPEC 4.1.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const RedirectConfig> config);

}  // namespace provlab::netfakes
