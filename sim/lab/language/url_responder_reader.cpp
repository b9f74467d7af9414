#include <fmt/format.h>

#include <map>

#include "sim/lab/language/scenario_reader.hpp"

/// Reads the responders that hand out URLs and what stands behind them.
namespace provlab::lab {

// Redirect service

Port ScenarioReader::port_of(const Element& element) {
  return static_cast<Port>(element.number("port").value_or(element.has("tls") ? 443 : 80));
}

netfakes::HttpServerOptions ScenarioReader::server_options(const Element& element,
                                                           std::size_t host) {
  using netfakes::CertificateKind;
  static const std::map<std::string_view, CertificateKind> kCertificates{
      {"expired", CertificateKind::expired},
      {"not-yet-valid", CertificateKind::not_yet_valid},
      {"self-signed", CertificateKind::self_signed},
      {"wrong-host", CertificateKind::wrong_host}};
  netfakes::HttpServerOptions options;
  options.listen.silent = element.text("accept") == "never";
  options.refuse = element.text("accept") == "refuse";
  options.listen.syn_ack_delay = element.duration("accept-after").value_or(Duration::zero());
  options.keep_alive = element.flag("keep-alive").value_or(true);
  const auto tls = element.get("tls");
  if (!tls) return options;
  netfakes::TlsOptions presented;
  if (const auto known = kCertificates.find(*tls); known != kCertificates.end()) {
    presented.certificate = known->second;
  }
  presented.stall = *tls == "stall";
  presented.names = plan_.hosts[host].dns_names;
  if (const auto& own = plan_.hosts[host].options.configuration) {
    presented.names.push_back(own->address.address.to_string());
  }
  presented.now = plan_.epoch;
  options.tls = std::make_shared<const netfakes::TlsServer>(presented);
  plan_.phone.ca_file = netfakes::tls_authority();
  return options;
}

void ScenarioReader::read(const Element& element, std::size_t host,
                          netfakes::RedirectConfig& config) {
  config.port = port_of(element);
  config.server = server_options(element, host);
  for (const Element& assign : element.children("assign")) {
    netfakes::Assignment assignment;
    assignment.id = assign.text("id");
    assignment.url = assign.text("url");
    assignment.status = assign.number("status").value_or(302);
    assignment.after = assign.duration("after").value_or(Duration::zero());
    assignment.faults = read_faults(assign);
    name_answer(assign, "redirect", assignment.url);
    if (const auto mac = assign.mac("mac")) {
      config.devices[mac->compact()] = std::move(assignment);
    } else {
      config.otherwise = std::move(assignment);
    }
  }
  for (const Element& on : element.children("on")) {
    netfakes::RedirectRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    name_answer(*answer, "redirect", answer->text("url"));
    if (answer->has("url") || answer->has("status")) {
      netfakes::Assignment assignment;
      assignment.url = answer->text("url");
      assignment.status = answer->number("status").value_or(assignment.url.empty() ? 404 : 302);
      rule.assignment = std::move(assignment);
    }
    config.rules.push_back(std::move(rule));
  }
}

// Multicast

std::vector<netfakes::Notify> ScenarioReader::notifies(const Element& element) {
  std::vector<netfakes::Notify> result;
  for (const Element& each : element.children("notify")) {
    netfakes::Notify notify;
    notify.id = each.text("id");
    notify.url = each.text("url");
    notify.after = each.duration("after").value_or(Duration::zero());
    notify.content_type = each.text("type", notify.content_type);
    notify.faults = read_faults(each);
    name_answer(each, "multicast", notify.url);
    result.push_back(std::move(notify));
  }
  return result;
}

void ScenarioReader::read(const Element& element, std::size_t, netfakes::MulticastConfig& config) {
  config.notifies = notifies(element);
  config.ok_first = element.text("ok", "first") == "first";
  config.send_ok = element.text("ok") != "never";
  config.ok_after = element.duration("ok-after").value_or(Duration::zero());
  config.unswapped = element.flag("unswapped").value_or(false);
  config.repetitions = element.number("repetitions").value_or(config.repetitions);
  for (const Element& on : element.children("on")) {
    netfakes::MulticastRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    if (auto given = notifies(*answer); !given.empty()) rule.notifies = std::move(given);
    config.rules.push_back(std::move(rule));
  }
}

// HTTP

std::shared_ptr<const netfakes::HttpResource> ScenarioReader::http_answer(const Element& answer) {
  auto body = answer.body();
  if (!body && !answer.has("status") && !answer.has("location") && !answer.has("type")) {
    return nullptr;  // the resource itself, perhaps later
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

void ScenarioReader::read(const Element& element, std::size_t host, netfakes::HttpConfig& config) {
  config.port = port_of(element);
  config.server = server_options(element, host);
  std::map<std::string, int> paths;
  for (const Element& each : element.children()) {
    if (each.name() == "on") continue;
    netfakes::HttpResource resource;
    resource.id = each.text("id");
    resource.path = each.text("path");
    resource.after = each.duration("after").value_or(Duration::zero());
    resource.faults = read_faults(each);
    if (each.name() == "moved") {
      resource.status = each.number("status").value_or(302);
      resource.location = each.text("to");
      resource.content_type.clear();
    } else {
      resource.status = each.number("status").value_or(200);
      resource.content_type = each.text("type", resource.content_type);
      auto body = each.body();
      if (!body && !each.has("src") && resource.status == 200) {
        each.complain("this file has no content; name it by src=\"...\" or write it in here");
      }
      resource.body = std::move(body).value_or("");
    }
    if (const auto [first, fresh] = paths.emplace(resource.path, each.line("path")); !fresh) {
      each.complain("path", fmt::format("there is already a file {} in line {}; remove one of them",
                                        resource.path, first->second));
    }
    name_answer(each, "http", {});
    config.resources.push_back(std::move(resource));
  }
  for (const Element& on : element.children("on")) {
    netfakes::HttpRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    name_answer(*answer, "http", {});
    if (answer->name() == "answer") rule.resource = http_answer(*answer);
    config.rules.push_back(std::move(rule));
  }
}

}  // namespace provlab::lab
