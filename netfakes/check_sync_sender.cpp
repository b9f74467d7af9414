#include "netfakes/check_sync_sender.hpp"

#include <fmt/format.h>

namespace provlab::netfakes {

CheckSyncSender::CheckSyncSender(Host& host, std::string_view name)
    : host_(host), answering_(host, name, "check-sync") {}

Expected<void> CheckSyncSender::start() {
  return listener_.open(host_, {}, [this](const Datagram& datagram) { receive(datagram); });
}

void CheckSyncSender::send(const CheckSync& notify, Endpoint to) {
  answering_.schedule(nullptr, notify.answer, "check-sync",
                      [this, &notify, to](const DueAnswer& due) { leave(notify, due, to); });
}

void CheckSyncSender::leave(const CheckSync& notify, const DueAnswer& due, Endpoint to) {
  const std::string token = fmt::format("{}-c{}", host_.mac().compact(), ++sent_);
  std::string branch = "z9hG4bK-" + token;
  std::string payload = make_unsolicited({.local = listener_.socket().local(),
                                          .to = to,
                                          .branch = branch,
                                          .call_id = token,
                                          .tag = token,
                                          .event = notify.event,
                                          .content_type = notify.content_type,
                                          .body = notify.body});
  answering_.send(due, listener_.socket(), to, bytes_of(payload),
                  fmt::format("notify {} {} octets", notify.event, notify.body.size()),
                  call_id_of(payload));
  in_flight_.add({.due = due,
                  .to = to,
                  .branch = std::move(branch),
                  .payload = std::move(payload),
                  .repetitions = notify.repetitions},
                 listener_.socket());
}

void CheckSyncSender::receive(const Datagram& datagram) {
  const auto message = SipMessage::parse(text_of(datagram.payload));
  if (!message) return answering_.ignored(datagram.from, message.error().text);
  if (message->is_request() ||
      !in_flight_.take(*message, text_of(datagram.payload), datagram.from)) {
    answering_.ignored(datagram.from, "it responds to no NOTIFY that waits");
  }
}

}  // namespace provlab::netfakes
