#pragma once
#include <memory>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"

namespace provlab::settings {

class Section;

/// Judges a section as a whole before it is stored (SPEC 5.6, 6.3). Immutable: devices and threads
/// share one.
class SectionJudge {
 public:
  virtual ~SectionJudge() = default;
  /// `section` is as it would be stored. The error's place is the path of the offending setting,
  /// its text says what is wrong and what is allowed.
  virtual Expected<void> judge(const Section& section) const = 0;
};

/// Judges by the release's XSD, through libxml2, and by what XSD 1.0 cannot say: there are six
/// identities, and a section has only settings of the type of device. One for the whole process; it
/// remembers the sections that were valid (D16).
std::shared_ptr<const SectionJudge> release_judge(DeviceType type, Release release);

}  // namespace provlab::settings
