#include "sim/lab/neighbours/closer_look.hpp"

#include <algorithm>
#include <utility>

namespace provlab::lab {

namespace {

/// So many delays of one packet are tried, or a few more.
constexpr std::size_t kMostCloser = 128;

}  // namespace

void CloserLook::open() {
  for (auto from = seen_.begin(), to = std::next(from); to != seen_.end(); from = to++) {
    keep({.from = from->first,
          .to = to->first,
          .from_is_tried = from != seen_.begin(),
          .to_is_tried = true});
  }
}

const std::vector<CloserLook::Ask>& CloserLook::next(Duration below) {
  if (tried_ >= kMostCloser) gaps_.clear();
  std::erase_if(gaps_, [&](const DelayGap& gap) { return gap.from >= below && !parts(gap); });
  asked_.clear();
  for (DelayGap& gap : gaps_) asked_.push_back({next_of(gap), gap.from});
  tried_ += asked_.size();
  return asked_;
}

std::span<const PlayedNeighbour* const> CloserLook::take(
    std::span<const PlayedNeighbour* const> runs) {
  const std::vector<DelayGap> wholes = std::exchange(gaps_, {});
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (runs[i] == nullptr) continue;
    const Duration by = asked_[i].by;
    seen_.emplace(by, seen(*runs[i]));
    keep(wholes[i].below(by));
    keep(wholes[i].above(by));
  }
  return runs.subspan(asked_.size());
}

bool CloserLook::parts(const DelayGap& gap) const {
  const Seen& from = seen_.at(gap.from);
  const Seen& to = seen_.at(gap.to);
  return from.outcome != to.outcome || from.broken.empty() != to.broken.empty();
}

void CloserLook::keep(const DelayGap& gap) {
  const Seen& from = seen_.at(gap.from);
  const Seen& to = seen_.at(gap.to);
  const bool alike =
      from.deeds == to.deeds && from.outcome == to.outcome && from.broken == to.broken;
  if (gap.is_open() && !alike) gaps_.push_back(gap);
}

/// What happens at the same moment with the longer delay, or without any, does not move; nor does
/// what happens while the packet of the longer delay is missing.
Duration CloserLook::next_of(DelayGap& gap) const {
  const Seen& from = seen_.at(gap.from);
  const Seen& to = seen_.at(gap.to);
  const Seen& natural = seen_.at(Duration::zero());
  const Instant start = due_ + gap.from;
  std::vector<Duration> moving, staying;
  for (const Instant moment : from.moments) {
    if (moment < start) continue;
    const bool stays = std::ranges::binary_search(to.moments, moment) ||
                       (&from != &natural && std::ranges::binary_search(natural.moments, moment));
    (stays ? staying : moving).push_back(moment - start);
  }
  for (const Instant moment : to.moments) {
    if (moment > start && moment < due_ + gap.to) staying.push_back(moment - start);
  }
  moving.push_back(Duration::zero());
  return gap.next(moving, staying);
}

}  // namespace provlab::lab
