#include "sim/lab/explore/priority_pilot.hpp"

#include <algorithm>

#include "core/platform/checksum.hpp"

namespace provlab::lab {

namespace {

constexpr std::uint64_t kDrawn = 1ULL << 63;  // and above: priorities that were drawn
constexpr std::uint64_t kLast = kDrawn - 1;   // and below: of those that were put last

}  // namespace

PriorityPilot::PriorityPilot(const PriorityCourse& course) : course_(course) {
  const auto last = std::ranges::min_element(course.flows, {},
                                             [this](std::uint64_t flow) { return priority(flow); });
  if (last != course.flows.end()) last_ = *last;
}

std::uint64_t PriorityPilot::priority(std::uint64_t flow) const {
  const auto lowered = lowered_.find(flow);
  if (lowered != lowered_.end()) return lowered->second;
  return checksum_of(flow, course_.seed) | kDrawn;
}

Act PriorityPilot::decide(const DuePacket& due) {
  const std::size_t next = arrived_ + 1;
  if (next != changed_ && course_.changes.contains(next)) {
    changed_ = next;
    lowered_[due.flow] = kLast - next;
  }
  const bool is_last = lowered_.contains(due.flow) || due.flow == last_;
  const std::uint64_t own = priority(due.flow);
  const bool passed =
      std::ranges::any_of(due.rivals, [&](std::uint64_t flow) { return priority(flow) > own; });
  if (due.can_wait && (is_last || passed)) return Act::wait;
  ++arrived_;
  return Act::arrive;
}

}  // namespace provlab::lab
