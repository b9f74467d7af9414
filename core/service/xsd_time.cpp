#include "core/service/xsd_time.hpp"

#include <algorithm>
#include <cstdint>

namespace provlab::service {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kMost = 1'000'000'000'000;  // more than any number here needs
constexpr Duration kCentury = days(36500);
constexpr std::string_view kDigits = "0123456789";

bool take_mark(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// The digits at the front of `text`, which it loses, as a number of at most kMost.
std::int64_t take_number(std::string_view& text) {
  std::int64_t value = 0;
  const std::size_t size = std::min(text.find_first_not_of(kDigits), text.size());
  for (const char digit : text.substr(0, size)) value = std::min(value * 10 + digit - '0', kMost);
  text.remove_prefix(size);
  return value;
}

/// The fraction behind a point at the front of `text`, which loses it; none where there is none.
Duration take_fraction(std::string_view& text) {
  Duration value{};
  if (!take_mark(text, '.')) return value;
  Duration place = std::chrono::milliseconds(100);
  const std::size_t size = std::min(text.find_first_not_of(kDigits), text.size());
  for (const char digit : text.substr(0, size)) {
    value += (digit - '0') * place;
    place /= 10;
  }
  text.remove_prefix(size);
  return value;
}

/// A number, which `text` loses with the mark behind it.
int take_part(std::string_view& text) {
  const auto number = take_number(text);
  text.remove_prefix(std::min<std::size_t>(text.size(), 1));
  return static_cast<int>(std::min<std::int64_t>(number, 9999));
}

/// `Z`, or how far local time is ahead of UTC; nothing where `text` is empty.
std::optional<minutes> read_zone(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool behind = text.front() == '-';
  text.remove_prefix(1);
  minutes ahead = hours(take_part(text));
  ahead += minutes(take_part(text));
  return behind ? -ahead : ahead;
}

/// What a letter of an xs:duration stands for, before or behind the `T`.
seconds unit_of(char letter, bool behind_t) {
  switch (letter) {
    case 'Y':
      return days(365);
    case 'M':
      return behind_t ? minutes(1) : days(30);
    case 'D':
      return days(1);
    case 'H':
      return hours(1);
    default:
      return seconds(1);
  }
}

/// A century at most.
Duration bounded(std::int64_t number, seconds unit) {
  return number > kCentury / unit ? kCentury : Duration(number * unit);
}

/// What stands behind the `P`: numbers with their letters, those of the time of day behind a `T`.
Duration read_units(std::string_view text) {
  Duration sum{};
  bool behind_t = false;
  while (!text.empty()) {
    behind_t = take_mark(text, 'T') || behind_t;
    const auto number = take_number(text);
    const Duration fraction = take_fraction(text);
    const char letter = text.empty() ? 'S' : text.front();
    sum = std::min(sum + bounded(number, unit_of(letter, behind_t)) + fraction, kCentury);
    text = text.substr(std::min<std::size_t>(text.size(), 1));
  }
  return sum;
}

}  // namespace

XsdDateTime read_xsd_date_time(std::string_view text) {
  const bool before_christ = take_mark(text, '-');
  const int written_year = take_part(text);
  const int year = before_christ ? 1900 : std::clamp(written_year, 1900, 2199);
  const int month = take_part(text);
  const int day = take_part(text);
  const int hour = take_part(text);
  const int minute = take_part(text);
  const auto second = take_number(text);
  const Duration fraction = take_fraction(text);
  // February 29 may be none in the year that the one written counts as.
  const std::chrono::local_days first{std::chrono::year(year) /
                                      std::chrono::month(static_cast<unsigned>(month)) / 1};
  return XsdDateTime{
      first + days(day - 1) + hours(hour) + minutes(minute) + seconds(second) + fraction,
      read_zone(text)};
}

Duration read_xsd_duration(std::string_view text) {
  const bool negative = take_mark(text, '-');
  Duration length;
  if (take_mark(text, 'P')) {
    length = read_units(text);
  } else {
    take_mark(text, '+');
    length = bounded(take_number(text), seconds(1));
    length += take_fraction(text);
  }
  return negative ? -length : length;
}

}  // namespace provlab::service
