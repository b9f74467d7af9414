#include "sim/lab/language/ntp_reader.hpp"

#include <fmt/format.h>

#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

/// What 16 bits of seconds can say.
constexpr Duration kLongestRoot = std::chrono::seconds(65535);
constexpr std::size_t kMostOfExtension = 1024;

netfakes::NtpExtension read_extension(const Element& element) {
  netfakes::NtpExtension extension;
  if (const auto type = element.octets("type"); type && type->size() == 2) {
    extension.type = static_cast<std::uint16_t>((*type)[0] << 8 | (*type)[1]);
  }
  extension.value = element.octets("hex").value_or(Bytes());
  if (extension.value.size() > kMostOfExtension) {
    element.complain("hex", fmt::format("hex: {} octets are too many; at most {} are taken",
                                        extension.value.size(), kMostOfExtension));
  }
  return extension;
}

}  // namespace

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
  if (const auto version = element.number("version")) settings.version = *version;
  if (const auto delay = element.duration("root-delay", kLongestRoot)) settings.root_delay = *delay;
  if (const auto dispersion = element.duration("root-dispersion", kLongestRoot)) {
    settings.root_dispersion = *dispersion;
  }
  const std::vector<Element> extensions = element.children("extension");
  if (!extensions.empty()) settings.extensions.clear();
  for (const Element& each : extensions) settings.extensions.push_back(read_extension(each));
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
