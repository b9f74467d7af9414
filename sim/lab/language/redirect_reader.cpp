#include "sim/lab/language/redirect_reader.hpp"

#include "sim/lab/language/answer_rule_reader.hpp"
#include "sim/lab/language/device_list.hpp"
#include "sim/lab/language/faults_reader.hpp"
#include "sim/lab/language/header_reader.hpp"
#include "sim/lab/language/web_server_reader.hpp"

namespace provlab::lab {

namespace {

netfakes::Assignment read_assignment(const Element& assign, Names& names) {
  netfakes::Assignment assignment;
  assignment.id = assign.text("id");
  assignment.url = assign.text("url");
  assignment.status = assign.number("status").value_or(302);
  assignment.after = assign.duration("after").value_or(Duration::zero());
  assignment.faults = read_faults(assign, names);
  assignment.use = names.watch(assign, "nobody was told this URL");
  names.add_answer(assign, "redirect", assignment.url);
  return assignment;
}

std::shared_ptr<const DeviceList> read_devices(const Element& element) {
  const auto text = element.file("devices", DeviceList::kMostOctets);
  if (!text) return nullptr;
  auto list = DeviceList::parse(*text, *element.path("devices"));
  if (list) return std::move(*list);
  for (Complaint& complaint : list.error()) element.context().complaints.add(std::move(complaint));
  return nullptr;
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::RedirectConfig& config) {
  config.port = port_of(element);
  config.server = read_server_options(element, site);
  config.directory = read_devices(element);
  for (const Element& assign : element.children("assign")) {
    netfakes::Assignment assignment = read_assignment(assign, site.names);
    if (const auto mac = assign.mac("mac")) {
      config.devices[mac->compact()] = std::move(assignment);
    } else {
      config.otherwise = std::move(assignment);
    }
  }
  const auto read_answer = [&](const Element& answer, netfakes::RedirectRule& rule) {
    site.names.add_answer(answer, "redirect", answer.text("url"));
    if (!answer.has("url") && !answer.has("status")) return;
    netfakes::Assignment assignment;
    assignment.url = answer.text("url");
    assignment.status = answer.number("status").value_or(assignment.url.empty() ? 404 : 302);
    rule.assignment = std::move(assignment);
  };
  read_answer_rules(element, site.names, config, read_answer);
  config.headers = read_header_rules(element, config.kind);
}

}  // namespace provlab::lab
