#include "core/settings/migration_reader.hpp"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <stdexcept>

#include "core/platform/text.hpp"
#include "core/settings/embedded_files.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd.hpp"

namespace provlab::settings {

namespace {

using StepKind = MigrationStep::Kind;

MigrationStep::Path split(std::string_view text) {
  MigrationStep::Path path;
  while (!text.empty()) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    path.emplace_back(text.substr(0, slash));
    text.remove_prefix(std::min(slash + 1, text.size()));
  }
  return path;
}

/// The schema has been checked: there are no other names.
StepKind step_kind(std::string_view name) {
  if (name == "rename") return StepKind::rename;
  if (name == "move") return StepKind::move;
  if (name == "default") return StepKind::preset;
  if (name == "convert") return StepKind::convert;
  return StepKind::drop;
}

MigrationStep read_step(pugi::xml_node element) {
  const auto text_at = [&](const char* name) {
    return std::string(trimmed(element.attribute(name).value()));
  };
  MigrationStep step;
  step.kind = step_kind(element.name());
  step.path = split(text_at("path"));
  step.to = split(text_at("to"));
  step.with = split(text_at("with"));
  step.value = element.attribute("value").value();
  if (const auto equals = element.attribute("equals")) step.equals = equals.value();
  for (auto value = first_element(element); value; value = next_element(value)) {
    step.values.emplace_back(value.attribute("from").value(), value.attribute("to").value());
  }
  step.multiply = element.attribute("multiply").as_ullong(1);
  step.divide = element.attribute("divide").as_ullong(1);
  step.least = element.attribute("least").as_ullong(0);
  step.most = element.attribute("most").as_ullong(UINT64_MAX);
  step.why = element.attribute("why").value();
  step.text = fmt::format("{} {}", element.name(), text_at("path"));
  if (!step.to.empty()) step.text += " to " + text_at("to");
  return step;
}

}  // namespace

Expected<Migration> read_migration(std::string_view xml) {
  static const Xsd xsd(embedded_file("migrations.xsd"));
  pugi::xml_document document;
  if (const auto parsed = document.load_buffer(xml.data(), xml.size()); !parsed) {
    return fail(parsed.description());
  }
  const pugi::xml_node root = document.document_element();
  if (const auto violation = xsd.validate(root)) return std::unexpected(violation->error());
  Migration migration;
  migration.from = SettingsVersion::parse(root.attribute("from").value()).value();
  migration.to = SettingsVersion::parse(root.attribute("to").value()).value();
  if (migration.to <= migration.from) return fail("leads to no newer version");
  for (auto section = first_element(root); section; section = next_element(section)) {
    auto& steps = migration.sections[section.attribute("name").value()];
    for (auto step = first_element(section); step; step = next_element(step)) {
      steps.push_back(read_step(step));
    }
  }
  return migration;
}

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = [] {
    std::vector<Migration> read;
    for (std::size_t i = 1; i < kReleases.size(); ++i) {
      const std::string name =
          fmt::format("migrations/{}.xml", version_of(kReleases[i]).to_string());
      auto migration = read_migration(embedded_file(name));
      if (!migration) {
        throw std::logic_error(fmt::format("schemas/{}: {}", name, migration.error().to_string()));
      }
      read.push_back(std::move(*migration));
    }
    return read;
  }();
  return all;
}

}  // namespace provlab::settings
