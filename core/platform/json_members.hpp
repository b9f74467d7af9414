#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

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

/// Writes JSON members, `,"key":value` each. Keys are literals.
class JsonMembers {
 public:
  explicit JsonMembers(TextBuffer& out) : out_(out) {}
  void operator()(std::string_view key, std::string_view value);
  void operator()(std::string_view key, const char* value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, const std::string& value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, bool value);
  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(std::string_view key, T value) {
    integer(key, static_cast<std::int64_t>(value));
  }
  void operator()(std::string_view key, Ipv4Address value);
  void operator()(std::string_view key, Endpoint value);
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value) (*this)(key, *value);  // an absent one is left out
  }

 private:
  /// Writes `,"key":` and gives where at least `octets` of the value may follow.
  char* name(std::string_view key, std::size_t octets);
  void integer(std::string_view key, std::int64_t value);
  TextBuffer& out_;
};

/// `text` with each octet that is no part of UTF-8 replaced by U+FFFD.
std::string clean_utf8(std::string_view text);
/// Whether all octets are below 0x80.
bool is_ascii(std::string_view text);

}  // namespace provlab
