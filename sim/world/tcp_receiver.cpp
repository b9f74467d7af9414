#include "sim/world/tcp_receiver.hpp"

#include <algorithm>
#include <cstring>

#include "sim/world/tcp_sequence.hpp"

namespace provlab::world {

namespace {
constexpr std::size_t kWorthTelling = 1460;  // RFC 9293 3.8.6.2.2: a segment
}

void TcpReceiver::open(std::uint32_t next, unsigned shift) {
  expected_ = next;
  edge_ = next + static_cast<std::uint32_t>(kUnscaled);  // a SYN's window is never scaled
  shift_ = shift;
  buffer_ = shift == 0 ? kUnscaled : kBuffer;
}

bool TcpReceiver::acceptable(std::uint32_t sequence, std::size_t length) const {
  const std::uint32_t end = sequence + static_cast<std::uint32_t>(length);
  if (before(edge_, sequence)) return false;
  return length == 0 ? !before(sequence, expected_) : before(expected_, end);
}

bool TcpReceiver::brings_news(std::uint32_t sequence, std::size_t octets) const {
  return octets > 0 && before(expected_, sequence + static_cast<std::uint32_t>(octets));
}

TcpReceiver::Answer TcpReceiver::take(std::uint32_t sequence, BytesView octets, bool finish) {
  std::uint32_t limit = edge_;
  if (finish_at_ && before(*finish_at_, limit)) limit = *finish_at_;
  const std::size_t allowed = before(sequence, limit) ? limit - sequence : 0;
  if (octets.size() > allowed) {
    octets = octets.first(allowed);
    finish = false;
  }
  const std::uint32_t end = sequence + static_cast<std::uint32_t>(octets.size());
  if (finish && !finish_at_ && before(end, edge_)) finish_at_ = end;
  const bool gaps = !early_.empty();
  bool fresh = false;
  if (!before(expected_, sequence)) {
    if (before(expected_, end)) {
      take_in_order(octets.subspan(expected_ - sequence));
      fresh = true;
    }
  } else {
    if (!octets.empty()) keep_early(sequence, octets);
  }
  if (finish_at_ == expected_ && !finished_) {
    finished_ = fresh = true;
    ++expected_;
    if (before(edge_, expected_)) edge_ = expected_;
  }
  if (fresh) return gaps ? Answer::now : Answer::soon;
  return Answer::now;
}

void TcpReceiver::take_in_order(BytesView octets) {
  if (early_.empty()) {
    octets_.append(octets);
  } else {
    octets_.write_at(ready_, octets);
  }
  ready_ += octets.size();
  expected_ += static_cast<std::uint32_t>(octets.size());
  for (auto it = early_.begin(); it != early_.end();) {  // disjoint: one at most goes on from here
    if (before(expected_, it->first)) {
      ++it;
      continue;
    }
    if (before(expected_, it->end)) {
      ready_ += it->end - expected_;
      expected_ = it->end;
    }
    early_.erase(it);
    it = early_.begin();
  }
}

bool TcpReceiver::keep_early(std::uint32_t sequence, BytesView octets) {
  TcpOptions::Range range{sequence, sequence + static_cast<std::uint32_t>(octets.size())};
  const auto touches = [&](const TcpOptions::Range& each) {
    return !before(range.end, each.first) && !before(each.end, range.first);
  };
  const bool known = std::ranges::any_of(early_, [&](const TcpOptions::Range& each) {
    return !before(range.first, each.first) && !before(each.end, range.end);
  });
  if (known) {
    twice_ = range;
  } else if (early_.size() >= kMostRanges && std::ranges::none_of(early_, touches)) {
    return false;  // it will be sent again
  }
  octets_.write_at(ready_ + (sequence - expected_), octets);
  for (const TcpOptions::Range& each : early_) {
    if (!touches(each)) continue;
    if (before(each.first, range.first)) range.first = each.first;
    if (before(range.end, each.end)) range.end = each.end;
  }
  std::erase_if(early_, touches);
  early_.insert(early_.begin(), range);
  return true;
}

void TcpReceiver::came_twice(std::uint32_t sequence, std::size_t octets) {
  if (octets > 0) {
    twice_ = TcpOptions::Range{sequence, sequence + static_cast<std::uint32_t>(octets)};
  }
}

std::size_t TcpReceiver::read(std::uint8_t* data, std::size_t size, bool peek) {
  const std::size_t length = std::min(size, ready_);
  if (length == 0) return 0;
  std::memcpy(data, octets_.view(0, length).data(), length);
  if (!peek) {
    octets_.drop_front(length);
    ready_ -= length;
  }
  return length;
}

bool TcpReceiver::must_tell_window() const {
  const std::size_t told = promised();
  const std::size_t free = room();
  // As Linux: when it has doubled, so that a fast reader does not answer every segment.
  return told * 2 <= buffer_ && free >= told * 2 &&
         free - told >= std::min(kWorthTelling, buffer_ / 2);
}

std::uint16_t TcpReceiver::window() {
  const std::size_t told = promised();
  const std::size_t free = room();
  if (free > told && free - told >= std::min(kWorthTelling, buffer_ / 2)) {
    edge_ = expected_ + static_cast<std::uint32_t>(free);
  }
  return static_cast<std::uint16_t>(std::min(promised() >> shift_, kUnscaled));
}

std::vector<TcpOptions::Range> TcpReceiver::ranges(std::size_t most) {
  std::vector<TcpOptions::Range> told;
  if (twice_) told.push_back(*std::exchange(twice_, std::nullopt));
  for (const TcpOptions::Range& each : early_) {
    if (told.size() == most) break;
    told.push_back(each);
  }
  return told;
}

}  // namespace provlab::world
