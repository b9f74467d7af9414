#pragma once
#include <string>
#include <string_view>

#include "core/platform/address.hpp"

namespace provlab {

enum class DeviceType { d100, d200 };         // SPEC 1.1
enum class Release { r1_10A, r2_0C, r2_2A };  // SPEC 1.2, oldest first

std::string_view to_string(DeviceType type);  ///< `D100`, `D200`
std::string_view to_string(Release release);  ///< `1.10A`, `2.0C`, `2.2A`
Expected<DeviceType> parse_device_type(std::string_view text);
Expected<Release> parse_release(std::string_view text);

/// What one device is, for markers, requests and schemas; it never changes while the power is on.
struct DeviceIdentity {
  DeviceType type = DeviceType::d200;
  MacAddress mac{{0x00, 0x09, 0x52, 0x00, 0x00, 0x0e}};
  std::string serial = "0000000001";  ///< 1–32 letters, digits and `-`
  Release release = Release::r2_2A;
};

}  // namespace provlab
