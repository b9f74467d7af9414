#include "netfakes/check_sync_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/sip_wire.hpp"

namespace provlab::netfakes {

namespace {

// RFC 3261 17.1.2.2, timer E.
constexpr Duration kFirstRepetition = std::chrono::milliseconds(500);
constexpr Duration kLongestRepetition = std::chrono::seconds(4);

}  // namespace

struct CheckSyncSender::InFlight {
  std::string branch;
  DueAnswer due;
  Endpoint to;
  std::string payload;
  unsigned left = 0;  ///< repetitions
  unsigned attempt = 1;
  Duration interval = kFirstRepetition;
  OperationId timer;
};

CheckSyncSender::CheckSyncSender(Host& host, std::string_view name)
    : host_(host),
      answering_(host, name, "check-sync"),
      in_flight_(std::make_shared<InFlightList>()) {}

CheckSyncSender::~CheckSyncSender() = default;

Expected<void> CheckSyncSender::start() {
  return listener_.open(host_, {}, [this](const Datagram& datagram) { receive(datagram); });
}

void CheckSyncSender::send(const CheckSync& notify, Endpoint to) {
  answering_.schedule(nullptr, notify.answer, "check-sync",
                      [this, &notify, to](const DueAnswer& due) { leave(notify, due, to); });
}

void CheckSyncSender::leave(const CheckSync& notify, const DueAnswer& due, Endpoint to) {
  const std::string token = fmt::format("{}-c{}", host_.mac().compact(), ++sent_);
  InFlight flight;
  flight.branch = "z9hG4bK-" + token;
  flight.due = due;
  flight.to = to;
  flight.left = notify.repetitions;
  flight.payload = make_unsolicited({.local = listener_.socket().local(),
                                     .to = to,
                                     .branch = flight.branch,
                                     .call_id = token,
                                     .tag = token,
                                     .event = notify.event,
                                     .content_type = notify.content_type,
                                     .body = notify.body});
  answering_.send(due, listener_.socket(), to, bytes_of(flight.payload),
                  fmt::format("notify {} {} octets", notify.event, notify.body.size()),
                  call_id_of(flight.payload));
  await_response(in_flight_->insert(in_flight_->end(), std::move(flight)));
}

void CheckSyncSender::await_response(InFlightList::iterator notify) {
  notify->timer = host_.start_timer(
      host_.now() + notify->interval,
      [this, weak = std::weak_ptr(in_flight_), notify](error_code error) {
        const auto alive = weak.lock();
        if (!alive || error) return;
        if (notify->left-- == 0) {
          alive->erase(notify);
          return;
        }
        notify->interval = std::min(notify->interval * 2, kLongestRepetition);
        answering_.repeat(notify->due, ++notify->attempt, listener_.socket(), notify->to,
                          bytes_of(notify->payload), call_id_of(notify->payload));
        await_response(notify);
      });
}

void CheckSyncSender::receive(const Datagram& datagram) {
  const auto message = SipMessage::parse(text_of(datagram.payload));
  if (!message) return answering_.ignored(datagram.from, message.error().text);
  const auto notify = std::ranges::find_if(*in_flight_, [&](const InFlight& each) {
    return !message->is_request() && each.branch == message->branch();
  });
  if (notify == in_flight_->end()) {
    return answering_.ignored(datagram.from, "it responds to no NOTIFY that waits");
  }
  if (message->status() < 200) return;
  host_.record(AnswerConfirmed{.responder = answering_.name(),
                               .kind = answering_.kind(),
                               .answer = notify->due.id,
                               .from = datagram.from,
                               .status = message->status()});
  host_.cancel(notify->timer);
  in_flight_->erase(notify);
}

}  // namespace provlab::netfakes
