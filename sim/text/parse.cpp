#include "sim/text/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"

namespace provlab {

namespace {

/// Reads `digits` decimal digits at the front of `text` and removes them; -1 where they are not.
int take_digits(std::string_view& text, std::size_t digits) {
  const std::string_view front = text.substr(0, digits);
  if (front.size() < digits || !std::ranges::all_of(front, is_digit)) return -1;
  int value = 0;
  for (const char c : front) value = value * 10 + (c - '0');
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text[0] != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// Reads a fraction (the digits after the point) as nanoseconds out of `whole`; -1 where it is none
/// or finer than a nanosecond.
std::int64_t take_fraction(std::string_view& text, std::int64_t whole) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (whole % 10 != 0) return -1;
    whole /= 10;
    value += (text[digits] - '0') * whole;
  }
  text.remove_prefix(digits);
  return digits == 0 ? -1 : value;
}

/// A decimal number without sign or leading zeros.
std::optional<Port> port_of(std::string_view text) {
  Port port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, port);
  if (read.ec != std::errc() || read.ptr != end || (text.size() > 1 && text[0] == '0')) return {};
  return port;
}

}  // namespace

Expected<MacAddress> parse_mac(std::string_view text) {
  MacAddress mac;
  const auto wrong = [&] {
    return fail(
        fmt::format("'{}' is not a MAC address; write six octets as 00:09:52:00:00:0E", text));
  };
  if (text.size() != 17) return wrong();
  for (std::size_t i = 0; i < 6; ++i) {
    const auto high = hexadecimal_digit(text[i * 3]);
    const auto low = hexadecimal_digit(text[i * 3 + 1]);
    if (!high || !low || (i < 5 && text[i * 3 + 2] != ':')) return wrong();
    mac.octets[i] = static_cast<std::uint8_t>(*high * 16 + *low);
  }
  return mac;
}

Expected<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(fmt::format("'{}' has no port; write it as 192.0.2.1:53", text));
  }
  auto address = Ipv4Address::parse(text.substr(0, colon));
  if (!address) return std::unexpected(address.error());
  const auto port = port_of(text.substr(colon + 1));
  if (!port) return fail(fmt::format("'{}' has no valid port (0 to 65535)", text));
  return Endpoint{*address, *port};
}

Expected<Duration> parse_duration(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return fail(fmt::format(
        "'{}' {}; write a number with a unit, for example 30ms, 1.5s, 5min, 24h", text, why));
  };
  std::string_view rest = text;
  const bool negative = take(rest, '-');
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), whole);
  if (error != std::errc() || rest[0] == '-') return wrong("is not a length of time");
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  std::string_view name = rest;
  const std::size_t digits = name.find_first_not_of(".0123456789");
  if (digits == std::string_view::npos) return wrong("has no unit");
  name.remove_prefix(digits);
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.name != name) continue;
    std::int64_t fraction = 0;
    if (take(rest, '.')) {
      fraction = take_fraction(rest, unit.nanoseconds);
      if (fraction < 0) return wrong("is finer than a nanosecond or ends in a point");
    }
    if (rest != name) return wrong("is not a length of time");
    if (whole > INT64_MAX / unit.nanoseconds - 1) return wrong("is longer than 292 years");
    const std::int64_t value = whole * unit.nanoseconds + fraction;
    return Duration(negative ? -value : value);
  }
  return wrong("has an unknown unit");
}

Expected<WallTime> parse_wall_time(std::string_view text) {
  const auto wrong = [&] {
    return fail(fmt::format("'{}' is not a time; write it in UTC as 2026-03-01T08:00:00Z", text));
  };
  std::string_view rest = text;
  const int year = take_digits(rest, 4);
  if (!take(rest, '-')) return wrong();
  const int month = take_digits(rest, 2);
  if (!take(rest, '-')) return wrong();
  const int day = take_digits(rest, 2);
  if (!take(rest, 'T')) return wrong();
  const int hour = take_digits(rest, 2);
  if (!take(rest, ':')) return wrong();
  const int minute = take_digits(rest, 2);
  if (!take(rest, ':')) return wrong();
  const int second = take_digits(rest, 2);
  std::int64_t fraction = 0;
  if (take(rest, '.')) fraction = take_fraction(rest, 1'000'000'000);
  if (rest != "Z" || year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59 || fraction < 0) {
    return wrong();
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // 64 bits of nanoseconds reach from 1678 to 2262.
  if (!date.ok() || year < 1678 || year > 2261) return wrong();
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + Duration(fraction);
}

bool valid_serial(std::string_view text) {
  const auto allowed = [](char c) { return is_digit(c) || is_letter(c) || c == '-'; };
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, allowed);
}

}  // namespace provlab
