#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "core/settings/document_limits.hpp"
#include "sim/web/answers.hpp"
#include "sim/web/desk.hpp"
#include "sim/web/pages.hpp"
#include "sim/web/twins.hpp"

namespace provlab::web {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostUrl = 2048;
constexpr long kMostFeeds = 8;
/// A line that says nothing, so that both ends notice when the other has gone.
constexpr Duration kHeartbeat = 15s;

std::string feed_line(std::string_view event, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", event, data);
}

/// The line of the log behind which a client wants to go on: `?after=17`.
std::optional<EventNumber> line_named(const Request& request) {
  const std::string after = form_value(request.query, "after");
  EventNumber number = 0;
  const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), number);
  return error == std::errc{} && end == after.data() + after.size() ? std::optional(number)
                                                                    : std::nullopt;
}

}  // namespace

/// What a client of the feed has been told.
struct FeedState {
  std::string status;
  EventNumber log = 0;
  Instant last;
};

Response Desk::status(const Visit& visit) {
  const StatusView view = status_view(host_, device_, log_);
  if (visit.by_script) return json_answer(status_json(view));
  return page(status_page(around(visit.visitor), view));
}

ProvisioningView Desk::provisioning_view(std::string complaint) {
  return {.url = configured_url(device_),
          .notice = {},
          .complaint = std::move(complaint),
          .status = status_view(host_, device_, log_)};
}

Response Desk::provisioning(const Visit& visit) {
  ProvisioningView view = provisioning_view();
  if (visit.by_script) return json_answer(provisioning_json(view));
  if (visit.request.query == "saved") view.notice = "The URL is saved.";
  if (visit.request.query == "started") view.notice = "Provisioning has been started.";
  return page(provisioning_page(around(visit.visitor), view));
}

/// What is shown of a URL with a password does not replace it.
Expected<void> Desk::enter_url(const std::string& url) {
  if (url == configured_url(device_)) return {};
  if (url.size() > kMostUrl) return fail(fmt::format("a URL has at most {} octets", kMostUrl));
  return device_.set("provisioning/url", url);
}

Response Desk::submit_provisioning(const Visit& visit) {
  const std::string url = form_value(visit.request.body, "url");
  const bool start = form_value(visit.request.body, "do") == "start";
  if (const auto entered = enter_url(url); !entered) {
    ProvisioningView view =
        provisioning_view(fmt::format("The URL was not saved: {}.", entered.error().to_string()));
    view.url = url;
    return page(provisioning_page(around(visit.visitor), view), 422);
  }
  if (start) device_.start_provisioning();
  return see(start ? "/provisioning?started" : "/provisioning?saved");
}

Response Desk::put_url(const Visit& visit) {
  const auto url = text_member(visit.request.body, "url");
  if (!url) return refuse(visit, 400, "", url.error().text);
  if (const auto entered = enter_url(*url); !entered) {
    return refuse(visit, 422, "", entered.error().to_string());
  }
  return json_answer(provisioning_json(provisioning_view()));
}

Response Desk::start_provisioning(const Visit&) {
  device_.start_provisioning();
  return json_answer(provisioning_json(provisioning_view()), 202);
}

Response Desk::log(const Visit& visit) {
  if (!visit.by_script) {
    return page(log_page(around(visit.visitor), log_view(host_, device_, log_, 0)));
  }
  const EventNumber after = line_named(visit.request).value_or(0);
  return json_answer(log_json(log_view(host_, device_, log_, after)));
}

/// What happens, as server-sent events: `status` whenever that differs, `log` for new lines.
Response Desk::events(const Visit& visit) {
  if (self_.use_count() > kMostFeeds) {
    return refuse(visit, 503, "Too many", "Too many pages are being kept up to date.");
  }
  FeedState state{.status = {},
                  .log = line_named(visit.request).value_or(host_.trace().last()),
                  .last = host_.now()};
  return {.status = 200,
          .content_type = "text/event-stream",
          .body = {},
          .fields = {},
          .feed = [desk = self_, visitor = visit.visitor,
                   state = std::move(state)]() mutable -> std::optional<std::string> {
            return *desk == nullptr ? std::nullopt : (*desk)->next_events(visitor, state);
          }};
}

std::optional<std::string> Desk::next_events(const Visitor& visitor, FeedState& state) {
  if (!gate_.stands(visitor)) return std::nullopt;
  std::string out;
  std::string status = status_json(status_view(host_, device_, log_));
  if (status != state.status) out += feed_line("status", status);
  state.status = std::move(status);
  const LogView log = log_view(host_, device_, log_, state.log);
  if (!log.lines.empty()) {
    state.log = log.lines.front().number;
    out += feed_line("log", log_json(log));
  }
  if (out.empty() && host_.now() - state.last >= kHeartbeat) out = ":\n\n";
  if (!out.empty()) state.last = host_.now();
  return out;
}

Response Desk::backup(const Visit& visit) {
  return page(backup_page(around(visit.visitor)));
}

Response Desk::download_backup(const Visit&) {
  const DeviceIdentity identity = device_.identity();
  gate_.hash();  // no password leaves the telephone
  return {.status = 200,
          .content_type = "application/xml",
          .body = device_.make_backup(),
          .fields = {{"Content-Disposition",
                      fmt::format("attachment; filename=\"{}-{}.xml\"", to_string(identity.type),
                                  identity.mac.compact())}},
          .feed = {}};
}

Response Desk::restore(const Visit& visit) {
  return page(restore_page(around(visit.visitor), std::nullopt, {}));
}

Response Desk::submit_restore(const Visit& visit) {
  std::string_view document = visit.request.body;
  std::string content_type = visit.request.content_type;
  if (!visit.by_script) {
    const auto complain = [&](std::string_view sentence) {
      return page(restore_page(around(visit.visitor), std::nullopt, sentence), 422);
    };
    const auto parts = form_parts(visit.request.content_type, visit.request.body);
    if (!parts) return complain("The form cannot be read: " + parts.error().text + ".");
    const auto part = std::ranges::find(*parts, "document", &FormPart::name);
    if (part == parts->end() || (part->file_name.empty() && part->content.empty())) {
      return complain("Choose a file first.");
    }
    document = part->content;
    content_type.clear();
  }
  if (document.size() > settings::kMaxDocumentOctets) {
    return too_long(visit.request, visit.request.body.size());
  }
  const RestoreView view = restore_view(device_.restore(document, content_type));
  gate_.hash();
  const unsigned status = view.result == "refused" ? 422 : 200;
  if (visit.by_script) return json_answer(restore_json(view), status);
  // With other users the sender himself may be one no more, but he is told.
  return page(restore_page(around(visit.visitor), view, {}), status);
}

Response Desk::script(const Visit&) {
  return {.status = 200,
          .content_type = "text/javascript; charset=utf-8",
          .body = std::string(page_script()),
          .fields = {},
          .feed = {}};
}

}  // namespace provlab::web
