#include <algorithm>

#include "sim/world/tcp.hpp"
#include "sim/world/tcp_sequence.hpp"

// How a connection takes a segment: RFC 9293 3.10.7, with RFC 5961 and RFC 7323 5.
namespace provlab::world {

namespace {

using namespace std::chrono_literals;

constexpr Duration kTimestampsAge = 24 * 24h;  // RFC 7323 5.5: then they prove nothing
constexpr std::uint8_t kLargestShift = 14;     // RFC 7323 2.3
constexpr std::size_t kLeastSegment = 48;      // as Linux: a peer does not make us send crumbs
constexpr std::size_t kDefaultSegment = 536;   // RFC 9293 3.7.1: of a SYN that names none
constexpr std::size_t kTimestampsLength = 12;

}  // namespace

void TcpConnection::receive(Packet& packet) {
  const auto self = shared_from_this();
  heard_at_ = loop_.now();
  keep_alives_ = 0;
  if (state_ == State::syn_sent) return answer_to_syn(packet);
  if (state_ == State::closed || !synchronized(packet)) return;
  sender_.output(loop_.now());
  arm();
  tell_user();
  finish_if_done();
}

void TcpConnection::answer_to_syn(const Packet& packet) {
  if (packet.flags.ack && packet.acknowledgement != first_sequence_ + 1) {
    // An old connection of ours is still there at the peer's: it goes (3.5.1).
    return keeper_.refuse(packet);
  }
  if (packet.flags.rst) {
    if (packet.flags.ack) end(asio::error::connection_refused);
    return;
  }
  if (!packet.flags.syn) return;
  take_syn(packet);
  if (packet.flags.ack) {
    become_established(packet);
    send_ack();
    sender_.output(loop_.now());
    arm();
    return tell_user();
  }
  state_ = State::syn_received;  // both have asked at once
  syn_attempts_ = 0;
  send_syn();
}

void TcpConnection::take_syn(const Packet& packet) {
  peer_options_ = packet.options;
  timestamps_ = packet.options.timestamps.has_value();
  if (timestamps_) recent_ = packet.options.timestamps->value;
  recent_at_ = loop_.now();
  const bool scaled = packet.options.window_shift.has_value();
  receiver_.open(packet.sequence + 1, scaled ? TcpReceiver::kShift : 0);
}

std::size_t TcpConnection::window_of(const Packet& packet) const {
  if (packet.flags.syn) return packet.window;
  const std::uint8_t shift = peer_options_.window_shift.value_or(0);
  return std::size_t{packet.window} << std::min(shift, kLargestShift);
}

std::optional<Duration> TcpConnection::echoed(const Packet& packet) const {
  if (!timestamps_ || !packet.options.timestamps) return std::nullopt;
  const Duration ago = kTimestampTick * (clock() - packet.options.timestamps->echo);
  if (ago > loop_.now() - syn_at_) return std::nullopt;  // older than the connection
  return ago;
}

void TcpConnection::become_established(const Packet& packet) {
  loop_.queue().take(timer_);
  const std::size_t named = peer_options_.largest_segment.value_or(kDefaultSegment);
  const std::size_t segment = std::clamp<std::size_t>(named, kLeastSegment, kSegment);
  sender_.open({.segment = segment - (timestamps_ ? kTimestampsLength : 0),
                .ranges = peer_options_.selective,
                .sequence = packet.sequence,
                .window = window_of(packet)});
  if (syn_attempts_ == 0) sender_.measured(loop_.now() - syn_at_);  // Karn's rule
  state_ = State::established;
}

bool TcpConnection::repeats_syn(const Packet& packet) const {
  return state_ == State::syn_received && packet.flags.syn && !packet.flags.rst &&
         packet.sequence + 1 == receiver_.expected();
}

bool TcpConnection::synchronized(Packet& packet) {
  if (repeats_syn(packet)) {
    // A SYN-ACK where both have asked; else answer again, unless the first answer is still being
    // delayed.
    if (packet.flags.ack && !passive_) return handshake_done(packet);
    if (syn_attempts_ > 0 || syn_at_ != Instant{}) send_syn();
    return false;
  }
  if (packet.flags.syn && !packet.flags.rst) {
    challenge();  // RFC 5961 4.2
    return false;
  }
  if (!acceptable(packet)) return false;
  if (packet.flags.rst) {
    on_reset(packet);
    return false;
  }
  if (!packet.flags.ack) return false;
  if (state_ == State::syn_received && !handshake_done(packet)) return false;
  if (state_ != State::established || !take_acknowledgement(packet)) return false;
  if (!packet.payload.empty() || packet.flags.fin) take_payload(packet);
  return state_ == State::established;
}

bool TcpConnection::acceptable(const Packet& packet) {
  const std::size_t length = packet.payload.size() + (packet.flags.fin ? 1 : 0);
  const auto& stamps = packet.options.timestamps;
  // RFC 7323 5.3: a segment from before the numbers wrapped.
  const bool old = timestamps_ && stamps && !packet.flags.rst && before(stamps->value, recent_) &&
                   loop_.now() - recent_at_ < kTimestampsAge;
  if (old || !receiver_.acceptable(packet.sequence, length)) {
    if (packet.flags.rst) return false;
    if (length == 0) {
      challenge();  // a keep-alive, a probe of our window, or half of a dispute
    } else {
      receiver_.came_twice(packet.sequence, packet.payload.size());
      send_ack();
    }
    return false;
  }
  if (timestamps_ && stamps && !before(last_acknowledged_, packet.sequence)) {
    recent_ = stamps->value;
    recent_at_ = loop_.now();
  }
  return true;
}

void TcpConnection::on_reset(const Packet& packet) {
  // RFC 5961 3.2: one that does not hit the very octet may be a guess.
  if (packet.sequence != receiver_.expected()) return challenge();
  end(asio::error::connection_reset);
}

bool TcpConnection::handshake_done(const Packet& packet) {
  if (packet.acknowledgement != first_sequence_ + 1) {
    keeper_.refuse(packet);  // 3.10.7.4, fifth
    return false;
  }
  become_established(packet);
  if (passive_) keeper_.offer(shared_from_this());
  return state_ == State::established;
}

bool TcpConnection::take_acknowledgement(const Packet& packet) {
  const auto verdict = sender_.acknowledge({.sequence = packet.sequence,
                                            .number = packet.acknowledgement,
                                            .window = window_of(packet),
                                            .bare = packet.bare_ack(),
                                            .ranges = packet.options.ranges,
                                            .echoed = echoed(packet)},
                                           loop_.now());
  if (verdict == TcpSender::Verdict::taken) return true;
  challenge();
  return false;
}

void TcpConnection::take_payload(const Packet& packet) {
  const bool finished = receiver_.finished();
  // RFC 9293 3.6.1: nobody reads any more. What came before is only acknowledged again.
  if (discard_ && receiver_.brings_news(packet.sequence, packet.payload.size())) return reset();
  const auto answer = receiver_.take(packet.sequence, packet.payload, packet.flags.fin);
  if (!finished && receiver_.finished()) ended_first_ = sender_.finish_sent();
  if (answer == TcpReceiver::Answer::now) {
    send_ack();
  } else {
    want_ack();
  }
}

}  // namespace provlab::world
