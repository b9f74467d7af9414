#include "sim/lab/pages/seconds_text.hpp"

#include <fmt/format.h>

#include <chrono>

namespace provlab::lab {

namespace {

/// With at least so many digits behind the point.
std::string decimal_text(std::chrono::microseconds value, std::size_t digits) {
  std::string text = fmt::format("{}.{:06}", value.count() / 1'000'000, value.count() % 1'000'000);
  const std::size_t least = text.size() - 6 + digits;
  while (text.size() > least && text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

}  // namespace

std::string seconds_text(Duration at) {
  const auto microseconds = std::chrono::round<std::chrono::microseconds>(at);
  if (microseconds < std::chrono::minutes(1)) return decimal_text(microseconds, 3);
  const auto whole = std::chrono::floor<std::chrono::minutes>(microseconds);
  const auto rest = microseconds - whole;
  std::string text;
  const auto add = [&text](std::int64_t count, std::string_view unit) {
    if (count == 0) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit);
  };
  constexpr std::int64_t kMinutesOfDay = 24 * 60;
  add(whole.count() / kMinutesOfDay, "d");
  add(whole.count() % kMinutesOfDay / 60, "h");
  add(whole.count() % 60, "min");
  if (rest.count() > 0) text += " " + decimal_text(rest, 0);
  return text;
}

}  // namespace provlab::lab
