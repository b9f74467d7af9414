#pragma once
#include <memory>
#include <pugixml.hpp>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/document.hpp"
#include "core/settings/merge.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_judge.hpp"

namespace provlab::settings {

/// What all sections together may have, so that a backup of them stays a document that can be
/// restored (SPEC 5.8), with room for what a backup writes around them.
inline constexpr std::size_t kMaxConfigurationOctets = kMaxDocumentOctets - 4096;

/// Builds the sections of one device: puts what is given over what is there, as the device's
/// release and type want it, and judges the result. Changes nothing; records nothing.
class SectionBuilder {
 public:
  SectionBuilder(const DeviceIdentity& device, std::shared_ptr<const SectionJudge> judge);

  Release release() const { return release_; }
  const Configuration& factory() const { return factory_; }
  /// What the release's schema says of a section; its name is one of the factory's.
  const ElementModel& model(std::string_view section) const;

  /// The section as it becomes when `given` is put over `base`; its name is one of the factory's.
  /// What the release does not know is left out and noted.
  Expected<SectionPointer> put_over(const Section& base, pugi::xml_node given, MergeMode mode,
                                    Stripped& stripped) const;
  /// Whether the device takes the section.
  Expected<void> judge(const Section& section) const { return judge_->judge(section); }
  /// The same for a section that is about to be stored as part of `next`: a backup of that must be
  /// a document that can be restored.
  Expected<void> judge(const Section& section, const Configuration& next) const;

 private:
  Release release_;
  std::shared_ptr<const SectionJudge> judge_;
  Configuration factory_;
};

}  // namespace provlab::settings
