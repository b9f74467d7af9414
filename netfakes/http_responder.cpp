#include "netfakes/http_responder.hpp"

#include <fmt/format.h>

#include "netfakes/http_front.hpp"

namespace provlab::netfakes {

namespace {

HttpReply reply_of(const HttpResource& resource, const HeaderLines& headers) {
  return {.status = resource.status,
          .content_type = resource.content_type,
          .location = resource.location,
          .headers = &headers,
          .body = resource.body,
          .close = false};
}

std::string summarize(const HttpReply& reply) {
  std::string out = fmt::format("{}", reply.status);
  if (!reply.location.empty()) out.append(" ").append(reply.location);
  if (!reply.content_type.empty()) out.append(" ").append(reply.content_type);
  fmt::format_to(std::back_inserter(out), " {} octets", reply.body.size());
  return out;
}

/// A page that helps whoever mistyped a path in a scenario.
std::string not_found_page(std::string_view target, const std::vector<HttpResource>& resources) {
  std::string page = fmt::format("There is no {} on this server.\n", target);
  for (const HttpResource& resource : resources) {
    page.append(page.find("It has") == std::string::npos ? "It has " : ", ").append(resource.path);
  }
  if (!resources.empty()) page += ".\n";
  return page;
}

class HttpResponder final : public HttpFront<HttpConfig> {
 public:
  HttpResponder(Host& host, std::shared_ptr<const HttpConfig> config)
      : HttpFront(host, std::move(config)) {}

 private:
  void receive(const HttpRequest& request, const HttpExchange& exchange) override;
  const HttpResource* find(std::string_view target) const;
};

/// The resource for exactly this target, else the first one for its path.
const HttpResource* HttpResponder::find(std::string_view target) const {
  const std::string_view path = target.substr(0, target.find('?'));
  const HttpResource* by_path = nullptr;
  for (const HttpResource& resource : config_->resources) {
    if (resource.path == target) return &resource;
    if (by_path == nullptr && resource.path == path) by_path = &resource;
  }
  return by_path;
}

void HttpResponder::receive(const HttpRequest& request, const HttpExchange& exchange) {
  Request text{.text = {}, .detail = {}, .contents = request.lines};
  text.text.append(request.method).append(" ").append(request.target);
  const HttpRule* rule = received(text, request.from);
  const HttpResource* resource = nullptr;
  std::shared_ptr<const HttpResource> own;  // an answer that is not in the configuration
  if (rule != nullptr && rule->resource) {
    resource = rule->resource.get();
  } else if (request.method != "GET" && request.method != "HEAD") {
    HttpResource refusal;
    refusal.status = 405;
    refusal.content_type = "text/plain";
    refusal.headers = {{.name = "Allow", .value = "GET, HEAD"}};
    refusal.body = fmt::format("{} is not possible here.\n", request.method);
    own = std::make_shared<const HttpResource>(std::move(refusal));
  } else if (resource = find(request.target); resource == nullptr) {
    HttpResource missing;
    missing.status = 404;
    missing.content_type = "text/plain";
    missing.body = not_found_page(request.target, config_->resources);
    own = std::make_shared<const HttpResource>(std::move(missing));
  }
  if (own) resource = own.get();
  const Answer standard{.id = resource->id,
                        .after = resource->after,
                        .silent = false,
                        .faults = resource->faults,
                        .use = resource->use};
  auto given = header_lines(text, resource->headers);
  answering_.schedule(rule, standard, std::move(text.text),
                      [this, exchange, resource, own, given](const DueAnswer& due) {
                        const HttpReply content =
                            reply_of(*resource, given ? *given : resource->headers);
                        reply(due, exchange, content, summarize(content));
                      });
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const HttpConfig> config) {
  return std::make_unique<HttpResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
