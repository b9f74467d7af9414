#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provlab::settings {

/// Remembers which texts were found valid, since many devices apply the same documents (D16).
///
/// 1. Each thread has its own.
/// 2. An answer is never that of another text: texts are compared whole.
/// 3. It is bounded: a place holds one text of at most kLongest octets, and a newer one takes it
///    over.
class VerdictMemory {
 public:
  static constexpr std::size_t kPlaces = 128;
  static constexpr std::size_t kLongest = 16'384;

  /// The memory of the calling thread.
  static VerdictMemory& of_this_thread();

  /// What was said about `text` on behalf of `judge`, an object that lives as long as the process.
  std::optional<bool> find(const void* judge, std::string_view text) const;
  void keep(const void* judge, std::string_view text, bool valid);

 private:
  struct Entry {
    const void* judge = nullptr;
    std::string text;
    bool valid = false;
  };
  static std::size_t place_of(const void* judge, std::string_view text);

  std::array<Entry, kPlaces> entries_;
};

}  // namespace provlab::settings
