#pragma once
#include <span>
#include <string_view>

namespace provlab::lab {

/// A knob that a profile sets, as an attribute of `<knobs>`.
struct ProfileKnob {
  const char* knob;
  const char* value;
};

/// The bundle of knobs of a `<device profile="...">` (SPEC 1.5); none for `d-series`, whose knobs
/// are as usual.
std::span<const ProfileKnob> knobs_of_profile(std::string_view profile);

}  // namespace provlab::lab
