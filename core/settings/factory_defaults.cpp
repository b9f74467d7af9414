#include "core/settings/factory_defaults.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <stdexcept>

#include "core/settings/embedded_files.hpp"
#include "core/settings/settings_version.hpp"

namespace provlab::settings {

namespace {

Configuration parse_defaults(DeviceType type, Release release) {
  const std::string name =
      fmt::format("defaults/{}-{}.xml", provlab::to_string(type), provlab::to_string(release));
  auto configuration = Configuration::parse(embedded_file(name));
  if (!configuration) {
    throw std::logic_error(fmt::format("schemas/{}: {}", name, configuration.error().to_string()));
  }
  return *configuration;
}

}  // namespace

const Configuration& factory_defaults(DeviceType type, Release release) {
  struct Slot {
    std::once_flag once;
    Configuration configuration;
  };
  static std::array<std::array<Slot, kReleases.size()>, 2> slots;
  Slot& slot = slots[static_cast<std::size_t>(type)][static_cast<std::size_t>(release)];
  std::call_once(slot.once, [&] { slot.configuration = parse_defaults(type, release); });
  return slot.configuration;
}

}  // namespace provlab::settings
