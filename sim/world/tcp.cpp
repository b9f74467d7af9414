#include "sim/world/tcp.hpp"

#include <algorithm>
#include <cstring>

namespace provlab::world {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSegment = 1460;  // RFC 9293 3.7.1: 1500 − 20 − 20
constexpr std::size_t kSendBuffer = 256 * 1024;
constexpr std::size_t kWindow = 65535;        // no window scaling
constexpr Duration kFirstTimeout = 1s;        // RFC 6298 2.1, and of every SYN
constexpr Duration kShortestTimeout = 200ms;  // as Linux; RFC 6298 2.4 says 1 s
constexpr Duration kLongestTimeout = 120s;
constexpr unsigned kMostSynAttempts = 7;   // as Linux: gives up after 127 s
constexpr unsigned kMostVainAttempts = 2;  // 1 s and 2 s: as long as Linux asks for a link address
constexpr unsigned kMostAttempts = 15;

bool before(std::uint32_t a, std::uint32_t b) {
  return SequenceOrder()(a, b);
}

}  // namespace

// How a connection works, from the SYN to its end:
//  1. connect() and accept_syn() send a SYN or SYN-ACK until handshake() sees it acknowledged.
//  2. send() appends to outgoing_, which starts at unacknowledged_; of it, sent_ octets are on the
//  way. output() sends what the peer's window allows, and the FIN behind the last octet.
//  3. receive() takes a segment apart: acknowledgement, octets, FIN. What comes early waits in
//  early_ until expected_ reaches it. Then output() goes on, and the user is told.
//  4. An acknowledgement waits for the end of the instant, so that an answer can carry it.
//  5. While something is unacknowledged retransmission_ is armed, each time for twice as long. It
//  sends the oldest segment, a SYN, a FIN, or an octet that asks whether the window is still shut.
//  6. When both FINs are acknowledged, at an RST, or after too many attempts, end() lets go of all.

TcpConnection::TcpConnection(TcpLayer& layer, Endpoint local, Endpoint remote,
                             std::uint32_t first_sequence)
    : layer_(layer),
      loop_(layer.loop()),
      local_(local),
      remote_(remote),
      first_sequence_(first_sequence),
      unacknowledged_(first_sequence + 1),
      recover_until_(first_sequence + 1),
      timeout_(kFirstTimeout) {}

Packet TcpConnection::segment(TcpFlags flags, std::uint32_t sequence) {
  Packet packet;
  packet.protocol = Protocol::tcp;
  packet.flags = flags;
  packet.from = local_;
  packet.to = remote_;
  packet.sequence = sequence;
  if (flags.ack) packet.acknowledgement = expected_;
  return packet;
}

void TcpConnection::transmit(Packet packet) {
  if (packet.flags.ack) {
    loop_.queue().take(acknowledgement_);  // carried by this segment
    advertised_ = window();
  }
  packet.window = advertised_;
  layer_.send(std::move(packet));
}

std::uint16_t TcpConnection::window() const {
  const std::size_t unread = received_.size() - read_offset_;
  return static_cast<std::uint16_t>(unread >= kWindow ? 0 : kWindow - unread);
}

void TcpConnection::connect() {
  state_ = State::syn_sent;
  if (const error_code error = layer_.obstacle(remote_.address)) {
    retransmission_ = loop_.queue().schedule(
        loop_.now(), Rank::timer,
        [self = shared_from_this(), error](error_code) { self->end(error); });
    return;
  }
  send_syn();
}

void TcpConnection::accept_syn(const Packet& syn, Duration syn_ack_delay) {
  state_ = State::syn_received;
  expected_ = syn.sequence + 1;
  if (syn_ack_delay <= Duration::zero()) return send_syn();
  retransmission_ =
      loop_.queue().schedule(loop_.now() + syn_ack_delay, Rank::timer,
                             [self = shared_from_this()](error_code) { self->send_syn(); });
}

void TcpConnection::send_syn() {
  if (attempts_ == 0) syn_at_ = loop_.now();
  TcpFlags flags;
  flags.syn = true;
  flags.ack = state_ == State::syn_received;
  Packet syn = segment(flags, first_sequence_);
  syn.options.largest_segment = static_cast<std::uint16_t>(kSegment);
  transmit(std::move(syn));
  arm_retransmission();
}

std::size_t TcpConnection::send(BytesView data) {
  if (!can_send()) return 0;
  const std::size_t room = kSendBuffer - outgoing_.size();
  const std::size_t taken = std::min(room, data.size());
  outgoing_.insert(outgoing_.end(), data.begin(),
                   data.begin() + static_cast<std::ptrdiff_t>(taken));
  output();
  return taken;
}

bool TcpConnection::can_send() const {
  return state_ == State::established && !finish_wanted_ && outgoing_.size() < kSendBuffer;
}

