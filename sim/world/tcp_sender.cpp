#include "sim/world/tcp_sender.hpp"

#include "sim/world/tcp_sequence.hpp"

// The parts of a sender, as an acknowledgement goes through them:
//  1. flight_ learns what has arrived; octets_ forgets what is acknowledged.
//  2. The window is taken where the segment is newer than the one it was taken from last.
//  3. flight_ finds what is lost, and when to look again.
//  4. output() repeats what is lost, sends what the window allows, then the FIN.
//  5. due() is the earliest of: look again, probe the tail, time out; or probe the window.
namespace provlab::world {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kMostAttempts = 15;       // as Linux
constexpr unsigned kEnoughDuplicates = 3;    // RFC 5681 3.2
constexpr Duration kLeastTailWait = 2ms;     // as Linux: a peer may be slow to run
constexpr std::size_t kUnlimited = 1 << 20;  // more than the buffer holds

}  // namespace

void TcpSender::open(const Peer& peer) {
  segment_ = peer.segment;
  ranges_ = peer.ranges;
  window_ = largest_window_ = peer.window;
  window_sequence_ = peer.sequence;
  window_number_ = oldest_;
}

std::size_t TcpSender::append(BytesView octets) {
  const std::size_t taken = std::min(kBuffer - octets_.size(), octets.size());
  octets_.append(octets.first(taken));
  return taken;
}

void TcpSender::output(Instant now) {
  repeat_lost(now);
  send_new(now);
  if (blocked() == probing_) return;
  probing_ = !probing_;
  attempts_ = unheard_ = 0;
  if (probing_) waits_from_ = now;
}

void TcpSender::repeat_lost(Instant now) {
  while (TcpFlight::Segment* segment = flight_.oldest_lost()) {
    const std::size_t under_way = flight_.under_way();
    if (under_way > 0 && under_way + segment->size() > allowance_) return;
    repeat(*segment, now);
  }
}

void TcpSender::send_new(Instant now) {
  while (const std::size_t length = next_length()) send_next(length, now);
  if (finish_waits() && unsent() == 0 && outstanding() < window_) {
    wire_.send_finish(next_);
    left(1, now);
  }
}

std::size_t TcpSender::next_length() const {
  const std::size_t waiting = unsent();
  const std::size_t ahead = outstanding();
  if (waiting == 0 || ahead >= window_) return 0;
  const std::size_t wanted = std::min(waiting, segment_);
  const std::size_t length = std::min(wanted, window_ - ahead);
  const std::size_t under_way = flight_.under_way();
  if (under_way > 0 && under_way + length > allowance_) return 0;
  // RFC 9293 3.8.6.2.1: a bit of a window is not worth a segment while others are on the way.
  const bool silly = length < wanted && ahead > 0 && length < largest_window_ / 2;
  return silly ? 0 : length;
}

void TcpSender::send_next(std::size_t length, Instant now) {
  const std::size_t from = outstanding();
  wire_.send_octets(next_, octets_.view(from, length), from + length == octets_.size());
  left(static_cast<std::uint32_t>(length), now);
}

void TcpSender::left(std::uint32_t octets, Instant now) {
  if (flight_.empty()) waits_from_ = now;
  flight_.sent(next_, next_ + octets, now);
  next_ += octets;
  arm_tail_probe(now);
}

void TcpSender::repeat(TcpFlight::Segment& segment, Instant now) {
  const std::size_t from = segment.first - oldest_;
  if (from >= octets_.size()) {
    wire_.send_finish(segment.first);
  } else {
    wire_.send_octets(segment.first, octets_.view(from, segment.size()),
                      from + segment.size() == octets_.size());
  }
  flight_.repeat(segment, now);
}

