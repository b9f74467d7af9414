#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/discovery/events.hpp"
#include "core/discovery/stage.hpp"
#include "core/net/dhcp_client.hpp"
#include "core/net/first_line.hpp"
#include "core/net/http_client.hpp"
#include "core/net/http_head.hpp"
#include "core/net/http_status.hpp"
#include "core/net/sip_subscription.hpp"
#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"

namespace provlab::discovery {

namespace {

/// A media type without its parameters, in lower case (RFC 9110 8.3.1).
std::string media_type(std::string_view value) {
  return lower(trimmed(value.substr(0, value.find(';')), kBlanks));
}

}  // namespace

namespace {

/// Why DHCP gave no URL: what is wrong with its halves, or that they had to be left out.
std::string why_no_url(const net::DhcpUrl& found, const std::vector<net::OptionLeftOut>& left_out) {
  using namespace net::dhcp_option;
  std::string text = fmt::format("{}", fmt::join(found.diagnoses, "; "));
  for (const net::OptionLeftOut& option : left_out) {
    if (option.code != kVendorSpecific && option.code != kTftpServerName &&
        option.code != kBootFileName) {
      continue;
    }
    if (!text.empty()) text += "; ";
    text += fmt::format("option {} was left out: {}", option.code, option.reason);
  }
  if (!text.empty()) return text;
  return "neither options 66, 67 and 43 nor the header fields hold a URL";
}

}  // namespace

bool reads_lease(const Stage& stage, const net::DhcpClient& client) {
  return !stage.contended() && client.lease();
}

Task<> ask_dhcp(Stage& stage, net::DhcpClient& client, net::DhcpUrlKnobs knobs) {
  constexpr SourceKind kSelf = SourceKind::dhcp;
  stage.host().record(SourceStarted{to_string(kSelf)});
  net::DhcpUrl found;
  std::vector<net::OptionLeftOut> left_out;
  if (reads_lease(stage, client)) {
    found = net::derive_url(client.lease()->ack, stage.device(), knobs);
    left_out = client.lease()->left_out;
  } else {
    Expected<net::DhcpReply> answer = co_await client.inform();
    if (!answer) {
      stage.fail(kSelf, answer.error().to_string());
      co_return;
    }
    found = net::derive_url(answer->message, stage.device(), knobs);
    left_out = std::move(answer->left_out);
  }
  for (const std::string& diagnosis : found.diagnoses) {
    stage.host().record(DhcpUrlDiagnosed{diagnosis});
  }
  if (!found.url) {
    stage.fail(kSelf, why_no_url(found, left_out));
    co_return;
  }
  // Usable it is: derive_url() has seen to that.
  const auto judgement = stage.judge(kSelf, *found.url, "option " + found.origin);
  if (judgement == Stage::Judgement::won && found.or_by_http) stage.allow_http();
}

namespace {

/// What the redirect service's answer says (SPEC 4.1).
void judge_redirect(Stage& stage, const net::HttpResponse& response) {
  constexpr SourceKind kSelf = SourceKind::redirect;
  if (response.status == 204 || response.status == 404) {
    return stage.fail(kSelf, fmt::format("the device is not registered at the redirect service "
                                         "(status {})",
                                         response.status));
  }
  Stage::Judgement judgement{};
  if (net::is_redirect(response.status)) {
    if (response.location.empty()) {
      return stage.fail(kSelf, fmt::format("status {} without a Location", response.status));
    }
    judgement =
        stage.judge(kSelf, response.location, fmt::format("Location of status {}", response.status),
                    &response.final_url);
  } else if (net::status_counted_as(response.status) == 200) {
    const std::string type = media_type(response.content_type);
    if (type != "text/plain") {
      return stage.fail(kSelf, fmt::format("status {} with media type '{}' instead of text/plain",
                                           response.status, type));
    }
    const std::string_view line = net::first_line(response.body);
    judgement = line.empty() ? stage.judge_empty(kSelf, "the answer's first line is empty")
                             : stage.judge(kSelf, line, "first line of text/plain");
  } else {
    const std::string_view meaning = net::meaning_of_status(response.status);
    return stage.fail(kSelf,
                      fmt::format("status {}{} is no answer of a redirect service", response.status,
                                  meaning.empty() ? "" : fmt::format(" ({})", meaning)));
  }
  if (judgement == Stage::Judgement::unusable) stage.fail(kSelf, "the assigned URL is not usable");
}

}  // namespace

Task<> ask_redirect(Stage& stage, net::HttpClient& http, std::string base, Duration timeout) {
  constexpr SourceKind kSelf = SourceKind::redirect;
  stage.host().record(SourceStarted{to_string(kSelf)});
  const DeviceIdentity& device = stage.device();
  while (base.ends_with('/')) base.pop_back();
  const Expected<net::Url> url =
      net::Url::parse(fmt::format("{}/?mac={}&type={}&serial={}", base, device.mac.compact(),
                                  provlab::to_string(device.type), device.serial));
  if (!url) {
    stage.fail(kSelf, "the redirect service's base URL is wrong: " + url.error().text);
    co_return;
  }
  net::HttpLimits limits;
  limits.total = timeout;
  const net::HttpResult result =
      co_await http.get(*url, limits, net::Redirects::answer, net::Purpose::redirect_service);
  if (result) {
    judge_redirect(stage, *result);
  } else {
    stage.fail(kSelf, result.error().text);
  }
}

namespace {

net::NotifyVerdict judge_notify(Stage& stage, const net::SipNotify& notify) {
  constexpr SourceKind kSelf = SourceKind::multicast;
  const std::string* type = notify.message.find("Content-Type");
  const std::string_view line = notify.first_line();
  Stage::Judgement judgement{};
  if (type != nullptr && media_type(*type) != "application/url") {
    judgement = stage.judge_empty(
        kSelf, fmt::format("the body is '{}' instead of application/url", media_type(*type)));
  } else if (line.empty()) {
    judgement = stage.judge_empty(kSelf, "the NOTIFY's body has no first line");
  } else {
    judgement = stage.judge(kSelf, line, fmt::format("NOTIFY from {}", notify.from.to_string()));
  }
  switch (judgement) {
    case Stage::Judgement::won:
      return net::NotifyVerdict::finished;
    case Stage::Judgement::unusable:
      return net::NotifyVerdict::keep_listening;
    case Stage::Judgement::late:
      break;
  }
  return net::NotifyVerdict::too_late;
}

}  // namespace

Task<> ask_multicast(Stage& stage, net::SipEndpoint& sip, Duration timeout) {
  constexpr SourceKind kSelf = SourceKind::multicast;
  Host& host = stage.host();
  host.record(SourceStarted{to_string(kSelf)});
  unsigned heard = 0;
  net::SipSubscription subscription(
      sip,
      [&stage, &heard](const net::SipNotify& notify) {
        ++heard;
        return judge_notify(stage, notify);
      },
      // Called long after this stage has gone.
      [&host](const net::SipNotify& notify) {
        host.record(LateAnswerIgnored{to_string(kSelf), shown_url(notify.first_line())});
      });
  const auto end = co_await subscription.run(host.now() + timeout);
  if (!end) {
    stage.fail(kSelf, end.error().to_string());
  } else if (*end == net::SipSubscription::End::timed_out) {
    stage.fail(kSelf, heard == 0 ? fmt::format("no NOTIFY within {}", provlab::to_string(timeout))
                                 : fmt::format("{} NOTIFY within {}, none with a usable URL", heard,
                                               provlab::to_string(timeout)));
  }
}

Task<> use_configured(Stage& stage, std::string url) {
  constexpr SourceKind kSelf = SourceKind::configured;
  stage.host().record(SourceStarted{to_string(kSelf)});
  const auto judgement = stage.judge(kSelf, url, "provisioning/url");
  if (judgement == Stage::Judgement::unusable) stage.fail(kSelf, "the URL is not usable");
  co_return;
}

}  // namespace provlab::discovery
