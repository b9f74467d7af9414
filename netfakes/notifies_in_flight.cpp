#include "netfakes/notifies_in_flight.hpp"

#include <algorithm>

namespace provlab::netfakes {

namespace {

// RFC 3261 17.1.2.2, timer E.
constexpr Duration kT1 = std::chrono::milliseconds(500);
constexpr Duration kT2 = std::chrono::seconds(4);

}  // namespace

void NotifiesInFlight::add(Notify notify, UdpSocket& socket) {
  wait(waiting_.emplace(waiting_.end(), host_, std::move(notify), socket), kT1);
}

void NotifiesInFlight::wait(Place place, Duration interval) {
  place->interval = interval;
  place->repetition.start(host_.now() + interval, [this, place] { repeat(place); });
}

void NotifiesInFlight::repeat(Place place) {
  const Notify& notify = place->notify;
  if (place->attempt > notify.repetitions) {
    waiting_.erase(place);
    return;
  }
  answering_.repeat(notify.due, ++place->attempt, place->socket, notify.to,
                    bytes_of(notify.payload), call_id_of(notify.payload));
  wait(place, std::min(place->interval * 2, kT2));
}

bool NotifiesInFlight::take(const SipMessage& response, Endpoint from) {
  const auto place = std::ranges::find_if(
      waiting_, [&](const Waiting& waiting) { return waiting.notify.branch == response.branch(); });
  if (place == waiting_.end()) return false;
  if (response.status() < 200) return true;
  host_.record(AnswerConfirmed{.responder = answering_.name(),
                               .kind = answering_.kind(),
                               .answer = place->notify.due.id,
                               .from = from,
                               .status = response.status()});
  waiting_.erase(place);
  return true;
}

}  // namespace provlab::netfakes
