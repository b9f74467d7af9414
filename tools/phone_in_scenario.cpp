#include "tools/phone_in_scenario.hpp"

#include <fmt/format.h>

#include "core/platform/text.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::tools {

namespace {

/// In each way in which it is written.
void replace_mac(std::string& text, MacAddress from, MacAddress to) {
  replace_all(text, from.to_string(), to.to_string());
  replace_all(text, lower(from.to_string()), lower(to.to_string()));
  replace_all(text, from.compact(), to.compact());
  replace_all(text, lower(from.compact()), lower(to.compact()));
}

/// Where a file leaves the phone's address out, it is written in.
void write_mac_in(std::string& text, MacAddress mac) {
  const std::string attribute = fmt::format(" mac=\"{}\"", mac.to_string());
  constexpr std::string_view kDevice = "<device";
  constexpr std::string_view kAbout = "</about>";
  if (const std::size_t device = text.find(kDevice); device != text.npos) {
    text.insert(device + kDevice.size(), attribute);
    return;
  }
  const std::size_t about = text.find(kAbout);
  const std::size_t root = text.find("<scenario");
  const std::size_t end = about != text.npos ? about + kAbout.size() : text.find('>', root) + 1;
  text.insert(end, "<device" + attribute + "/>");
}

}  // namespace

lab::PlanResult scenario_for_phone(const std::string& file, const std::string& root,
                                   std::optional<MacAddress> phone) {
  lab::prepare_language();
  auto plan = lab::load_scenario(file, root);
  if (!plan || !phone || (*plan)->phone.identity.mac == *phone) return plan;
  auto text = lab::read_file(file, lab::kMostScenarioOctets);
  if (!text) return std::unexpected(std::vector{lab::Complaint{file, 0, text.error().text}});
  replace_mac(*text, (*plan)->phone.identity.mac, *phone);
  auto changed = lab::compile_scenario(*text, file, root);
  if (changed && (*changed)->phone.identity.mac != *phone) {
    write_mac_in(*text, *phone);
    changed = lab::compile_scenario(*text, file, root);
  }
  if (changed && (*changed)->phone.identity.mac == *phone) return changed;
  return std::unexpected(std::vector{lab::Complaint{
      file, 0,
      fmt::format("--phone {} cannot be put into this file; write <device mac=\"{}\"/> into it",
                  phone->to_string(), phone->to_string())}});
}

}  // namespace provlab::tools
