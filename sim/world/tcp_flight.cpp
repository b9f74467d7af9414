#include "sim/world/tcp_flight.hpp"

#include "sim/world/tcp_sequence.hpp"

namespace provlab::world {

namespace {
constexpr std::size_t kEnoughArrived = 3;  // RFC 5681 3.2: what three duplicates say
constexpr unsigned kMostPatience = 20;     // of quarter round trips
}  // namespace

void TcpFlight::sent(std::uint32_t first, std::uint32_t end, Instant now) {
  segments_.push_back({.first = first, .end = end, .at = now});
  octets_ += end - first;
}

TcpFlight::News TcpFlight::acknowledge(std::uint32_t number,
                                       const std::vector<TcpOptions::Range>& ranges, Instant now) {
  News news;
  bool repaired = false;
  while (!segments_.empty() && !before(number, segments_.front().end)) {
    Segment& segment = segments_.front();
    repaired = repaired || segment.repeated;
    if (segment.arrived) {
      arrived_ -= segment.size();
      --arrived_segments_;
    } else {
      arrive(segment, now, news);
    }
    octets_ -= segment.size();
    segments_.drop_front(1);
  }
  if (!segments_.empty() && before(segments_.front().first, number)) {  // amid a segment
    Segment& segment = segments_.front();
    const std::size_t part = number - segment.first;
    if (segment.arrived) arrived_ -= part;
    if (segment.lost) lost_ -= part;
    octets_ -= part;
    segment.first = number;
    news.arrived += part;
  }
  // What waited at the peer until a gap was filled says nothing of the way.
  if (repaired) news.round_trip.reset();
  if (!ranges.empty()) take_ranges(number, ranges, now, news);
  if (repaired_by_ && !before(number, *repaired_by_)) repaired_by_.reset();
  return news;
}

void TcpFlight::take_ranges(std::uint32_t number, const std::vector<TcpOptions::Range>& ranges,
                            Instant now, News& news) {
  // RFC 2883 4: a first range that is acknowledged already, or part of the second, came twice.
  const TcpOptions::Range& first = ranges.front();
  const bool twice =
      before(first.first, number) || (ranges.size() > 1 && !before(first.first, ranges[1].first) &&
                                      !before(ranges[1].end, first.end));
  if (twice) ++false_alarms_;
  for (const TcpOptions::Range& range : ranges) {
    if (!before(number, range.end) || segments_.empty()) continue;
    auto from = std::ranges::partition_point(
        segments_, [&](const Segment& segment) { return before(segment.first, range.first); });
    for (; from != segments_.end() && !before(range.end, from->end); ++from) {
      if (from->arrived) continue;
      arrive(*from, now, news);
      from->arrived = true;
      arrived_ += from->size();
      ++arrived_segments_;
    }
  }
}

void TcpFlight::arrive(Segment& segment, Instant now, News& news) {
  if (segment.lost) lost_ -= segment.size();
  segment.lost = false;
  news.arrived += segment.size();
  const Duration took = now - segment.at;
  if (segment.repeated) {
    if (least_ && took < *least_) return;  // an earlier copy of it
  } else {
    news.round_trip = news.round_trip ? std::min(*news.round_trip, took) : took;
    least_ = least_ ? std::min(*least_, took) : took;
    if (highest_arrived_ && before(segment.end, *highest_arrived_)) overtaken_ = true;
  }
  if (!highest_arrived_ || before(*highest_arrived_, segment.end)) highest_arrived_ = segment.end;
  const bool later =
      segment.at > newest_at_ || (segment.at == newest_at_ && before(newest_end_, segment.end));
  if (!later) return;
  newest_at_ = segment.at;
  newest_end_ = segment.end;
  newest_took_ = took;
}

Duration TcpFlight::patience(Duration smoothed) const {
  const bool in_order = !overtaken_ && false_alarms_ == 0;
  const bool losing = lost_ > 0 || repaired_by_ || arrived_segments_ >= kEnoughArrived;
  if (in_order && losing) return {};
  const Duration quarter = least_.value_or(smoothed) / 4;
  return std::min(quarter * (1 + std::min(false_alarms_, kMostPatience - 1)), smoothed);
}

std::optional<Instant> TcpFlight::find_lost(Instant now, Duration smoothed) {
  if (!in_doubt()) return std::nullopt;
  const Duration wait = newest_took_ + patience(smoothed);
  std::optional<Instant> again;
  for (Segment& segment : segments_) {
    if (segment.arrived || segment.lost) continue;
    const bool overtaken =
        segment.at < newest_at_ || (segment.at == newest_at_ && before(segment.end, newest_end_));
    if (!overtaken) continue;
    const Instant overdue = segment.at + wait;
    if (overdue <= now) {
      lose(segment);
    } else {
      again = again ? std::min(*again, overdue) : overdue;
    }
  }
  return again;
}

void TcpFlight::lose(Segment& segment) {
  if (segment.lost || segment.arrived) return;
  segment.lost = true;
  lost_ += segment.size();
}

void TcpFlight::lose_first() {
  if (!segments_.empty()) lose(segments_.front());
}

void TcpFlight::lose_all() {
  const bool taken_back = !segments_.empty() && segments_.front().arrived;
  for (Segment& segment : segments_) {
    if (taken_back && segment.arrived) {
      segment.arrived = false;
      arrived_ -= segment.size();
      --arrived_segments_;
    }
    lose(segment);
  }
}

TcpFlight::Segment* TcpFlight::oldest_lost() {
  if (lost_ == 0) return nullptr;
  const auto found = std::ranges::find_if(segments_, &Segment::lost);
  return found == segments_.end() ? nullptr : &*found;
}

TcpFlight::Segment* TcpFlight::newest_on_the_way() {
  for (std::size_t i = segments_.size(); i-- > 0;) {
    if (!segments_[i].arrived && !segments_[i].lost) return &segments_[i];
  }
  return nullptr;
}

void TcpFlight::repeat(Segment& segment, Instant now) {
  if (segment.lost) lost_ -= segment.size();
  segment.lost = false;
  segment.repeated = true;
  segment.at = now;
  repaired_by_ = segments_.back().end;
}

}  // namespace provlab::world
