#include "netfakes/requests_in_flight.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/header_lines.hpp"

namespace provlab::netfakes {

namespace {

// RFC 3261 17.1.2.2, timer E.
constexpr Duration kT1 = std::chrono::milliseconds(500);
constexpr Duration kT2 = std::chrono::seconds(4);

constexpr std::size_t kMostAnswered = 128;

}  // namespace

void RequestsInFlight::add(Sent sent, UdpSocket& socket) {
  wait(waiting_.emplace(waiting_.end(), host_, std::move(sent), socket), kT1);
}

void RequestsInFlight::wait(Place place, Duration interval) {
  place->interval = interval;
  place->repetition.start(host_.now() + interval, [this, place] { repeat(place); });
}

void RequestsInFlight::repeat(Place place) {
  const Sent& sent = place->sent;
  if (place->attempt > sent.repetitions) {
    waiting_.erase(place);
    return;
  }
  answering_.repeat(sent.due, ++place->attempt, place->socket, sent.to, bytes_of(sent.payload),
                    call_id_of(sent.payload));
  wait(place, std::min(place->interval * 2, kT2));
}

RequestsInFlight::Place RequestsInFlight::find(std::list<Waiting>& among,
                                               const SipMessage& response) {
  Place branch = among.end();
  const std::string cseq = fmt::format("CSeq: {} {}\r\n", response.cseq(), response.method());
  for (Place place = among.begin(); place != among.end(); ++place) {
    const Sent& sent = place->sent;
    if (sent.branch != response.branch()) continue;
    const bool same = sent.payload.find(response.call_id()) != std::string::npos &&
                      sent.payload.find(cseq) != std::string::npos;
    if (same) return place;
    if (branch == among.end()) branch = place;
  }
  return branch;
}

bool RequestsInFlight::take(const SipMessage& response, std::string_view text, Endpoint from) {
  const Place waiting = find(waiting_, response);
  const bool waits = waiting != waiting_.end();
  const Place place = waits ? waiting : find(answered_, response);
  if (!waits && place == answered_.end()) return false;
  host_.record(AnswerConfirmed{.responder = answering_.name(),
                               .kind = answering_.kind(),
                               .answer = place->sent.due.id,
                               .from = from,
                               .status = response.status(),
                               .contents = told_lines(text)});
  if (!waits || response.status() < 200) return true;
  place->repetition.cancel();
  answered_.splice(answered_.end(), waiting_, place);
  if (answered_.size() > kMostAnswered) answered_.pop_front();
  return true;
}

}  // namespace provlab::netfakes
