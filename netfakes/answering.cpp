#include "netfakes/answering.hpp"

#include <list>
#include <utility>

namespace provlab::netfakes {

/// The timers of answers that are not due yet; they hold it weakly, so that one that fires after
/// forget_all() finds nothing to do.
struct Answering::Waiting {
  std::list<OperationId> timers;
};

Answering::Answering(Host& host, std::string_view name, std::string_view kind)
    : host_(host), name_(name), kind_(kind), waiting_(std::make_shared<Waiting>()) {}

void Answering::forget_all() {
  for (const OperationId timer : waiting_->timers) host_.cancel(timer);
  waiting_ = std::make_shared<Waiting>();
}

void Answering::received(const Request& request, Endpoint from) {
  auto count = counts_.find(request.text);
  if (count == counts_.end()) count = counts_.emplace(request.text, 0).first;
  const EventNumber number = host_.record(RequestReceived{.responder = name_,
                                                          .kind = kind_,
                                                          .request = request.text,
                                                          .detail = request.detail,
                                                          .from = from,
                                                          .nth = ++count->second});
  host_.trace().set_cause(number);
}

void Answering::ignored(Endpoint from, std::string_view reason) {
  host_.record(RequestIgnored{.responder = name_, .kind = kind_, .from = from, .reason = reason});
}

void Answering::schedule(const Rule* rule, const Answer& standard, std::string request,
                         Callback leave) {
  DueAnswer due{.request = std::move(request), .id = {}};
  if (rule != nullptr && !rule->answer.id.empty()) {
    due.id = rule->answer.id;
  } else if (!standard.id.empty()) {
    due.id = standard.id;
  } else {
    due.id.reserve(name_.size() + 1 + due.request.size());
    due.id.append(name_).append(":").append(due.request);
  }
  if (standard.silent || (rule != nullptr && rule->answer.silent)) {
    withheld(due,
             rule == nullptr || rule->request.empty() ? "any" : std::string_view(rule->request));
    return;
  }
  const Duration after = rule != nullptr && rule->answer.after > Duration::zero()
                             ? rule->answer.after
                             : standard.after;
  if (gate_ != nullptr) {
    // A gate may keep an answer for longer than its responder lives.
    leave = [weak = std::weak_ptr(waiting_), inner = std::move(leave)](const DueAnswer& d) mutable {
      if (!weak.expired()) inner(d);
    };
    switch (gate_->judge(host_, due, after, leave)) {
      case AnswerGate::Ruling::pass:
        break;
      case AnswerGate::Ruling::drop:
        return withheld(due, "race");
      case AnswerGate::Ruling::keep:
        return;
    }
  }
  if (after <= Duration::zero()) {
    leave(due);
    return;
  }
  const auto position = waiting_->timers.insert(waiting_->timers.end(), OperationId{});
  *position = host_.start_timer(host_.now() + after,
                                [weak = std::weak_ptr(waiting_), position, due = std::move(due),
                                 leave = std::move(leave)](error_code error) mutable {
                                  const auto alive = weak.lock();
                                  if (!alive) return;
                                  alive->timers.erase(position);
                                  if (!error) leave(due);
                                });
}

void Answering::withheld(const DueAnswer& due, std::string_view rule) {
  host_.record(AnswerWithheld{
      .responder = name_, .kind = kind_, .request = due.request, .answer = due.id, .rule = rule});
}

void Answering::sent(const DueAnswer& due, Endpoint to, std::string_view summary) {
  const EventNumber number = host_.record(AnswerSent{.responder = name_,
                                                     .kind = kind_,
                                                     .request = due.request,
                                                     .answer = due.id,
                                                     .to = to,
                                                     .summary = summary});
  host_.trace().set_cause(number);
}

void Answering::failed(const DueAnswer& due, std::string_view reason) {
  host_.record(AnswerFailed{.responder = name_,
                            .kind = kind_,
                            .request = due.request,
                            .answer = due.id,
                            .reason = reason});
}

void Answering::send(const DueAnswer& due, UdpSocket& socket, Endpoint to, BytesView payload,
                     std::string_view summary) {
  sent(due, to, summary);
  if (const auto result = socket.send(to, payload); !result) failed(due, result.error().text);
}

void Answering::send(const DueAnswer& due, LinkSocket& socket, const LinkDatagram& datagram,
                     std::string_view summary) {
  sent(due, datagram.to, summary);
  if (const auto result = socket.send(datagram); !result) failed(due, result.error().text);
}

}  // namespace provlab::netfakes
