#include "sim/lab/language/knob_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/platform/text.hpp"
#include "sim/lab/language/device_reader.hpp"
#include "sim/lab/markup/scenario_schema.hpp"

namespace provlab::lab {

namespace {

/// A whole scenario around the element that the language judges.
constexpr std::string_view kAround =
    "<scenario name=\"knobs\"><about>Knobs.</about><device><knobs/></device>"
    "<expect><result is=\"provisioned\"/></expect></scenario>";

/// The octets of the name at the front, where `=` follows it.
std::size_t knob_name_at_front(std::string_view text) {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_");
  return end == std::string_view::npos || text[end] != '=' ? 0 : end;
}

Expected<std::vector<std::pair<std::string, std::string>>> split_knobs(std::string_view list) {
  std::vector<std::pair<std::string, std::string>> knobs;
  while (!list.empty()) {
    const std::string_view piece = list.substr(0, list.find(','));
    list.remove_prefix(std::min(piece.size() + 1, list.size()));
    if (const std::size_t name = knob_name_at_front(piece); name > 0) {
      knobs.emplace_back(piece.substr(0, name), piece.substr(name + 1));
    } else if (!knobs.empty()) {
      knobs.back().second.append(",").append(piece);
    } else {
      return fail(fmt::format("'{}' turns no knob; write name=value, for instance arp-probe=true",
                              shortened(piece)));
    }
  }
  return knobs;
}

}  // namespace

Expected<void> turn_knobs(std::string_view list, phone::PhoneOptions& phone) {
  const auto given = split_knobs(list);
  if (!given) return std::unexpected(given.error());
  Complaints complaints("knobs");
  const auto document = XmlDocument::parse(kAround, complaints);
  const ScenarioSchema& schema = ScenarioSchema::shared();
  const auto child_named = [](xmlNode* parent, std::string_view name) {
    xmlNode* child = first_element(parent);
    while (name_of(child) != name) child = next_element(child);
    return child;
  };
  xmlNode* const knobs = child_named(child_named(document->root(), "device"), "knobs");
  for (const auto& [name, value] : *given) {
    if (attribute(knobs, name.c_str())) return fail(fmt::format("{} is given twice", name));
    add_attribute(knobs, name.c_str(), value);
  }
  ReadContext context{*document, complaints, schema.check(*document, complaints), {}};
  read_knobs(Element(context, knobs), phone);
  if (complaints.empty()) return {};
  std::string all;
  for (const Complaint& each : complaints.sorted()) {
    if (!all.empty()) all += "; ";
    all += each.text;
  }
  return fail(std::move(all));
}

}  // namespace provlab::lab