void TcpConnection::shutdown_send() {
  if (finish_wanted_ || state_ == State::closed) return;
  finish_wanted_ = true;
  output();
}

void TcpConnection::output() {
  if (state_ != State::established) return;
  while (unsent() > 0 && sent_ < peer_window_) {
    const std::size_t length = std::min({unsent(), kSegment, std::size_t{peer_window_} - sent_});
    send_data(sent_, length);
    sent_ += length;
  }
  if (finish_wanted_ && !finish_sent_ && unsent() == 0) {
    finish_sent_ = true;
    send_fin();
  }
  if (sent_ > 0 || unsent() > 0 || (finish_sent_ && !finish_acknowledged_)) {
    if (!loop_.queue().pending(retransmission_)) arm_retransmission();
  }
}

void TcpConnection::send_data(std::size_t offset, std::size_t length) {
  TcpFlags flags;
  flags.ack = true;
  flags.psh = offset + length == outgoing_.size();
  Packet packet = segment(flags, unacknowledged_ + static_cast<std::uint32_t>(offset));
  const auto first = outgoing_.begin() + static_cast<std::ptrdiff_t>(offset);
  packet.payload.assign(first, first + static_cast<std::ptrdiff_t>(length));
  transmit(std::move(packet));
}

void TcpConnection::retransmit() {
  const std::uint32_t on_the_way = unacknowledged_ + static_cast<std::uint32_t>(sent_);
  if (before(recover_until_, on_the_way) && !before(unacknowledged_, recover_until_)) {
    recover_until_ = on_the_way;
  }
  send_data(0, std::min(sent_, kSegment));
}

void TcpConnection::send_fin() {
  TcpFlags flags;
  flags.ack = true;
  flags.fin = true;
  transmit(segment(flags, unacknowledged_ + static_cast<std::uint32_t>(outgoing_.size())));
}

void TcpConnection::send_ack() {
  TcpFlags flags;
  flags.ack = true;
  const std::uint32_t finish = finish_sent_ ? 1 : 0;
  transmit(segment(flags, unacknowledged_ + static_cast<std::uint32_t>(sent_) + finish));
}

void TcpConnection::want_ack() {
  if (loop_.queue().pending(acknowledgement_)) return;
  acknowledgement_ = loop_.queue().schedule(loop_.now(), Rank::acknowledge,
                                            [self = shared_from_this()](error_code) {
                                              if (self->state_ != State::closed) self->send_ack();
                                            });
}

void TcpConnection::arm_retransmission() {
  loop_.queue().take(retransmission_);
  retransmission_ = loop_.queue().schedule(
      loop_.now() + std::min(timeout_ * (1U << attempts_), kLongestTimeout), Rank::timer,
      [self = shared_from_this()](error_code) { self->retransmission_due(); });
}

void TcpConnection::retransmission_due() {
  if (state_ == State::closed) return;
  ++attempts_;
  if (state_ != State::established) {
    if (attempts_ >= kMostSynAttempts) return end(asio::error::timed_out);
    const bool vain = state_ == State::syn_sent && layer_.asks_in_vain(remote_.address);
    if (vain && attempts_ >= kMostVainAttempts) return end(asio::error::host_unreachable);
    return send_syn();
  }
  if (attempts_ >= kMostAttempts) return end(asio::error::timed_out);
  if (sent_ > 0) {
    retransmit();
  } else if (unsent() > 0) {
    send_data(0, 1);  // probes a closed window (RFC 9293 3.8.6.1)
    sent_ = 1;
  } else if (finish_sent_ && !finish_acknowledged_) {
    send_fin();
  } else {
    return;
  }
  arm_retransmission();
}

std::size_t TcpConnection::read(std::uint8_t* data, std::size_t size, bool peek) {
  const std::size_t length = std::min(size, received_.size() - read_offset_);
  if (length > 0) std::memcpy(data, received_.data() + read_offset_, length);
  if (peek || length == 0) return length;
  read_offset_ += length;
  if (read_offset_ == received_.size()) {
    received_.clear();
    read_offset_ = 0;
  }
  // Tell a sender that stands before a small window that there is room again.
  if (advertised_ < kSegment && window() >= kWindow / 2 && state_ == State::established) want_ack();
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
  if (state_ != State::syn_sent) {
    TcpFlags flags;
    flags.rst = true;
    flags.ack = true;
    transmit(segment(flags, unacknowledged_ + static_cast<std::uint32_t>(sent_)));
  }
  end(asio::error::connection_aborted);
}

void TcpConnection::vanish() {
  end(asio::error::connection_aborted);
}

void TcpConnection::receive(Packet& packet) {
  const auto self = shared_from_this();
  if (state_ != State::established) {
    handshake(packet);
    if (state_ != State::established) return;
  } else if (packet.flags.syn) {
    return want_ack();  // our acknowledgement of the SYN-ACK was lost
  }
  if (packet.flags.rst) {
    if (packet.sequence == expected_) end(asio::error::connection_reset);
    return;
  }
  take_acknowledgement(packet);
  if (discard_ && !packet.payload.empty()) return reset();
  if (!packet.payload.empty() || packet.flags.fin) take_payload(packet);
  if (state_ == State::established) output();
  tell_user();
  finish_if_done();
}

