#include "sim/lab/language/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/platform/checksum.hpp"
#include "core/settings/factory_defaults.hpp"
#include "sim/lab/language/completion.hpp"
#include "sim/lab/language/scenario_reader.hpp"
#include "sim/lab/machine/input_file.hpp"
#include "sim/lab/markup/scenario_schema.hpp"
#include "sim/phone/events.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/virtual_host.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

namespace {

/// Boots the phone once, for it alone knows what it takes. What it refuses it starts without, and a
/// scenario that only seems to say something passes or fails for no reason that its author sees.
void check_initial_settings(const Element& scenario, const phone::PhoneOptions& options,
                            std::string_view release) {
  const Element device = *scenario.child("device");
  const std::vector<Element> all = device.children("set");
  std::map<std::string, const Element*> sets;  // by path, the first of each
  for (const Element& set : all) sets.emplace(set.text("path"), &set);
  world::World world;
  const phone::Phone phone(world.add_host({.name = "device"}), options);
  for (const TraceRecord record : world.trace()) {
    if (!record.is<phone::SettingRefused>()) continue;
    const std::string path = record.field("path").value_or("");
    const std::string refusal =
        fmt::format("the phone{} refuses this: {}", release, record.field("reason").value_or(""));
    if (const auto set = sets.find(path); set != sets.end()) {
      set->second->complain(refusal);
    } else if (const auto file = device.child("configuration-file")) {
      file->complain(refusal);
    }
  }
}

/// On each of its releases.
void check_initial_settings(const Element& scenario, const ScenarioPlan& plan) {
  if (!plan.phone.initial_configuration_xml && plan.phone.settings.empty()) return;
  if (plan.releases.empty()) return check_initial_settings(scenario, plan.phone, "");
  phone::PhoneOptions options = plan.phone;
  for (const Release release : plan.releases) {
    options.identity.release = release;
    check_initial_settings(scenario, options, fmt::format(" with {}", to_string(release)));
  }
}

/// A setting that the phone has anyway, on each of its releases, is told as what does nothing.
void watch_initial_settings(const Element& scenario, ScenarioPlan& plan) {
  // Over a configuration of the scenario's own it may matter, whatever that holds.
  if (plan.phone.settings.empty() || plan.phone.initial_configuration_xml) return;
  std::vector<Release> releases = plan.releases;
  if (releases.empty()) releases = {plan.phone.identity.release};
  std::map<std::string, std::size_t> given;
  for (const auto& setting : plan.phone.settings) ++given[setting.first];
  for (const Element& set : scenario.child("device")->children("set")) {
    const std::string path = set.text("path");
    const auto changes = [&](Release release) {
      const auto& factory = settings::factory_defaults(plan.phone.identity.type, release);
      return factory.select(path) != std::vector{set.text("value")};
    };
    if (set.has("used") || given[path] != 1 || std::ranges::any_of(releases, changes)) continue;
    plan.purposes.push_back(
        {set.line(), set.start_tag(), "the phone has this value from the factory", {}});
  }
}

struct Compiled {
  std::unique_ptr<XmlDocument> document;
  Shared<ScenarioPlan> plan;
};

template <class T>
using OrComplaints = std::expected<T, std::vector<Complaint>>;

OrComplaints<Compiled> compile(std::string_view text, const std::string& file,
                               const std::string& root) {
  Complaints complaints(file);
  auto document = XmlDocument::parse(text, complaints);
  if (!document) return std::unexpected(complaints.sorted());
  const ScenarioSchema& schema = ScenarioSchema::shared();
  ReadContext context{*document, complaints, schema.check(*document, complaints), folder_of(file),
                      root};
  auto plan = std::make_shared<ScenarioPlan>();
  plan->file = file;
  plan->text = text;
  plan->checksum = checksum_of(text);
  if (!context.bad.contains(document->root())) {
    plan->standard_world = complete(*document, schema.grammar(), complaints);
    const Element scenario(context, document->root());
    read_scenario(scenario, *plan);
    if (complaints.empty()) check_initial_settings(scenario, *plan);
    if (complaints.empty()) watch_initial_settings(scenario, *plan);
  }
  if (!complaints.empty()) return std::unexpected(complaints.sorted());
  return Compiled{std::move(document), std::move(plan)};
}

OrComplaints<std::string> text_of_file(const std::string& file) {
  auto text = read_file(file, kMostScenarioOctets);
  if (text) return std::move(*text);
  return std::unexpected(std::vector{Complaint{file, 0, std::move(text.error().text)}});
}

}  // namespace

void prepare_language() {
  initialise_xml();
  ScenarioSchema::shared();
}

std::string folder_of(const std::string& file) {
  return file.substr(0, file.rfind('/') + 1);
}

PlanResult compile_scenario(std::string_view text, const std::string& file,
                            const std::string& root) {
  auto compiled = compile(text, file, root);
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  return std::move(compiled->plan);
}

PlanResult load_scenario(const std::string& file, const std::string& root) {
  auto text = text_of_file(file);
  if (!text) return std::unexpected(std::move(text.error()));
  return compile_scenario(*text, file, root);
}

TextResult write_out_scenario(std::string_view text, const std::string& file,
                              const std::string& root) {
  auto compiled = compile(text, file, root);
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  return compiled->document->to_text();
}

TextResult load_written_out(const std::string& file, const std::string& root) {
  auto text = text_of_file(file);
  if (!text) return std::unexpected(std::move(text.error()));
  return write_out_scenario(*text, file, root);
}

}  // namespace provlab::lab
