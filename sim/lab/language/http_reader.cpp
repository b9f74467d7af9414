#include "sim/lab/language/http_reader.hpp"

#include <fmt/format.h>

#include <map>

#include "sim/lab/language/answer_rule_reader.hpp"
#include "sim/lab/language/faults_reader.hpp"
#include "sim/lab/language/header_reader.hpp"
#include "sim/lab/language/web_server_reader.hpp"

namespace provlab::lab {

namespace {

/// `<file>` and `<moved>`.
netfakes::HttpResource read_resource(const Element& element, Names& names) {
  netfakes::HttpResource resource;
  resource.id = element.text("id");
  resource.path = element.text("path");
  resource.after = element.duration("after").value_or(Duration::zero());
  resource.faults = read_faults(element, names);
  if (element.name() == "moved") {
    resource.status = element.number("status").value_or(302);
    resource.location = element.text("to");
    resource.content_type.clear();
  } else {
    resource.status = element.number("status").value_or(200);
    resource.content_type = element.text("type", resource.content_type);
    auto body = element.sized_body();
    if (!body && !element.has("src") && resource.status == 200) {
      element.complain(
          "this file has no content; name it by src=\"...\", write it in here, or say by "
          "size=\"...\" how much of nothing it is");
    }
    resource.body = std::move(body).value_or("");
  }
  resource.use = names.watch(element, "nobody got it");
  names.add_answer(element, "http");
  return resource;
}

/// What an answer is instead of the resource; null where it is the resource itself, perhaps later.
std::shared_ptr<const netfakes::HttpResource> read_different_resource(const Element& answer) {
  auto body = answer.sized_body();
  if (!body && !answer.has("status") && !answer.has("location") && !answer.has("type")) {
    return nullptr;
  }
  netfakes::HttpResource resource;
  resource.status = answer.number("status").value_or(answer.has("location") ? 302 : 200);
  resource.location = answer.text("location");
  if (body) {
    resource.body = std::move(*body);
    resource.content_type = answer.text("type", resource.content_type);
  } else {
    resource.content_type = answer.text("type");
  }
  return std::make_shared<const netfakes::HttpResource>(std::move(resource));
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::HttpConfig& config) {
  config.port = port_of(element);
  config.server = read_server_options(element, site);
  std::map<std::string, int> lines;  // by path
  for (const Element& each : element.children()) {
    if (each.name() == "on" || each.name() == "header") continue;
    netfakes::HttpResource resource = read_resource(each, site.names);
    const auto [first, fresh] = lines.emplace(resource.path, each.line("path"));
    if (!fresh) {
      each.complain("path", fmt::format("there is already a file {} in line {}; remove one of them",
                                        resource.path, first->second));
    }
    config.resources.push_back(std::move(resource));
  }
  const auto read_answer = [&](const Element& answer, netfakes::HttpRule& rule) {
    site.names.add_answer(answer, "http");
    if (answer.name() == "answer") rule.resource = read_different_resource(answer);
  };
  read_answer_rules(element, site.names, config, read_answer);
  config.headers = read_header_rules(element, config.kind);
}

}  // namespace provlab::lab
