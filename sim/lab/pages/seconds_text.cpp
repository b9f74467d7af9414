#include "sim/lab/pages/seconds_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace provlab::lab {

std::string seconds_text(Duration at) {
  const auto microseconds = std::chrono::round<std::chrono::microseconds>(at).count();
  std::string text = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
  const std::size_t least = text.size() - 3;
  while (text.size() > least && text.back() == '0') text.pop_back();
  return text + " s";
}

}  // namespace provlab::lab
