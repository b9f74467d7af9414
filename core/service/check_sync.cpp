#include "core/service/check_sync.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/sip_text.hpp"
#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/service/posix_timezone.hpp"
#include "core/service/provisioning_service.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::service {

namespace {

/// How the trace calls a document that came in a body.
constexpr const char* kTraceName = "check-sync NOTIFY";

constexpr std::ptrdiff_t kMostDelayed = 8;  // SPEC 7.4
constexpr Duration kLongestWait = std::chrono::days(31);

std::string_view action_of(bool settings, NotifySync::What what) {
  return settings ? "settings" : to_string(what);
}

/// The Event parameter `reboot=true`, however it is written (RFC 3261 25.1).
bool asks_for_reboot(const net::SipMessage& message) {
  const std::string* event = message.find("Event");
  return event != nullptr &&
         same_ignoring_case(net::sip_parameter(*event, "reboot").value_or(""), "true");
}

std::string content_type_of(const net::SipMessage& message) {
  const std::string* type = message.find("Content-Type");
  return type == nullptr ? std::string() : *type;
}

}  // namespace

CheckSync::CheckSync(Host& host, settings::DeviceSettings& settings, const Allowlist& allowlist,
                     const net::DeviceClock& clock, ProvisioningService& service, Reboot reboot)
    : host_(host),
      settings_(settings),
      allowlist_(allowlist),
      clock_(clock),
      service_(service),
      reboot_(std::move(reboot)) {}

net::SipAnswer CheckSync::refuse(const net::SipNotify& notify, net::SipAnswer answer) {
  host_.record(CheckSyncRefused{notify.from, answer.status, answer.why});
  return answer;
}

net::SipAnswer CheckSync::judge(const net::SipNotify& notify) {
  if (!settings_.configuration().flag("provisioning/sip/active", false)) {
    return refuse(notify, {403, "Forbidden", "provisioning/sip/active is not true"});
  }
  if (auto refusal = allowlist_.refusal(notify.from.address)) {
    return refuse(notify, {403, "Forbidden", std::move(*refusal)});
  }
  const net::SipMessage& message = notify.message;
  if (const auto required = message.required(); !required.empty()) {
    return refuse(notify, {420, "Bad Extension",
                           fmt::format("it requires {}, which is not known here",
                                       shortened(fmt::format("{}", fmt::join(required, ", "))))});
  }
  if (!same_ignoring_case(message.event_package(), "check-sync")) {
    return refuse(notify, net::bad_event(message.event_package()));
  }
  auto wish = read_body(message);
  if (!wish) return refuse(notify, {415, "Unsupported Media Type", wish.error().to_string()});
  if (asks_for_reboot(message)) {
    wish->sync.what = NotifySync::What::reboot;
    wish->sync.url.clear();
  }
  const auto delay = until_start(wish->sync);
  if (!delay) return refuse(notify, {415, "Unsupported Media Type", delay.error().to_string()});
  return accept(notify, std::move(*wish), *delay);
}

Expected<CheckSync::Wish> CheckSync::read_body(const net::SipMessage& message) {
  Wish wish;
  if (message.body().find_first_not_of("\r\n") == std::string::npos) return wish;
  const std::string content_type = content_type_of(message);
  const auto xml = settings::read_xml(message.body(), content_type);
  if (xml && is_notify_sync(*xml)) {
    settings_.warn(*xml, kTraceName);
    auto sync = read_notify_sync(*xml);
    if (!sync) return fail("notifySync cannot be read: " + sync.error().to_string());
    wish.sync = std::move(*sync);
    return wish;
  }
  auto document = settings_.read(message.body(), content_type, kTraceName);
  if (!document) return fail("the body cannot be read: " + document.error().to_string());
  if (!is_snippet(*document)) {
    return fail("the body is neither notifySync nor a snippet of the configuration");
  }
  wish.settings = std::make_shared<const settings::Document>(std::move(*document));
  return wish;
}

/// Sections that the release does not have are left out of a snippet; one that is the root makes
/// none (SPEC 6.6).
bool CheckSync::is_snippet(const settings::Document& document) const {
  if (document.type != settings::DocumentType::patch) {
    return document.type == settings::DocumentType::operations;
  }
  if (!document.lone_section) return !document.sections.empty();
  return settings_.configuration().section(document.sections.front()) != nullptr;
}

WallTime CheckSync::moment_of(const XsdDateTime& date) const {
  if (date.offset) return WallTime{(date.local - *date.offset).time_since_epoch()};
  const auto second = std::chrono::floor<std::chrono::seconds>(date.local);
  const auto timezone = PosixTimezone::parse(settings_.configuration().text("time/timezone"));
  // As the scheduler has it: a timezone that cannot be read is UTC.
  return timezone.value_or(PosixTimezone()).first_from(second) + (date.local - second);
}

Expected<Duration> CheckSync::until_start(const NotifySync& sync) const {
  Duration wait = sync.delay;
  // A date cannot be waited for without a clock; then it is now.
  if (sync.start && clock_.valid()) wait = moment_of(*sync.start) - clock_.now();
  if (wait > kLongestWait) return fail("it is to start in more than 31 days");
  return std::max<Duration>(wait, Duration::zero());
}

void CheckSync::drop_oldest() {
  if (std::ranges::count(pending_, true, &Pending::delayed) < kMostDelayed) return;
  const auto oldest = std::ranges::find(pending_, true, &Pending::delayed);
  const Wish& wish = oldest->wish;
  host_.record(CheckSyncReplaced{oldest->from, action_of(wish.settings != nullptr, wish.sync.what),
                                 shown_url(wish.sync.url)});
  pending_.erase(oldest);
}

/// What was asked for follows the answer: never before this returns.
net::SipAnswer CheckSync::accept(const net::SipNotify& notify, Wish wish, Duration delay) {
  const std::string_view action = action_of(wish.settings != nullptr, wish.sync.what);
  host_.record(CheckSyncAccepted{notify.from, action, shown_url(wish.sync.url), delay});
  const bool delayed = delay > Duration::zero();
  if (delayed) drop_oldest();
  const auto pending =
      pending_.emplace(pending_.end(), host_, std::move(wish), notify.from, delayed);
  pending->start.start(host_.now() + delay, [this, pending] {
    const Wish due = std::move(pending->wish);
    const Endpoint from = pending->from;
    pending_.erase(pending);
    perform(due, from);
  });
  return {200, "OK", fmt::format("check-sync: {}", action)};
}

void CheckSync::perform(const Wish& wish, Endpoint from) {
  const NotifySync& sync = wish.sync;
  if (wish.settings) {
    settings_.apply(*wish.settings, kTraceName);
    if (sync.what != NotifySync::What::reboot) return;
  }
  switch (sync.what) {
    case NotifySync::What::full_run:
    case NotifySync::What::load:
      return service_.trigger(Trigger::check_sync, sync.url);
    case NotifySync::What::no_data:
      host_.record(CheckSyncNothingToLoad{from, sync.why_no_data});
      return;
    case NotifySync::What::reboot:
      host_.record(RebootRequested{from});
      return reboot_();
    case NotifySync::What::update_firmware:
    case NotifySync::What::reregister:
    case NotifySync::What::remote_access:
      host_.record(RequestNotSimulated{to_string(sync.what)});
      return;
  }
}

}  // namespace provlab::service
