#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provlab::settings {

/// Remembers whether texts were found valid, since many devices apply the same documents. Bounded:
/// each place holds one text, at most kLongest octets long, and a newer one takes it over. Texts
/// are compared whole, so that an answer is never that of another. One for each thread.
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
