#pragma once
#include <memory>
#include <string_view>
#include <utility>

#include "netfakes/front.hpp"
#include "netfakes/http_server.hpp"

namespace provlab::netfakes {

/// A responder that is asked over HTTP; its configuration has `port` and `server`.
template <class Config>
class HttpFront : public Front<Config> {
 public:
  Expected<void> start() final {
    HttpServerOptions options = this->config_->server;
    options.listen.port = this->config_->port;
    return server_.open(
        this->host_, options,
        [this](const HttpRequest& request, const HttpExchange& exchange) {
          receive(request, exchange);
        },
        [this](Endpoint from, std::string_view reason) { this->answering_.ignored(from, reason); });
  }
  void set_ear(PlaintextEar* ear) final { server_.set_ear(ear); }
  /// Also closes the connections there are.
  void stop() final {
    this->answering_.forget_all();
    server_.close();
  }

 protected:
  using Front<Config>::Front;

  virtual void receive(const HttpRequest& request, const HttpExchange& exchange) = 0;

  /// The header lines of the answer to this request by the rules for them, all that name it, and of
  /// the usual ones those that no rule is about; null where there are no rules. To be called once a
  /// request.
  std::shared_ptr<const HeaderLines> header_lines(const Request& request,
                                                  const HeaderLines& usual = {}) {
    if (this->config_->headers.empty()) return nullptr;
    auto lines = std::make_shared<HeaderLines>();
    header_counter_.each(std::span(this->config_->headers), request, this->host_.now(),
                         [&](const HeaderRule& rule) { lines->push_back(rule.line); });
    for (const HeaderLine& line : usual) {
      if (!any_of_name(*lines, line.name)) lines->push_back(line);
    }
    return lines;
  }

  /// The reply leaves with what is wrong with it, unless its client has gone.
  void reply(const DueAnswer& due, const HttpExchange& exchange, const HttpReply& reply,
             std::string_view summary) {
    Answering& answering = this->answering_;
    if (!exchange.open()) return answering.failed(due, "the client has closed the connection");
    answering.sent(due, exchange.client(), summary);
    exchange.answer(reply, due.faults,
                    [&](const FaultDone& fault) { answering.spoilt(due, fault); });
  }

 private:
  AnswerRuleCounter header_counter_;
  HttpServer server_;
};

}  // namespace provlab::netfakes
