#pragma once
#include <memory>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"

namespace pugi {
class xml_node;  // NOLINT(readability-identifier-naming): pugixml spells it so
}

namespace provlab::settings {

/// Judges a section as a whole before it is stored (SPEC 5.6, 6.3). Shared by engines and threads:
/// implementations are immutable.
class SectionValidator {
 public:
  virtual ~SectionValidator() = default;
  /// `section` is the section's element as it would be stored. The error's place is the path of
  /// the offending setting, its text says what is wrong and what is allowed.
  virtual Expected<void> validate(pugi::xml_node section) const = 0;
};

/// Holds a section against the shape of the factory defaults, which name every setting of a
/// release: records hold known settings, each once; a value holds no elements; switches are true or
/// false; lists hold their elements with unique marking attributes; there are six identities. It
/// does not know the value range of other settings.
std::shared_ptr<const SectionValidator> shape_validator(DeviceType type, Release release);

}  // namespace provlab::settings
