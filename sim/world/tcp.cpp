#include "sim/world/tcp.hpp"

#include <algorithm>

#include "sim/world/tcp_sequence.hpp"

// How a connection works, from the SYN to its end:
//  1. connect() and accept_syn() send a SYN or SYN-ACK until it is acknowledged.
//  2. Then sender_ has what the user sends, and receiver_ what the peer does. Both know nothing of
//  packets: transmit() gives each segment its acknowledgement, window and options.
//  3. receive() looks at a segment in the order of RFC 9293 3.10.7.4: is it acceptable, RST, SYN,
//  acknowledgement, octets, FIN. tcp_receive.cpp has it. Then the sender goes on, and the user is
//  told.
//  4. An acknowledgement of what is in order waits for the end of the instant, so that an answer
//  can carry it; all others leave at once.
//  5. One timer is armed for what the sender is due to do next.
//  6. When both FINs are acknowledged, at an RST, or after too many attempts, end() lets go of all.
namespace provlab::world {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kMostSynAttempts = 7;   // as Linux: gives up after 127 s
constexpr unsigned kMostVainAttempts = 2;  // 1 s and 2 s: as long as Linux asks for a link address
constexpr Duration kLongestLinger = 60s;   // FIN-WAIT-2 without a user, as Linux
constexpr Duration kChallengeGap = 500ms;  // as Linux

}  // namespace

TcpConnection::TcpConnection(Keeper& keeper, Endpoint local, Endpoint remote,
                             std::uint32_t first_sequence, std::uint32_t first_timestamp)
    : keeper_(keeper),
      loop_(keeper.loop()),
      local_(local),
      remote_(remote),
      first_sequence_(first_sequence),
      sender_(*this, first_sequence + 1),
      first_timestamp_(first_timestamp) {}

// Sending

Packet TcpConnection::segment(TcpFlags flags, std::uint32_t sequence) {
  Packet packet;
  packet.protocol = Protocol::tcp;
  packet.flags = flags;
  packet.from = local_;
  packet.to = remote_;
  packet.sequence = sequence;
  return packet;
}

void TcpConnection::transmit(Packet&& packet) {
  if (packet.flags.ack) {
    loop_.queue().take(acknowledgement_);  // carried by this segment
    packet.acknowledgement = last_acknowledged_ = receiver_.expected();
  }
  if (packet.flags.syn) {
    packet.window = TcpReceiver::kUnscaled;
  } else {
    packet.window = receiver_.window();
    put_options(packet);
  }
  keeper_.send(std::move(packet));
}

void TcpConnection::put_options(Packet& packet) {
  if (timestamps_) packet.options.timestamps = {clock(), packet.flags.ack ? recent_ : 0};
  // A full segment has no room for ranges: what comes out of order is answered by a bare one.
  const bool tells = peer_options_.selective && packet.bare_ack();
  if (tells) packet.options.ranges = receiver_.ranges(timestamps_ ? 3 : 4);
}

void TcpConnection::send_octets(std::uint32_t sequence, BytesView octets, bool last) {
  Packet packet = segment({.ack = true, .psh = last}, sequence);
  packet.payload.assign(octets.begin(), octets.end());
  transmit(std::move(packet));
}

void TcpConnection::send_finish(std::uint32_t sequence) {
  transmit(segment({.ack = true, .fin = true}, sequence));
}

void TcpConnection::send_probe(std::uint32_t sequence) {
  transmit(segment({.ack = true}, sequence));
}

void TcpConnection::send_ack() {
  transmit(segment({.ack = true}, sender_.next()));
}

void TcpConnection::want_ack() {
  if (loop_.queue().pending(acknowledgement_)) return;
  acknowledgement_ = loop_.queue().schedule(loop_.now(), Rank::acknowledge,
                                            [self = shared_from_this()](error_code) {
                                              if (self->state_ != State::closed) self->send_ack();
                                            });
}

void TcpConnection::challenge() {
  if (challenged_at_ && loop_.now() - *challenged_at_ < kChallengeGap) return;
  challenged_at_ = loop_.now();
  send_ack();
}

// Handshake

void TcpConnection::connect() {
  state_ = State::syn_sent;
  if (const error_code error = keeper_.obstacle(remote_.address)) {
    timer_ = loop_.queue().schedule(
        loop_.now(), Rank::timer,
        [self = shared_from_this(), error](error_code) { self->end(error); });
    return;
  }
  send_syn();
}

void TcpConnection::accept_syn(const Packet& syn, Duration syn_ack_delay) {
  state_ = State::syn_received;
  passive_ = true;
  take_syn(syn);
  if (syn_ack_delay <= Duration::zero()) return send_syn();
  timer_ = loop_.queue().schedule(loop_.now() + syn_ack_delay, Rank::timer,
                                  [self = shared_from_this()](error_code) { self->send_syn(); });
}

