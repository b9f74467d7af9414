#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/host.hpp"
#include "netfakes/answer_rules.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/http_server.hpp"

namespace provlab::netfakes {

/// What is to be had under one path.
struct HttpResource {
  std::string id;    ///< of its answers; derived as `<name>:GET <target>` where empty
  std::string path;  ///< the exact target with its query, or the path alone for any query
  std::string body;
  std::string content_type = "application/xml";  ///< no such header where empty
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string location;  ///< the Location header, where not empty
  Duration after{};
  std::shared_ptr<const Faults> faults{};  ///< what is wrong with its answers; null: nothing
};

struct HttpRule : AnswerRule {
  std::shared_ptr<const HttpResource> resource;  ///< in place of the one asked for, where given
};

/// Requests: method and target, `GET /a.xml?mac=1`.
struct HttpConfig {
  std::string name = "http";
  Port port = 80;
  HttpServerOptions server;  ///< its port is not used
  std::vector<HttpResource> resources;
  std::vector<HttpRule> rules;
};

/// A web server for a fixed set of resources; GET and HEAD.
class HttpResponder {
 public:
  HttpResponder(Host& host, std::shared_ptr<const HttpConfig> config);
  HttpResponder(Host& host, HttpConfig config)
      : HttpResponder(host, std::make_shared<const HttpConfig>(std::move(config))) {}
  Expected<void> start();
  void stop();  ///< also closes the connections there are

  /// See Answering::set_gate().
  void set_gate(AnswerGate* gate) { answering_.set_gate(gate); }

 private:
  void answer(const HttpRequest& request, const HttpExchange& exchange);
  const HttpResource* find(std::string_view target) const;
  std::shared_ptr<const HttpConfig> config_;
  Answering answering_;
  AnswerRuleCounter counter_;
  HttpServer server_;
};

}  // namespace provlab::netfakes
