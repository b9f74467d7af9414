#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/platform/time.hpp"

namespace provlab::world {

/// Until when each path from one station to another is taken, so that its packets keep their order.
/// A hash table with open addressing that nobody walks through: its order is never seen. Paths that
/// are free again are forgotten when it is full, so it holds what is under way, not all pairs.
class PathTable {
 public:
  /// Reserves the path for a packet that would arrive at `wanted`; gives when it does.
  Instant reserve(std::size_t from, std::size_t to, Instant wanted, Instant now) {
    if (used_ * 2 >= places_.size()) make_room(now);
    const std::uint64_t key = (static_cast<std::uint64_t>(from) << 32 | to) + 1;
    Place& place = find(key);
    if (place.key == 0) {
      place.key = key;
      ++used_;
    }
    if (place.free < wanted) place.free = wanted;
    return place.free;
  }
  std::size_t used() const { return used_; }

 private:
  struct Place {
    std::uint64_t key = 0;  ///< 0: none
    Instant free{};
  };

  Place& find(std::uint64_t key) {
    const std::size_t mask = places_.size() - 1;
    std::size_t at = static_cast<std::size_t>(key * 0x9e3779b97f4a7c15ULL >> 32) & mask;
    while (places_[at].key != 0 && places_[at].key != key) at = (at + 1) & mask;
    return places_[at];
  }

  void make_room(Instant now) {
    std::vector<Place> taken;
    for (const Place& place : places_) {
      if (place.key != 0 && place.free >= now) taken.push_back(place);
    }
    std::size_t size = kFirst;
    while (size < taken.size() * 4) size *= 2;
    places_.assign(size, {});
    used_ = taken.size();
    for (const Place& place : taken) find(place.key) = place;
  }

  static constexpr std::size_t kFirst = 64;
  std::vector<Place> places_ = std::vector<Place>(kFirst);
  std::size_t used_ = 0;
};

}  // namespace provlab::world
