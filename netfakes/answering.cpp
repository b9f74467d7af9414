#include "netfakes/answering.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "netfakes/raw_summary.hpp"

namespace provlab::netfakes {

Answering::Answering(Host& host, std::string_view name, std::string_view kind)
    : host_(host), name_(name), kind_(kind) {}

void Answering::forget_all() {
  timers_.clear();
  gated_.clear();
  overtaken_.clear();
  leaving_.clear();
}

void Answering::received(const Request& request, Endpoint from) {
  auto count = counts_.find(request.text);
  if (count == counts_.end()) count = counts_.emplace(request.text, 0).first;
  const EventNumber number = host_.record(RequestReceived{.responder = name_,
                                                          .kind = kind_,
                                                          .request = request.text,
                                                          .detail = request.detail,
                                                          .contents = request.contents,
                                                          .from = from,
                                                          .nth = ++count->second});
  host_.trace().set_cause(number);
}

void Answering::ignored(Endpoint from, std::string_view reason) {
  host_.record(RequestIgnored{.responder = name_, .kind = kind_, .from = from, .reason = reason});
}

void Answering::schedule(const AnswerRule* rule, const Answer& standard, std::string request,
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
  if (rule != nullptr) used(rule->answer.use);
  if (standard.silent || (rule != nullptr && rule->answer.silent)) {
    withheld(due,
             rule == nullptr || rule->request.empty() ? "any" : std::string_view(rule->request));
    return;
  }
  used(standard.use);
  due.faults = rule != nullptr && rule->answer.faults ? rule->faults() : standard.faults.get();
  const Duration after = rule != nullptr && rule->answer.after > Duration::zero()
                             ? rule->answer.after
                             : standard.after;
  if (gate_ != nullptr) {
    const auto tether = gated_.emplace(gated_.end());
    leave = tether->tie([this, tether, inner = std::move(leave)](const DueAnswer& d) mutable {
      gated_.erase(tether);
      inner(d);
    });
    switch (gate_->admit(host_, due, after, leave)) {
      case AnswerGate::Admission::pass:
        break;
      case AnswerGate::Admission::drop:
        gated_.erase(tether);
        return withheld(due, "race");
      case AnswerGate::Admission::keep:
        return;
    }
  }
  if (after <= Duration::zero()) {
    depart(due, leave);
    return;
  }
  start_timer(host_.now() + after, [this, due = std::move(due),
                                    leave = std::move(leave)]() mutable { depart(due, leave); });
}

/// The answer leaves, unless it is to be overtaken; then it leaves behind the next one.
void Answering::depart(const DueAnswer& due, Callback& leave) {
  if (due.faults != nullptr && due.faults->after_next && overtaken_.empty()) {
    spoilt(due, {"after-next", "waits for the next answer"});
    overtaken_.push_back({due, std::move(leave)});
    return;
  }
  leave(due);
  leaving_.splice(leaving_.end(), overtaken_);
  while (!leaving_.empty()) {
    Overtaken late = std::move(leaving_.front());
    leaving_.pop_front();
    late.leave(late.due);
  }
}

void Answering::start_timer(Instant when, UniqueFunction<void()> callback) {
  const auto timer = timers_.emplace(timers_.end(), host_);
  timer->start(when, [this, timer, callback = std::move(callback)]() mutable {
    timers_.erase(timer);
    callback();
  });
}

void Answering::withheld(const DueAnswer& due, std::string_view rule) {
  host_.record(AnswerWithheld{
      .responder = name_, .kind = kind_, .request = due.request, .answer = due.id, .rule = rule});
}

void Answering::sent(const DueAnswer& due, Endpoint to, std::string_view summary) {
  std::string raw;
  if (due.faults != nullptr && due.faults->raw) {
    summary = raw = summarize_raw(kind_, *due.faults->raw);
  }
  const EventNumber number = host_.record(AnswerSent{.responder = name_,
                                                     .kind = kind_,
                                                     .request = due.request,
                                                     .answer = due.id,
                                                     .to = to,
                                                     .summary = summary});
  host_.trace().set_cause(number);
}

void Answering::repeated(const DueAnswer& due, Endpoint to, unsigned attempt) {
  host_.record(AnswerRepeated{
      .responder = name_, .kind = kind_, .answer = due.id, .to = to, .attempt = attempt});
}

void Answering::failed(const DueAnswer& due, std::string_view reason) {
  host_.record(AnswerFailed{.responder = name_,
                            .kind = kind_,
                            .request = due.request,
                            .answer = due.id,
                            .reason = reason});
}

void Answering::spoilt(const DueAnswer& due, const FaultDone& fault) {
  host_.record(FaultInjected{.responder = name_,
                             .kind = kind_,
                             .answer = due.id,
                             .fault = fault.fault,
                             .detail = fault.detail});
}

Bytes Answering::spoilt_octets(const DueAnswer& due, BytesView payload, OctetRange transaction) {
  return spoil(*due.faults, payload, transaction, host_.random(),
               [&](const FaultDone& fault) { spoilt(due, fault); });
}

Expected<void> Answering::transmit(const DueAnswer& due, UdpSocket& socket, Endpoint to,
                                   BytesView payload) {
  if (due.faults == nullptr || !due.faults->from) return socket.send(to, payload);
  Endpoint from = *due.faults->from;
  if (from.port == 0) from.port = socket.local().port;
  return socket.send_as(from, to, payload);
}

void Answering::transmit_copies(const DueAnswer& due, Endpoint to, Bytes payload,
                                Transmit transmit) {
  const Faults& faults = *due.faults;
  if (faults.from) spoilt(due, {"other-address", "sent as " + faults.from->address.to_string()});
  if (const auto result = transmit(payload); !result) return failed(due, result.error().text);
  if (faults.copies < 2) return;
  spoilt(due, {"copies", fmt::format("{} in all, {} apart", faults.copies, to_string(faults.gap))});
  struct Copies {
    DueAnswer due;
    Endpoint to;
    Bytes payload;
    Transmit transmit;
  };
  const auto copies = std::make_shared<Copies>(due, to, std::move(payload), std::move(transmit));
  for (unsigned copy = 2; copy <= faults.copies; ++copy) {
    start_timer(host_.now() + faults.gap * static_cast<int>(copy - 1), [this, copies, copy] {
      repeated(copies->due, copies->to, copy);
      if (const auto result = copies->transmit(copies->payload); !result) {
        failed(copies->due, result.error().text);
      }
    });
  }
}

void Answering::send(const DueAnswer& due, UdpSocket& socket, Endpoint to, BytesView payload,
                     std::string_view summary, OctetRange transaction) {
  sent(due, to, summary);
  if (due.faults == nullptr) {
    if (const auto result = socket.send(to, payload); !result) failed(due, result.error().text);
    return;
  }
  transmit_copies(
      due, to, spoilt_octets(due, payload, transaction),
      [this, due, &socket, to](BytesView octets) { return transmit(due, socket, to, octets); });
}

void Answering::send(const DueAnswer& due, LinkSocket& socket, const LinkDatagram& datagram,
                     std::string_view summary, OctetRange transaction) {
  sent(due, datagram.to, summary);
  if (due.faults == nullptr) {
    if (const auto result = socket.send(datagram); !result) failed(due, result.error().text);
    return;
  }
  LinkDatagram frame = datagram;
  if (due.faults->from) {
    frame.from.address = due.faults->from->address;
    if (due.faults->from->port != 0) frame.from.port = due.faults->from->port;
  }
  transmit_copies(due, datagram.to, spoilt_octets(due, datagram.payload, transaction),
                  [&socket, frame = std::move(frame)](BytesView octets) mutable {
                    frame.payload.assign(octets.begin(), octets.end());
                    return socket.send(frame);
                  });
}

void Answering::repeat(const DueAnswer& due, unsigned attempt, UdpSocket& socket, Endpoint to,
                       BytesView payload, OctetRange transaction) {
  repeated(due, to, attempt);
  const auto result = due.faults == nullptr
                          ? socket.send(to, payload)
                          : transmit(due, socket, to, spoilt_octets(due, payload, transaction));
  if (!result) failed(due, result.error().text);
}

}  // namespace provlab::netfakes
