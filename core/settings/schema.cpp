#include "core/settings/schema.hpp"

#include <array>
#include <map>
#include <mutex>

#include "core/settings/schema_model.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/verdict_memory.hpp"
#include "core/settings/xsd_complaint.hpp"

namespace provlab::settings {

namespace {

struct LazySchema {
  std::once_flag once;
  std::unique_ptr<const SectionSchema> schema;
};

}  // namespace

SectionSchema::SectionSchema(const std::string& text, const ElementModel& model)
    : xsd_(text), model_(model) {}

const SectionSchema* SectionSchema::of(Release release, std::string_view section) {
  // Compiled one by one: a run touches few sections. Freed with the process, after its threads.
  using Sections = std::map<std::string_view, LazySchema>;
  static std::array<Sections, 3> releases = [] {
    std::array<Sections, 3> all;
    for (Sections& each : all) {
      for (const std::string_view name : known_sections()) each.try_emplace(name);
    }
    return all;
  }();
  Sections& sections = releases[static_cast<std::size_t>(release)];
  const auto found = sections.find(section);
  if (found == sections.end()) return nullptr;
  std::call_once(found->second.once, [&] {
    if (const ElementModel* model = section_model(release, section)) {
      found->second.schema =
          std::make_unique<SectionSchema>(section_schema_text(release, section), *model);
    }
  });
  return found->second.schema.get();
}

Expected<void> SectionSchema::validate(pugi::xml_node section) const {
  if (const auto violation = xsd_.validate(section)) {
    return std::unexpected(translate(*violation, model_));
  }
  return {};
}

bool SectionSchema::accepts(pugi::xml_node section, std::string_view xml) const {
  VerdictMemory& memory = VerdictMemory::of_this_thread();
  if (const auto known = memory.find(this, xml)) return *known;
  const bool valid = !xsd_.validate(section);
  memory.keep(this, xml, valid);
  return valid;
}

}  // namespace provlab::settings
