#include "core/service/check_sync.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/sip_text.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/service/provisioning_service.hpp"
#include "core/settings/configuration.hpp"

namespace provlab::service {

namespace {

constexpr std::string_view kTraceName = "check-sync NOTIFY";

/// `reboot=true` among the parameters of Event.
bool asks_for_reboot(const net::SipMessage& message) {
  const std::string* event = message.find("Event");
  std::string_view rest = event == nullptr ? std::string_view() : std::string_view(*event);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view parameter = net::sip_trim(rest.substr(0, end));
    if (net::sip_same_name(parameter, "reboot=true")) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::string content_type_of(const net::SipMessage& message) {
  const std::string* type = message.find("Content-Type");
  return type == nullptr ? std::string() : *type;
}

}  // namespace

CheckSync::CheckSync(Host& host, settings::Engine& settings, const Allowlist& allowlist,
                     const net::DeviceClock& clock, ProvisioningService& service, Reboot reboot)
    : host_(host),
      settings_(settings),
      allowlist_(allowlist),
      clock_(clock),
      service_(service),
      reboot_(std::move(reboot)) {}

net::SipAnswer CheckSync::refuse(const net::SipNotify& notify, unsigned status, std::string phrase,
                                 std::string reason) {
  host_.record(CheckSyncRefused{notify.from, status, reason});
  return {status, std::move(phrase), std::move(reason)};
}

net::SipAnswer CheckSync::judge(const net::SipNotify& notify) {
  if (!settings_.configuration().flag("provisioning/sip/active", false)) {
    return refuse(notify, 403, "Forbidden", "provisioning/sip/active is not true");
  }
  if (auto refusal = allowlist_.refusal(notify.from.address)) {
    return refuse(notify, 403, "Forbidden", std::move(*refusal));
  }
  const net::SipMessage& message = notify.message;
  if (!net::sip_same_name(message.event_package(), "check-sync")) {
    return refuse(notify, 489, "Bad Event",
                  fmt::format("the event {} is not served here", message.event_package()));
  }
  if (asks_for_reboot(message)) {
    return accept(notify, "reboot", {.what = NotifySync::What::reboot, .url = {}, .start = {}});
  }
  if (message.body().empty()) return accept(notify, "full-run", {});
  const std::string content_type = content_type_of(message);
  const auto xml = settings::read_xml(message.body(), content_type);
  if (xml && is_notify_sync(*xml)) {
    auto sync = read_notify_sync(*xml);
    if (!sync) {
      return refuse(notify, 415, "Unsupported Media Type",
                    "notifySync cannot be read: " + sync.error().to_string());
    }
    const std::string_view action = to_string(sync->what);
    return accept(notify, action, std::move(*sync));
  }
  auto document = settings::read_document(message.body(), content_type);
  if (!document) {
    return refuse(notify, 415, "Unsupported Media Type",
                  "the body cannot be read: " + document.error().to_string());
  }
  const bool known = std::ranges::any_of(document->sections, [&](const std::string& section) {
    const auto found = settings_.configuration().select("/" + section);
    return found && !found->empty();
  });
  const bool operations = document->type == settings::DocumentType::operations;
  if (document->type == settings::DocumentType::reference || (!known && !operations)) {
    return refuse(notify, 415, "Unsupported Media Type",
                  "the body is neither notifySync nor a snippet of the configuration");
  }
  return accept(notify, "settings", {},
                std::make_shared<const settings::Document>(std::move(*document)));
}

Duration CheckSync::until_start(const NotifySync& sync) const {
  // A date cannot be waited for without a clock; then it is now.
  if (!sync.start || !clock_.valid()) return sync.delay;
  return std::max(sync.delay, std::max<Duration>(*sync.start - clock_.now(), Duration::zero()));
}

/// What was asked for follows the answer: never before this returns.
net::SipAnswer CheckSync::accept(const net::SipNotify& notify, std::string_view action,
                                 NotifySync sync,
                                 std::shared_ptr<const settings::Document> document) {
  const Duration delay = until_start(sync);
  host_.record(CheckSyncAccepted{notify.from, action, sync.url, delay});
  host_.start_timer(host_.now() + delay,
                    [this, alive = std::weak_ptr(alive_), sync = std::move(sync),
                     document = std::move(document), from = notify.from](error_code error) {
                      if (!error && !alive.expired()) perform(sync, document.get(), from);
                    });
  return {200, "OK", fmt::format("check-sync: {}", action)};
}

void CheckSync::perform(const NotifySync& sync, const settings::Document* document, Endpoint from) {
  if (document != nullptr) {
    settings_.apply(*document, std::string(kTraceName));
    return;
  }
  switch (sync.what) {
    case NotifySync::What::full_run:
    case NotifySync::What::load:
      return service_.trigger(Trigger::check_sync, sync.url);
    case NotifySync::What::no_data:
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
