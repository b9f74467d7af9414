#include "core/service/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "core/service/events.hpp"
#include "core/settings/xsd_value.hpp"

namespace provlab::service {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// From Sunday, as Schedule::weekdays.
constexpr std::array<std::string_view, 7> kWeekdayPaths{
    "provisioning/execution/sundays",   "provisioning/execution/mondays",
    "provisioning/execution/tuesdays",  "provisioning/execution/wednesdays",
    "provisioning/execution/thursdays", "provisioning/execution/fridays",
    "provisioning/execution/saturdays"};

constexpr std::string_view kDrawnMinute = "execution-minute";
constexpr unsigned kLastDrawnMinute = 5 * 60 + 55;

/// A clock that is set forward over an occurrence by no more than this has not missed it: its
/// minute still shows.
constexpr seconds kGrace{60};

/// Of an xs:unsignedInt; none where the release has no such setting.
seconds read_seconds(std::string_view text) {
  const std::string digits = settings::shortest_number(text);
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return seconds(value);
}

std::string format_local(std::chrono::local_seconds local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02} {}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     format_time_of_day(std::chrono::duration_cast<minutes>(local - day)));
}

}  // namespace

Scheduler::Scheduler(Host& host, settings::DeviceSettings& settings, net::DeviceClock& clock,
                     UniqueFunction<void()> fire)
    : host_(host), settings_(settings), clock_(clock), fire_(std::move(fire)), reconsider_(host) {}

std::chrono::sys_seconds Scheduler::now() const {
  return std::chrono::floor<seconds>(clock_.now());
}

Task<> Scheduler::run() {
  for (;;) {
    const auto next = plan();
    if (!next) {
      co_await reconsider_.wait_until(kNever);
      continue;
    }
    const Duration left = next->time - clock_.now();
    if (left > Duration::zero()) {
      co_await reconsider_.wait_until(host_.now() + left);
      continue;  // settings or clock may be others now
    }
    co_await execute(*next);
  }
}

/// The occurrence to wait for, or nothing. A planned one that has come is returned too, and so is
/// one that the clock jumped over by less than its minute: their time is not in the future.
std::optional<Occurrence> Scheduler::plan() {
  const auto schedule = clock_.valid() ? read_schedule() : std::nullopt;
  if (!schedule) {
    planned_.reset();
    return std::nullopt;
  }
  const PosixTimezone timezone = read_timezone();
  if (planned_ && planned_->time <= now() && now() - planned_->time < kGrace &&
      occurrence_on(planned_->day, *schedule, timezone) == *planned_) {
    return planned_;
  }
  const bool done = done_ && done_->time_of_day == schedule->time_of_day;
  const auto next =
      next_occurrence(*schedule, timezone, now(), done ? std::optional(done_->day) : std::nullopt);
  if (next && next != planned_) {
    host_.record(SchedulePlanned{next->time, format_local(timezone.to_local(next->time))});
  }
  planned_ = next;
  return next;
}

Task<> Scheduler::execute(Occurrence occurrence) {
  planned_.reset();
  const auto schedule = read_schedule();
  if (schedule) done_ = Done{occurrence.day, schedule->time_of_day};
  if (schedule && schedule->delay) {
    const auto [low, high] = *schedule->delay;
    const auto span = static_cast<std::uint64_t>((high - low).count());
    const seconds delay = low + seconds(host_.random().below(span + 1));
    host_.record(ScheduleDelayed{delay});
    co_await sleep_for(host_, delay);
  }
  fire_();
}

std::optional<Schedule> Scheduler::read_schedule() {
  const settings::Configuration& configuration = settings_.configuration();
  Schedule schedule;
  for (std::size_t day = 0; day < kWeekdayPaths.size(); ++day) {
    schedule.weekdays[day] = configuration.flag(kWeekdayPaths[day], false);
  }
  if (!schedule.ever()) return std::nullopt;
  const std::string time = settings_.configuration().text("provisioning/execution/time");
  schedule.time_of_day = time.empty() ? drawn_minute() : read_time_of_day(time);
  schedule.delay = read_delay();
  return schedule;
}

/// The delay of 1.10A is one number, up to which it is drawn, 0 for none.
std::optional<Schedule::Delay> Scheduler::read_delay() const {
  const settings::Configuration& configuration = settings_.configuration();
  const auto read = [&](std::string_view path) { return read_seconds(configuration.text(path)); };
  if (const auto high = read("provisioning/execution/randomDelay"); high > seconds::zero()) {
    return Schedule::Delay{seconds::zero(), high};
  }
  if (!configuration.flag("provisioning/execution/useRandomDelay", false)) return std::nullopt;
  const seconds high = read("provisioning/execution/maximalRandomDelay");
  return Schedule::Delay{std::min(read("provisioning/execution/minimalRandomDelay"), high), high};
}

minutes Scheduler::drawn_minute() {
  if (const auto kept = settings_.kept(kDrawnMinute)) return read_time_of_day(*kept);
  const minutes drawn(host_.random().below(kLastDrawnMinute + 1));
  const std::string text = format_time_of_day(drawn);
  host_.record(ScheduleMinuteDrawn{text});
  // Where it cannot be kept the settings say so in the trace, and it is drawn again.
  std::ignore = settings_.keep(kDrawnMinute, text);
  return drawn;
}

PosixTimezone Scheduler::read_timezone() {
  const auto timezone = PosixTimezone::parse(settings_.configuration().text("time/timezone"));
  if (timezone) return *timezone;
  refuse(fmt::format("time/timezone: {}; times are taken as UTC", timezone.error().text));
  return PosixTimezone();
}

void Scheduler::refuse(std::string reason) {
  if (reason == refusal_) return;
  refusal_ = std::move(reason);
  host_.record(ScheduleRefused{refusal_});
}

}  // namespace provlab::service
