#include "sim/world/fragments.hpp"

#include <algorithm>
#include <iterator>

namespace provlab::world {

namespace {

constexpr Duration kPatience = std::chrono::seconds(30);  // RFC 791 3.2 and Linux
constexpr std::size_t kMostDatagrams = 64;
constexpr std::size_t kMostOctets = 1024 * 1024;
constexpr std::size_t kMostCarried = 65535 - 20;

}  // namespace

FrameRead<std::optional<IpDatagram>> Reassembly::take(IpDatagram fragment, Instant now,
                                                      FaultCounts& faults) {
  give_up_old(now, faults);
  const std::size_t size = fragment.payload.size();
  if (size == 0 || (fragment.more && size % 8 != 0)) {
    return std::unexpected(FrameFault::fragment_length);
  }
  if (fragment.offset + size > kMostCarried) {
    return std::unexpected(FrameFault::fragment_too_far);
  }
  const Place place =
      place_of({fragment.from, fragment.to, fragment.protocol, fragment.identification}, now);
  Pending& pending = *place;
  const FrameRead<bool> fits = judge(pending, fragment);
  if (!fits) {
    spoil(pending);
    return std::unexpected(fits.error());
  }
  if (!*fits) return std::nullopt;
  if (!fragment.more) pending.length = fragment.offset + size;
  pending.octets += size;
  octets_ += size;
  pending.pieces.emplace(fragment.offset, std::move(fragment.payload));
  if (fragment.offset == 0) pending.first = std::move(fragment);
  if (pending.length == pending.octets) return joined(place);
  make_room(faults);
  return std::nullopt;
}

Reassembly::Place Reassembly::place_of(const Key& key, Instant now) {
  const auto found = places_.find(key);
  if (found != places_.end()) return found->second;
  pending_.push_back({.key = key, .since = now, .first = {}, .pieces = {}});
  const Place place = std::prev(pending_.end());
  places_.emplace(key, place);
  return place;
}

FrameRead<bool> Reassembly::judge(const Pending& pending, const IpDatagram& fragment) {
  const std::unexpected overlap(FrameFault::fragment_overlap);
  if (pending.spoilt) return overlap;
  const std::size_t begin = fragment.offset;
  const std::size_t end = begin + fragment.payload.size();
  const auto same = pending.pieces.find(begin);
  if (same != pending.pieces.end() && same->second == fragment.payload) return false;
  if (pending.length && (end > *pending.length || !fragment.more)) return overlap;
  const auto next = pending.pieces.lower_bound(begin);
  if (next != pending.pieces.end() && (next->first < end || !fragment.more)) return overlap;
  if (next != pending.pieces.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second.size() > begin) return overlap;
  }
  return true;
}

void Reassembly::give_up_old(Instant now, FaultCounts& faults) {
  while (!pending_.empty() && now - pending_.front().since > kPatience) {
    if (!pending_.front().spoilt) faults.add(FrameFault::fragment_missing);
    drop(pending_.begin());
  }
}

void Reassembly::make_room(FaultCounts& faults) {
  while (pending_.size() > kMostDatagrams || octets_ > kMostOctets) {
    if (!pending_.front().spoilt) faults.add(FrameFault::fragments_too_many);
    drop(pending_.begin());
  }
}

void Reassembly::spoil(Pending& pending) {
  octets_ -= std::exchange(pending.octets, 0);
  pending.pieces.clear();
  pending.spoilt = true;
}

void Reassembly::drop(Place place) {
  octets_ -= place->octets;
  places_.erase(place->key);
  pending_.erase(place);
}

IpDatagram Reassembly::joined(Place place) {
  IpDatagram whole = std::move(place->first);
  whole.more = false;
  whole.offset = 0;
  whole.payload.clear();
  whole.payload.reserve(place->octets);
  for (const auto& [offset, piece] : place->pieces) {
    whole.payload.insert(whole.payload.end(), piece.begin(), piece.end());
  }
  drop(place);
  return whole;
}

}  // namespace provlab::world
