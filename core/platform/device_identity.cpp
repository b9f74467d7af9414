#include "core/platform/device_identity.hpp"

#include <fmt/format.h>

namespace provlab {

std::string_view to_string(DeviceType type) {
  switch (type) {
    case DeviceType::d100:
      return "D100";
    case DeviceType::d200:
      return "D200";
  }
  return "?";
}

std::string_view to_string(Release release) {
  switch (release) {
    case Release::r1_10A:
      return "1.10A";
    case Release::r2_0C:
      return "2.0C";
    case Release::r2_2A:
      return "2.2A";
  }
  return "?";
}

Expected<DeviceType> parse_device_type(std::string_view text) {
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    if (text == to_string(type)) return type;
  }
  return fail(fmt::format("'{}' is no device type; there are D100 and D200", text));
}

Expected<Release> parse_release(std::string_view text) {
  for (const Release release : {Release::r1_10A, Release::r2_0C, Release::r2_2A}) {
    if (text == to_string(release)) return release;
  }
  return fail(fmt::format("'{}' is no firmware release; there are 1.10A, 2.0C and 2.2A", text));
}

}  // namespace provlab
