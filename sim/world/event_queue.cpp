#include "sim/world/event_queue.hpp"

#include <algorithm>

#include "core/platform/checksum.hpp"
#include "sim/record/trace.hpp"

// The queue is a table of slots, which hold callbacks, beside a heap of small entries that say
// when.
//  1. An id is a slot and its generation. To release a slot raises its generation, so older ids and
//  entries are dead. Free slots form a list.
//  2. schedule() puts an entry into the heap, park() does not.
//  3. take() leaves the entry in the heap: to take it out from the middle would cost more than to
//  skip it when it comes up. Where half of the heap is dead, compact() builds it anew.
//  4. An entry's order is its rank above its sequence number, so one comparison decides a tie.
namespace provlab::world {

namespace {
constexpr std::uint32_t kNone = 0xffffffffU;
constexpr std::size_t kArity = 4;
constexpr std::uint64_t order_of(Rank rank, std::uint64_t sequence) {
  const auto biased = static_cast<std::uint64_t>(static_cast<std::int32_t>(rank) + 0x8000);
  return biased << 48 | (sequence & 0xffffffffffffULL);
}
}  // namespace

EventQueue::EventQueue(Trace& trace) : trace_(trace) {
  constexpr std::size_t kOfOrdinaryBoot = 64;  // pending at once
  slots_.reserve(kOfOrdinaryBoot);
  heap_.reserve(kOfOrdinaryBoot);
}

OperationId EventQueue::allocate(Callback callback) {
  std::uint32_t index = first_free_;
  if (index == kNone) {
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    first_free_ = slots_[index].next_free;
  }
  Slot& slot = slots_[index];
  slot.callback = std::move(callback);
  slot.cause = trace_.cause();
  slot.timed = false;
  slot.timed_out = false;
  return {index, slot.generation};
}

EventQueue::Callback EventQueue::release(std::uint32_t index) {
  Slot& slot = slots_[index];
  Callback callback = std::move(slot.callback);
  ++slot.generation;
  slot.next_free = first_free_;
  first_free_ = index;
  return callback;
}

OperationId EventQueue::schedule(Instant when, Rank rank, Callback callback, error_code at_time) {
  const OperationId id = allocate(std::move(callback));
  slots_[id.slot].timed = true;
  slots_[id.slot].timed_out = at_time == asio::error::timed_out;
  slots_[id.slot].timer = rank == Rank::timer;
  slots_[id.slot].due = when;
  push({std::max(when, now_), order_of(rank, sequence_++), id.slot, id.generation});
  return id;
}

OperationId EventQueue::park(Callback callback) {
  return allocate(std::move(callback));
}

EventQueue::Callback EventQueue::take(OperationId id) {
  if (!pending(id)) return {};
  const Slot& slot = slots_[id.slot];
  if (ended_waits_ != nullptr && slot.timed && slot.timer && slot.due > now_) {
    ended_waits_->push_back({slot.cause, trace_.last(), slot.due, now_});
  }
  if (slots_[id.slot].timed && ++dead_ > heap_.size() / 2 + 64) compact();
  return release(id.slot);
}

EventQueue::Callback EventQueue::take_any() {
  // Goes on where the last one was found: a world may end with a million pending.
  for (std::size_t seen = 0; seen < slots_.size(); ++seen, ++swept_) {
    if (swept_ >= slots_.size()) swept_ = 0;
    if (slots_[swept_].callback) return release(swept_);
  }
  return {};
}

bool EventQueue::step() {
  drop_dead_top();
  if (heap_.empty()) return false;
  const Entry entry = heap_.front();
  pop();
  // Among many pending, the next one's slot is on its way while this one runs.
  if (!heap_.empty()) __builtin_prefetch(&slots_[heap_.front().slot]);
  now_ = entry.time;
  ++executed_;
  const Slot& slot = slots_[entry.slot];
  trace_.set_cause(slot.cause);
  if (ended_waits_ != nullptr && slot.timer) {
    ended_waits_->push_back({slot.cause, trace_.last(), slot.due, now_});
  }
  const error_code result = slot.timed_out ? error_code(asio::error::timed_out) : error_code();
  Callback callback = release(entry.slot);
  callback(result);
  return true;
}

Instant EventQueue::next_time() {
  drop_dead_top();
  return heap_.empty() ? Instant::max() : heap_.front().time;
}

std::uint64_t EventQueue::mark_of_pending(Instant end) const {
  std::uint64_t sum = 0;
  for (const Entry& entry : heap_) {
    if (entry.time > end || dead(entry)) continue;
    const auto distance = static_cast<std::uint64_t>((entry.time - now_).count());
    sum += checksum_of(distance, entry.order >> 48);
  }
  return sum;
}

void EventQueue::advance_to(Instant when) {
  now_ = std::max(now_, when);
}

void EventQueue::push(Entry entry) {
  std::size_t hole = heap_.size();
  heap_.push_back(entry);
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / kArity;
    if (!entry.before(heap_[parent])) break;
    heap_[hole] = heap_[parent];
    hole = parent;
  }
  heap_[hole] = entry;
}

void EventQueue::sift_down(std::size_t hole, Entry entry) {
  const std::size_t size = heap_.size();
  for (;;) {
    const std::size_t first = hole * kArity + 1;
    if (first >= size) break;
    std::size_t least = first;
    const std::size_t last = std::min(first + kArity, size);
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    heap_[hole] = heap_[least];
    hole = least;
  }
  heap_[hole] = entry;
}

void EventQueue::pop() {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sift_down(0, last);
}

void EventQueue::drop_dead_top() {
  while (!heap_.empty() && dead(heap_.front())) {
    pop();
    if (dead_ > 0) --dead_;
  }
}

void EventQueue::compact() {
  // The entry being taken now is still alive here and dies right after: it stays counted.
  std::erase_if(heap_, [this](const Entry& entry) { return dead(entry); });
  dead_ = 1;
  if (heap_.size() < 2) return;
  for (std::size_t i = (heap_.size() - 2) / kArity + 1; i-- > 0;) sift_down(i, heap_[i]);
}

}  // namespace provlab::world