void TcpConnection::handshake(const Packet& packet) {
  const bool acknowledges = packet.flags.ack && packet.acknowledgement == first_sequence_ + 1;
  if (packet.flags.rst) {
    if (state_ == State::syn_sent && acknowledges) end(asio::error::connection_refused);
    if (state_ == State::syn_received) end(asio::error::connection_reset);
    return;
  }
  if (state_ == State::syn_received && packet.flags.syn) {
    // A repeated SYN: answer again, unless the first answer is still being delayed.
    if (attempts_ > 0 || syn_at_ != Instant{}) send_syn();
    return;
  }
  if (!acknowledges) return;
  if (state_ == State::syn_sent) {
    if (!packet.flags.syn) return;
    expected_ = packet.sequence + 1;
  }
  peer_window_ = packet.window;
  loop_.queue().take(retransmission_);
  const bool accepted = state_ == State::syn_received;
  // RFC 6298 2.2: RTO = R + 4·R/2, unless the SYN was repeated (Karn's rule).
  timeout_ =
      attempts_ == 0 ? std::max(3 * (loop_.now() - syn_at_), kShortestTimeout) : kFirstTimeout;
  attempts_ = 0;
  state_ = State::established;
  if (accepted) {
    layer_.offer(shared_from_this());
  } else {
    send_ack();
  }
}

void TcpConnection::take_acknowledgement(const Packet& packet) {
  if (!packet.flags.ack) return;
  const std::uint32_t finish = finish_sent_ ? 1 : 0;
  const std::uint32_t highest = unacknowledged_ + static_cast<std::uint32_t>(sent_) + finish;
  const std::uint32_t number = packet.acknowledgement;
  if (before(highest, number) || before(number, unacknowledged_)) return;
  peer_window_ = packet.window;
  std::size_t count = number - unacknowledged_;
  if (count == 0) {
    if (sent_ > 0 && packet.bare_ack() && ++duplicates_ == 3)
      send_data(0, std::min(sent_, kSegment));
    return;
  }
  duplicates_ = 0;
  attempts_ = 0;
  if (count > sent_) {
    finish_acknowledged_ = true;
    count = sent_;
  }
  if (count == outgoing_.size()) {
    outgoing_.clear();
  } else {
    outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  unacknowledged_ += static_cast<std::uint32_t>(count);
  sent_ -= count;
  loop_.queue().take(retransmission_);
  // An acknowledgement short of what was on the way shows the next hole (RFC 6582 3.2).
  if (sent_ > 0 && before(number, recover_until_)) retransmit();
  const bool outstanding = sent_ > 0 || (finish_sent_ && !finish_acknowledged_);
  if (outstanding) arm_retransmission();
}

void TcpConnection::take_payload(Packet& packet) {
  const std::uint32_t end_sequence =
      packet.sequence + static_cast<std::uint32_t>(packet.payload.size());
  if (packet.flags.fin) peer_finish_at_ = end_sequence;
  if (before(expected_, packet.sequence)) {
    if (!packet.payload.empty()) early_.try_emplace(packet.sequence, std::move(packet.payload));
  } else if (before(expected_, end_sequence)) {
    take_in_order(BytesView(packet.payload).subspan(expected_ - packet.sequence));
  }
  for (auto it = early_.begin(); it != early_.end();) {
    const std::uint32_t ends = it->first + static_cast<std::uint32_t>(it->second.size());
    if (before(expected_, it->first)) break;
    if (before(expected_, ends))
      take_in_order(BytesView(it->second).subspan(expected_ - it->first));
    it = early_.erase(it);
  }
  if (peer_finish_at_ == expected_ && !peer_finished_) {
    peer_finished_ = true;
    ++expected_;
  }
  want_ack();
}

void TcpConnection::take_in_order(BytesView data) {
  received_.insert(received_.end(), data.begin(), data.end());
  expected_ += static_cast<std::uint32_t>(data.size());
}

void TcpConnection::tell_user() {
  if (user_ != nullptr) user_->on_tcp_change();
}

void TcpConnection::finish_if_done() {
  if (state_ == State::established && finish_acknowledged_ && peer_finished_) {
    if (loop_.queue().take(acknowledgement_)) send_ack();
    end({});
  }
}

void TcpConnection::end(error_code error) {
  const auto self = shared_from_this();
  state_ = State::closed;
  if (!error_) error_ = error;
  loop_.queue().take(retransmission_);
  loop_.queue().take(acknowledgement_);
  layer_.forget(*this);
  tell_user();
}

}  // namespace provlab::world