void TcpConnection::send_syn() {
  if (syn_attempts_ == 0) syn_at_ = loop_.now();
  const bool answers = state_ == State::syn_received;
  Packet syn = segment({.syn = true, .ack = answers}, first_sequence_);
  syn.options.largest_segment = kSegment;
  syn.options.selective = !answers || peer_options_.selective;
  if (!answers || peer_options_.window_shift) syn.options.window_shift = TcpReceiver::kShift;
  if (!answers || timestamps_) syn.options.timestamps = {clock(), answers ? recent_ : 0};
  transmit(std::move(syn));
  arm_syn(TcpRoundTrip().timeout(syn_attempts_));
}

void TcpConnection::arm_syn(Duration wait) {
  loop_.queue().take(timer_);
  timer_ = loop_.queue().schedule(loop_.now() + wait, Rank::timer,
                                  [self = shared_from_this()](error_code) { self->syn_due(); });
}

void TcpConnection::syn_due() {
  if (state_ == State::closed) return;
  if (++syn_attempts_ >= kMostSynAttempts) return end(asio::error::timed_out);
  const bool vain = state_ == State::syn_sent && keeper_.asks_in_vain(remote_.address);
  if (vain && syn_attempts_ >= kMostVainAttempts) return end(asio::error::host_unreachable);
  send_syn();
}

// What the user does

std::size_t TcpConnection::send(BytesView data) {
  if (!can_send()) return 0;
  const std::size_t taken = sender_.append(data);
  sender_.output(loop_.now());
  arm();
  return taken;
}

bool TcpConnection::can_send() const {
  return state_ == State::established && sender_.has_room();
}

void TcpConnection::shutdown_send() {
  if (sender_.finish_wanted() || state_ == State::closed) return;
  sender_.finish();
  if (state_ != State::established) return;
  sender_.output(loop_.now());
  arm();
}

std::size_t TcpConnection::read(std::uint8_t* data, std::size_t size, bool peek) {
  const std::size_t length = receiver_.read(data, size, peek);
  const bool tells = length > 0 && !peek && state_ == State::established;
  if (tells && !receiver_.finished() && receiver_.must_tell_window()) want_ack();
  return length;
}

void TcpConnection::close() {
  user_ = nullptr;
  if (state_ == State::closed || discard_) return;
  discard_ = true;
  if (state_ != State::established) return state_ == State::syn_sent ? end({}) : reset();
  if (has_data()) return reset();  // RFC 2525 2.17: unread data is not pretended to have arrived
  shutdown_send();
  finish_if_done();
}

void TcpConnection::reset() {
  if (state_ == State::closed) return;
  if (state_ != State::syn_sent) transmit(segment({.ack = true, .rst = true}, sender_.next()));
  end(asio::error::connection_aborted);
}

void TcpConnection::vanish() {
  end(asio::error::connection_aborted);
}

// Timers

void TcpConnection::arm() {
  if (state_ != State::established) return;
  const std::optional<Instant> due = sender_.due();
  if (due == armed_) return;
  loop_.queue().take(timer_);
  armed_ = due;
  if (!due) return;
  timer_ = loop_.queue().schedule(*due, Rank::timer,
                                  [self = shared_from_this()](error_code) { self->timer_due(); });
}

void TcpConnection::timer_due() {
  if (state_ != State::established) return;
  armed_.reset();
  if (!sender_.on_timer(loop_.now())) return end(asio::error::timed_out);
  arm();
}

void TcpConnection::look_for_peer() {
  if (state_ != State::established || sender_.due() || loop_.now() - heard_at_ < kIdle) return;
  if (keep_alives_ == kKeepAliveProbes) return end(asio::error::timed_out);
  ++keep_alives_;
  send_probe(sender_.next() - 1);
}

// The end

void TcpConnection::tell_user() {
  if (user_ != nullptr) user_->on_tcp_change();
}

void TcpConnection::finish_if_done() {
  if (state_ != State::established || !sender_.finish_acknowledged()) return;
  if (receiver_.finished()) {
    if (loop_.queue().take(acknowledgement_)) send_ack();
    const TimeWait wait{.next = sender_.next(),
                        .expected = receiver_.expected(),
                        .recent = timestamps_ ? std::optional(recent_) : std::nullopt,
                        .clock = first_timestamp_};
    end({});
    if (ended_first_) keeper_.wait_out(*this, wait);
  } else if (discard_ && !loop_.queue().pending(linger_)) {
    linger_ = loop_.queue().schedule(loop_.now() + kLongestLinger, Rank::timer,
                                     [self = shared_from_this()](error_code) { self->end({}); });
  }
}

void TcpConnection::end(error_code error) {
  const auto self = shared_from_this();
  const bool handshaking = state_ == State::syn_received;
  state_ = State::closed;
  if (!error_) error_ = error;
  loop_.queue().take(timer_);
  loop_.queue().take(acknowledgement_);
  loop_.queue().take(linger_);
  keeper_.forget(*this, passive_ && handshaking);
  tell_user();
}

}  // namespace provlab::world