TcpSender::Verdict TcpSender::acknowledge(const Acknowledgement& heard, Instant now) {
  if (before(next_, heard.number)) return Verdict::too_new;
  if (before(heard.number, oldest_ - static_cast<std::uint32_t>(largest_window_))) {
    return Verdict::too_old;
  }
  if (before(heard.number, oldest_)) return Verdict::taken;  // overtaken on the way
  unheard_ = 0;
  const TcpFlight::News news = flight_.acknowledge(heard.number, heard.ranges, now);
  const bool progress = heard.number != oldest_;
  const bool same_window = heard.window == window_;
  if (progress) take_number(heard.number, now);
  take_window(heard);
  if (const auto took = news.round_trip) {
    round_trip_.sample(*took);
  } else if (progress && heard.echoed) {
    round_trip_.sample(*heard.echoed);
  }
  if (allowance_ < kUnlimited) allowance_ += news.arrived;  // RFC 5681 3.1: slow start
  if (!progress && !ranges_) count_duplicate(heard, same_window);
  if (ranges_) look_again_ = flight_.find_lost(now, round_trip_.smoothed());
  if (news.arrived > 0) arm_tail_probe(now);
  return Verdict::taken;
}

void TcpSender::take_number(std::uint32_t number, Instant now) {
  const std::size_t count = number - oldest_;
  const std::size_t octets = std::min(count, octets_.size());
  octets_.drop_front(octets);
  if (count > octets) finish_acknowledged_ = true;
  oldest_ = number;
  attempts_ = 0;
  duplicates_ = 0;
  waits_from_ = now;
  if (!ranges_ && before(number, recover_until_)) flight_.lose_first();
}

void TcpSender::take_window(const Acknowledgement& heard) {
  // RFC 9293 3.10.7.4: an old segment does not bring an old window back.
  const bool newer = before(window_sequence_, heard.sequence) ||
                     (window_sequence_ == heard.sequence && !before(heard.number, window_number_));
  if (!newer) return;
  window_ = heard.window;
  largest_window_ = std::max(largest_window_, window_);
  window_sequence_ = heard.sequence;
  window_number_ = heard.number;
}

void TcpSender::count_duplicate(const Acknowledgement& heard, bool same_window) {
  if (flight_.empty() || !heard.bare || !same_window) return;
  if (++duplicates_ != kEnoughDuplicates) return;
  if (before(oldest_, recover_until_)) return;
  recover_until_ = next_;
  flight_.lose_first();
}

void TcpSender::arm_tail_probe(Instant now) {
  tail_probe_.reset();
  // RFC 8985 7.2, amid a repair too. A single segment may be acknowledged late: its timeout is
  // early enough.
  if (!ranges_ || flight_.count() < 2 || !round_trip_.known()) return;
  tail_probe_ = now + 2 * round_trip_.smoothed() + kLeastTailWait;
}

std::optional<Instant> TcpSender::due() const {
  if (flight_.empty() && !probing_) return std::nullopt;
  Instant due = waits_from_ + round_trip_.timeout(attempts_);
  if (flight_.empty()) return due;
  if (look_again_) due = std::min(due, *look_again_);
  if (tail_probe_) due = std::min(due, *tail_probe_);
  return due;
}

bool TcpSender::on_timer(Instant now) {
  if (look_again_ && *look_again_ <= now) {
    look_again_ = flight_.find_lost(now, round_trip_.smoothed());
    output(now);
    return true;
  }
  if (now >= waits_from_ + round_trip_.timeout(attempts_)) return timed_out(now);
  if (tail_probe_ && *tail_probe_ <= now) probe_tail(now);
  return true;
}

bool TcpSender::timed_out(Instant now) {
  ++attempts_;
  ++unheard_;
  // RFC 9293 3.8.6.1: a peer that keeps its window closed, and answers, is alive.
  if ((window_ == 0 ? unheard_ : attempts_) >= kMostAttempts) return false;
  waits_from_ = now;
  if (flight_.empty()) {
    wire_.send_probe(oldest_ - 1);
    return true;
  }
  flight_.lose_all();
  allowance_ = segment_;
  duplicates_ = 0;
  recover_until_ = next_;
  look_again_.reset();
  tail_probe_.reset();
  output(now);
  return true;
}

void TcpSender::probe_tail(Instant now) {
  // RFC 8985 7.3: what arrives shows what of the tail is missing.
  tail_probe_.reset();
  if (const std::size_t length = next_length()) {
    send_next(length, now);
  } else if (TcpFlight::Segment* segment = flight_.newest_on_the_way()) {
    repeat(*segment, now);
  }
  tail_probe_.reset();
  waits_from_ = now;
}

}  // namespace provlab::world
