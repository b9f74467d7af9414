#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "core/platform/error.hpp"

namespace provlab::lab {

/// A regular file of any size that is read from its start on, piece by piece; a pipe too.
class InputStream {
 public:
  static Expected<InputStream> open(const std::string& file);
  ~InputStream();
  InputStream(InputStream&& other) noexcept
      : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;
  InputStream& operator=(InputStream&&) = delete;

  /// How many octets of `room` are filled; 0 at the end.
  Expected<std::size_t> read(std::span<char> room);

 private:
  InputStream(std::string file, int descriptor) : file_(std::move(file)), descriptor_(descriptor) {}

  std::string file_;
  int descriptor_ = -1;
};

}  // namespace provlab::lab
