#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/text_buffer.hpp"

namespace provlab {

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

}  // namespace provlab
