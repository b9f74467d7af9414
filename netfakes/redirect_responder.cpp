#include "netfakes/redirect_responder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/user_info.hpp"
#include "netfakes/http_front.hpp"

namespace provlab::netfakes {

namespace {

/// One query parameter, its percent escapes undone (RFC 3986 2.1).
std::optional<std::string> parameter(std::string_view target, std::string_view name) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  std::string_view query = target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == std::string_view::npos) continue;
    return percent_decoded(pair.substr(equals + 1));
  }
  return std::nullopt;
}

bool redirects(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Whether an answer of this status has the URL as its text.
bool has_text(unsigned status) {
  return status >= 200 && status < 300 && status != 204;
}

std::string summarize(const Assignment& assignment) {
  if (assignment.status == 204 || assignment.status == 404) {
    return fmt::format("{} not registered", assignment.status);
  }
  return fmt::format("{} {}", assignment.status, shown_url(assignment.url));
}

class RedirectResponder final : public HttpFront<RedirectConfig> {
 public:
  RedirectResponder(Host& host, std::shared_ptr<const RedirectConfig> config)
      : HttpFront(host, std::move(config)) {}

 private:
  void receive(const HttpRequest& request, const HttpExchange& exchange) override;
  std::shared_ptr<const Assignment> assignment_of(const RedirectRule* rule,
                                                  std::string_view mac) const;
};

std::shared_ptr<const Assignment> RedirectResponder::assignment_of(const RedirectRule* rule,
                                                                   std::string_view mac) const {
  const auto of_configuration = [this](const Assignment& assignment) {
    return std::shared_ptr<const Assignment>(config_, &assignment);
  };
  if (rule != nullptr && rule->assignment) return of_configuration(*rule->assignment);
  const auto own = config_->devices.find(mac);
  if (own != config_->devices.end()) return of_configuration(own->second);
  if (config_->directory) {
    if (auto url = config_->directory->url_of(mac)) {
      Assignment listed;
      listed.url = std::move(*url);
      return std::make_shared<const Assignment>(std::move(listed));
    }
  }
  return of_configuration(config_->otherwise);
}

void RedirectResponder::receive(const HttpRequest& request, const HttpExchange& exchange) {
  const auto mac = parameter(request.target, "mac");
  if (!mac || request.method != "GET") {
    answering_.ignored(request.from, fmt::format("{} {} asks for no device's URL", request.method,
                                                 request.target));
    exchange.answer({.status = 400,
                     .content_type = "text/plain",
                     .location = {},
                     .headers = nullptr,
                     .body = "Ask with GET /?mac=...&type=...&serial=...\n",
                     .close = false});
    return;
  }
  const Request text{"assignment mac=" + *mac, {}, request.lines};
  const RedirectRule* rule = received(text, request.from);
  const auto assignment = assignment_of(rule, *mac);
  const Answer standard{.id = assignment->id,
                        .after = assignment->after,
                        .silent = false,
                        .faults = assignment->faults,
                        .use = assignment->use};
  answering_.schedule(
      rule, standard, text.text,
      [this, exchange, assignment, given = header_lines(text)](const DueAnswer& due) {
        const bool as_text = has_text(assignment->status);
        const std::string body = as_text ? assignment->url + "\n" : std::string();
        const std::string_view location =
            redirects(assignment->status) ? std::string_view(assignment->url) : std::string_view();
        reply(due, exchange,
              {.status = assignment->status,
               .content_type = as_text ? "text/plain" : "",
               .location = location,
               .headers = given.get(),
               .body = body,
               .close = false},
              summarize(*assignment));
      });
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host,
                                          std::shared_ptr<const RedirectConfig> config) {
  return std::make_unique<RedirectResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
