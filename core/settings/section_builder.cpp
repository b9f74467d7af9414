#include "core/settings/section_builder.hpp"

#include <fmt/format.h>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

SectionBuilder::SectionBuilder(const DeviceIdentity& device,
                               std::shared_ptr<const SectionJudge> judge)
    : release_(device.release),
      judge_(std::move(judge)),
      factory_(factory_defaults(device.type, device.release)) {}

const ElementModel& SectionBuilder::model(std::string_view section) const {
  return *ReleaseSchema::of(release_).model(section);
}

Expected<SectionPointer> SectionBuilder::put_over(const Section& base, pugi::xml_node given,
                                                  MergeMode mode, Stripped& stripped) const {
  const SectionPointer preset = factory_.section(given.name());
  Draft draft = base.draft();
  if (auto merged = merge_section(draft->document_element(), preset->element(), model(given.name()),
                                  given, mode, stripped);
      !merged) {
    return std::unexpected(std::move(merged.error()));
  }
  return std::make_shared<const Section>(std::move(draft));
}

Expected<void> SectionBuilder::judge(const Section& section, const Configuration& next) const {
  if (levels_below(section.element().parent()) > kMaxSectionDepth) {
    return fail(fmt::format("settings are nested deeper than {} levels", kMaxSectionDepth),
                std::string(section.name()));
  }
  if (auto judged = judge_->judge(section); !judged) return judged;
  const std::size_t size = next.octets();
  if (size <= kMaxConfigurationOctets) return {};
  return fail(fmt::format("the configuration would have {} octets; at most {} are kept", size,
                          kMaxConfigurationOctets));
}

}  // namespace provlab::settings
