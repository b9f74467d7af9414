#include "sim/lab/language/ntp_reader.hpp"

#include <fmt/format.h>

#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

netfakes::NtpSettings read_ntp_settings(const Element& element, netfakes::NtpSettings settings) {
  if (const auto clock = element.wall_time("clock")) settings.clock = *clock;
  if (const auto kiss = element.get("kiss")) {
    settings.stratum = 0;
    settings.reference_id = *kiss;
    for (const char* other : {"stratum", "reference"}) {
      if (element.has(other)) {
        element.complain(other, fmt::format("kiss says {} as well; remove one of them", other));
      }
    }
  }
  if (const auto stratum = element.number("stratum")) settings.stratum = *stratum;
  if (const auto leap = element.number("leap")) settings.leap = *leap;
  if (const auto reference = element.get("reference")) settings.reference_id = *reference;
  return settings;
}

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::NtpConfig& config) {
  config.settings.clock = site.plan.epoch;
  config.settings = read_ntp_settings(element, config.settings);
  const auto read_answer = [&](const Element& answer, netfakes::NtpRule& rule) {
    site.names.add_answer(answer, "ntp");
    if (answer.name() != "answer") return;
    rule.settings =
        std::make_shared<const netfakes::NtpSettings>(read_ntp_settings(answer, config.settings));
  };
  read_answer_rules(element, site.names, config, read_answer);
}

}  // namespace provlab::lab
