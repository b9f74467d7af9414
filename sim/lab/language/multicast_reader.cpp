#include "sim/lab/language/multicast_reader.hpp"

#include "sim/lab/language/answer_rule_reader.hpp"
#include "sim/lab/language/faults_reader.hpp"

namespace provlab::lab {

namespace {

std::vector<netfakes::Notify> read_notifies(const Element& element, Names& names) {
  std::vector<netfakes::Notify> result;
  for (const Element& each : element.children("notify")) {
    netfakes::Notify notify;
    notify.id = each.text("id");
    notify.url = each.text("url");
    notify.after = each.duration("after").value_or(Duration::zero());
    notify.content_type = each.text("type", notify.content_type);
    notify.faults = read_faults(each, names);
    notify.use = names.watch(each, "it was never sent");
    names.add_answer(each, "multicast", notify.url);
    result.push_back(std::move(notify));
  }
  return result;
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::MulticastConfig& config) {
  config.notifies = read_notifies(element, site.names);
  config.ok_first = element.text("ok", "first") == "first";
  config.send_ok = element.text("ok") != "never";
  config.ok_after = element.duration("ok-after").value_or(Duration::zero());
  config.unswapped = element.flag("unswapped").value_or(false);
  config.repetitions = element.number("repetitions").value_or(config.repetitions);
  const auto read_answer = [&](const Element& answer, netfakes::MulticastRule& rule) {
    if (auto given = read_notifies(answer, site.names); !given.empty()) {
      rule.notifies = std::move(given);
    }
  };
  read_answer_rules(element, site.names, config, read_answer);
}

}  // namespace provlab::lab
