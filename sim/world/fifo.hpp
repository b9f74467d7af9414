#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace provlab::world {

/// A queue in one piece of memory: what is in it can be seen as a span, and to drop from the front
/// costs nothing in the mean.
template <class T>
class Fifo {
 public:
  std::size_t size() const { return items_.size() - head_; }
  bool empty() const { return items_.size() == head_; }
  T& operator[](std::size_t i) { return items_[head_ + i]; }
  const T& operator[](std::size_t i) const { return items_[head_ + i]; }
  T& front() { return items_[head_]; }
  T& back() { return items_.back(); }
  auto begin() { return items_.begin() + static_cast<std::ptrdiff_t>(head_); }
  auto end() { return items_.end(); }

  void push_back(T item) {
    if (items_.capacity() == 0) items_.reserve(kFirstRoom);
    items_.push_back(std::move(item));
  }
  void append(std::span<const T> more) { items_.insert(items_.end(), more.begin(), more.end()); }
  /// Makes the queue `count` items long at least; new ones are T{}.
  void extend_to(std::size_t count) {
    if (count > size()) items_.resize(head_ + count);
  }
  void write_at(std::size_t at, std::span<const T> what) {
    extend_to(at + what.size());
    std::ranges::copy(what, begin() + static_cast<std::ptrdiff_t>(at));
  }
  std::span<const T> view(std::size_t from, std::size_t count) const {
    return std::span<const T>(items_).subspan(head_ + from, count);
  }
  void drop_front(std::size_t count) {
    head_ += count;
    if (head_ == items_.size()) {
      items_.clear();
      head_ = 0;
    } else if (head_ >= kLeastMove && head_ > items_.size() / 2) {
      items_.erase(items_.begin(), begin());
      head_ = 0;
    }
  }

 private:
  static constexpr std::size_t kFirstRoom = 8;
  static constexpr std::size_t kLeastMove = 64;
  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace provlab::world
