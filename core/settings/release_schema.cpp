#include "core/settings/release_schema.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <stdexcept>

#include "core/settings/embedded_files.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/verdict_memory.hpp"
#include "core/settings/xsd_complaint.hpp"

namespace provlab::settings {

namespace {

pugi::xml_document load(Release release, std::string_view file) {
  const std::string name = fmt::format("{}/{}.xsd", provlab::to_string(release), file);
  const std::string_view text = embedded_file(name);
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size()) || !document.child("xs:schema")) {
    throw std::logic_error("schemas/" + name + " is no schema");
  }
  return document;
}

/// A section's schema with the included declarations in place of its xs:include.
pugi::xml_document load_section(Release release, std::string_view section) {
  pugi::xml_document document = load(release, section);
  pugi::xml_node schema = document.document_element();
  while (const pugi::xml_node include = schema.child("xs:include")) {
    const std::string_view location = include.attribute("schemaLocation").value();
    const auto included = load(release, location.substr(0, location.rfind('.')));
    for (const pugi::xml_node declaration : included.document_element().children()) {
      schema.append_copy(declaration);
    }
    schema.remove_child(include);
  }
  return document;
}

bool has_section(Release release, std::string_view section) {
  return has_embedded_file(fmt::format("{}/{}.xsd", provlab::to_string(release), section));
}

std::string text_of_section(Release release, std::string_view section) {
  std::ostringstream text;
  load_section(release, section).save(text, "", pugi::format_raw);
  return std::move(text).str();
}

}  // namespace

SectionSchema::SectionSchema(Release release, std::string_view name)
    : release_(release),
      name_(name),
      model_(read_model(load_section(release, name).document_element(), name)) {}

const Xsd& SectionSchema::xsd() const {
  // Compiled one by one: a run touches few sections.
  std::call_once(compiled_,
                 [this] { xsd_ = std::make_unique<const Xsd>(text_of_section(release_, name_)); });
  return *xsd_;
}

Expected<void> SectionSchema::validate(pugi::xml_node section) const {
  if (const auto violation = xsd().validate(section)) {
    return std::unexpected(translate(*violation, model_));
  }
  return {};
}

bool SectionSchema::accepts(pugi::xml_node section, std::string_view xml) const {
  VerdictMemory& memory = VerdictMemory::of_this_thread();
  if (const auto known = memory.find(this, xml)) return *known;
  const bool valid = !xsd().validate(section);
  memory.keep(this, xml, valid);
  return valid;
}

ReleaseSchema::ReleaseSchema(Release release) {
  for (const std::string_view name : known_sections()) {
    if (has_section(release, name)) {
      sections_.try_emplace(name, release, name);
    }
  }
}

const ReleaseSchema& ReleaseSchema::of(Release release) {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const ReleaseSchema> schema;
  };
  static std::array<Slot, kReleases.size()> slots;  // freed with the process, after its threads
  Slot& slot = slots[static_cast<std::size_t>(release)];
  std::call_once(slot.once, [&] { slot.schema.reset(new ReleaseSchema(release)); });
  return *slot.schema;
}

const SectionSchema* ReleaseSchema::section(std::string_view name) const {
  const auto found = sections_.find(name);
  return found == sections_.end() ? nullptr : &found->second;
}

const ElementModel* ReleaseSchema::model(std::string_view section) const {
  const SectionSchema* schema = this->section(section);
  return schema == nullptr ? nullptr : &schema->model();
}

}  // namespace provlab::settings
