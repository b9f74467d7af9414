#pragma once
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace provlab {

/// Text that only grows; pieces are put down without a call each.
class TextBuffer {
 public:
  std::size_t size() const { return size_; }
  std::string_view view() const { return {storage_.data(), size_}; }
  std::size_t octets() const { return storage_.capacity(); }  ///< that it takes
  /// Where at least `octets` more may be written; wrote() says how far that went.
  char* room(std::size_t octets) {
    if (storage_.size() - size_ < octets) grow(octets);
    return storage_.data() + size_;
  }
  void wrote(const char* end) { size_ = static_cast<std::size_t>(end - storage_.data()); }
  void append(std::string_view text) {
    wrote(std::copy_n(text.data(), text.size(), room(text.size())));
  }
  /// The first so many octets.
  void drop(std::size_t octets) {
    wrote(std::copy(storage_.data() + octets, storage_.data() + size_, storage_.data()));
  }

 private:
  void grow(std::size_t octets);
  std::string storage_;  // its size is what is allocated
  std::size_t size_ = 0;
};

}  // namespace provlab
