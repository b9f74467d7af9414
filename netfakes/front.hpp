#pragma once
#include <memory>
#include <span>
#include <utility>

#include "netfakes/answer_rules.hpp"
#include "netfakes/answering.hpp"
#include "netfakes/responder.hpp"

namespace provlab::netfakes {

/// What responders of all kinds have: a configuration, which has `kind`, `name` and `rules`, and
/// what answers by it.
template <class Config>
class Front : public Responder {
 public:
  void set_gate(AnswerGate* gate) final { answering_.set_gate(gate); }
  void set_uses(Uses* uses) final { answering_.set_uses(uses); }

 protected:
  using Rule = typename decltype(Config::rules)::value_type;

  Front(Host& host, std::shared_ptr<const Config> config)
      : host_(host),
        config_(std::move(config)),
        answering_(host, config_->name, config_->kind.name) {}

  /// Records a request; returns the rule for its answer, or null. To be called once a request.
  const Rule* received(const Request& request, Endpoint from) {
    answering_.received(request, from);
    return counter_.choose(std::span(config_->rules), request, host_.now());
  }

  Host& host_;
  const std::shared_ptr<const Config> config_;
  Answering answering_;

 private:
  AnswerRuleCounter counter_;
};

}  // namespace provlab::netfakes
