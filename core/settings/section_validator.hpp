#pragma once
#include <memory>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"

namespace pugi {
class xml_node;  // NOLINT(readability-identifier-naming): pugixml spells it so
}

namespace provlab::settings {

class Section;

/// Judges a section as a whole before it is stored (SPEC 5.6, 6.3). Shared by devices and threads:
/// implementations are immutable.
class SectionValidator {
 public:
  virtual ~SectionValidator() = default;
  /// `section` is the section's element as it would be stored. The error's place is the path of
  /// the offending setting, its text says what is wrong and what is allowed.
  virtual Expected<void> validate(pugi::xml_node section) const = 0;
  /// The same for a section that is there as a whole; judges may remember those.
  virtual Expected<void> judge(const Section& section) const;
};

/// Holds a section against the release's XSD, by libxml2, and against what XSD 1.0 cannot say:
/// there are six identities, and only what the type of device has is there. Shared by the whole
/// process.
std::shared_ptr<const SectionValidator> schema_validator(DeviceType type, Release release);

}  // namespace provlab::settings
