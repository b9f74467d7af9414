#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::lab {

/// The base protocol of language servers: messages with a head of `Name: value` lines, of which
/// Content-Length says how many octets follow it.
class MessageStream {
 public:
  static constexpr std::size_t kMostHeadOctets = std::size_t{4} << 10;
  static constexpr std::size_t kMostBodyOctets = std::size_t{32} << 20;

  void feed(std::string_view octets) { waiting_ += octets; }
  /// The next whole body; nothing where more must come first. After an error, which a head without
  /// a length, or too long a head or body causes, nobody knows where the next message begins.
  Expected<std::optional<std::string>> next();
  /// Whether the stream may end here.
  bool between_messages() const { return waiting_.empty(); }

  static std::string framed(std::string_view body);

 private:
  std::string waiting_;
};

}  // namespace provlab::lab
