#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/http_server.hpp"
#include "netfakes/responder.hpp"

namespace provlab::netfakes {

/// What is to be had under one path.
struct HttpResource {
  std::string id;    ///< of its answers; derived as `<name>:GET <target>` where empty
  std::string path;  ///< the exact target with its query, or the path alone for any query
  std::string body;
  std::string content_type = "application/xml";  ///< no such header where empty
  unsigned status = 200;
  HeaderLines headers;
  std::string location;  ///< the Location header, where not empty
  Duration after{};
  std::shared_ptr<const Faults> faults{};  ///< what is wrong with its answers; null: nothing
  UseMark use = 0;
};

struct HttpRule : AnswerRule {
  std::shared_ptr<const HttpResource> resource;  ///< in place of the one asked for, where given
};

/// Requests: method and target, `GET /a.xml?mac=1`.
struct HttpConfig {
  static constexpr std::array<std::string_view, 2> requests{"GET", "HEAD"};
  static constexpr ResponderKind kind{"http", requests, "GET /a.xml"};

  std::string name = "http";
  Port port = 80;
  HttpServerOptions server;  ///< its port is not used
  std::vector<HttpResource> resources;
  std::vector<HttpRule> rules;
  std::vector<HeaderRule> headers;  ///< in place of those of the resources
};

/// A web server for a fixed set of resources; GET and HEAD.
std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const HttpConfig> config);

}  // namespace provlab::netfakes
