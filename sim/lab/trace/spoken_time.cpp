#include "sim/lab/trace/spoken_time.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

using namespace std::chrono_literals;

struct SpokenUnit {
  std::string_view name;
  Duration length;
};
constexpr std::array<SpokenUnit, 4> kSpokenUnits{{{"d", 24h}, {"h", 1h}, {"min", 1min}, {"s", 1s}}};

/// Whether the moment lies in another than the first one's.
bool is_another_day(WallTime epoch, Instant at) {
  using std::chrono::days;
  return std::chrono::floor<days>(epoch) != std::chrono::floor<days>(epoch + at.time_since_epoch());
}

}  // namespace

std::string spoken(Duration time) {
  if (time < 1min) return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
  std::string text;
  for (std::size_t i = 0; i < kSpokenUnits.size(); ++i) {
    if (time < kSpokenUnits[i].length) continue;
    text = fmt::format("{} {}", time / kSpokenUnits[i].length, kSpokenUnits[i].name);
    const Duration rest = time % kSpokenUnits[i].length;
    if (i + 1 == kSpokenUnits.size() || rest < kSpokenUnits[i + 1].length) break;
    text += fmt::format(" {} {}", rest / kSpokenUnits[i + 1].length, kSpokenUnits[i + 1].name);
    break;
  }
  return text;
}

std::string spoken_exactly(std::string_view time) {
  const auto parsed = parse_duration(time);
  if (!parsed || *parsed < 1min) return std::string(time);
  std::string text;
  Duration rest = *parsed;
  for (const SpokenUnit& unit : kSpokenUnits) {
    const std::int64_t count = rest / unit.length;
    rest %= unit.length;
    if (unit.length == 1s && rest > Duration::zero()) {
      // `1.5s` and `250ms` of a second: as it says them, with a blank before the unit.
      const std::string seconds = to_string(Duration(count * unit.length + rest));
      const std::size_t digits = seconds.find_first_not_of(".0123456789");
      return fmt::format("{}{}{} {}", text, text.empty() ? "" : " ", seconds.substr(0, digits),
                         seconds.substr(digits));
    }
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
  }
  return text;
}

WallColumn::WallColumn(WallTime epoch, Instant last)
    : epoch_(epoch),
      shown_(last.time_since_epoch() >= 1min),
      with_day_(is_another_day(epoch, last)) {}

WallColumn::WallColumn(WallTime epoch)
    : epoch_(epoch), shown_(true), live_(true), with_day_(false) {}

std::string WallColumn::beside(Instant at) const {
  if (!shown_) return {};
  const bool with_day = with_day_ || is_another_day(epoch_, at);
  if (at.time_since_epoch() < 1min) {
    return live_ ? std::string() : std::string(with_day ? 15 : 9, ' ');
  }
  // `2026-03-01T09:10:00.5Z`
  const std::string wall = to_string(epoch_ + at.time_since_epoch());
  const std::string clock = wall.substr(11, 8);
  return with_day ? fmt::format(" {} {}", wall.substr(5, 5), clock) : " " + clock;
}

}  // namespace provlab::lab
