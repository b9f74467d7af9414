#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/platform/address.hpp"

namespace provlab::lab {

/// Reads numbers in network byte order. What is read behind the end is 0, and failed() from then
/// on.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : octets_(octets) {}

  bool failed() const { return failed_; }
  bool at_end() const { return place_ >= octets_.size(); }
  std::size_t place() const { return place_; }
  std::string_view rest() const { return octets_.substr(place_); }
  void go_to(std::size_t place) { place_ = std::min(place, octets_.size()); }

  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char c : take(size)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  Ipv4Address address() { return {static_cast<std::uint32_t>(number(4))}; }
  std::string_view take(std::size_t size) {
    if (size > octets_.size() - place_) {
      failed_ = true;
      place_ = octets_.size();
      return {};
    }
    const std::string_view taken = octets_.substr(place_, size);
    place_ += size;
    return taken;
  }

 private:
  std::string_view octets_;
  std::size_t place_ = 0;
  bool failed_ = false;
};

/// Lines of names and values, with a tab between them.
class Rows {
 public:
  void add(std::string_view name, std::string_view value) {
    text_.append(name).append("\t").append(value) += '\n';
  }
  void line(std::string_view line) { text_.append(line) += '\n'; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace provlab::lab
