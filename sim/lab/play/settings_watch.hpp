#pragma once
#include <memory>
#include <string>

#include "core/settings/configuration.hpp"
#include "core/settings/section_judge.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// Looks at a phone's configuration each time it has changed (D25). So the trace shows whether SPEC
/// I7 holds: the configuration is valid for the release, and only those sections change that the
/// phone says it applied. A look at what has not changed compares two pointers.
class SettingsWatch {
 public:
  /// All referred to must outlive it. What the phone has now is where it begins.
  SettingsWatch(world::World& world, world::VirtualHost& device, const phone::Phone& phone,
                const DeviceIdentity& identity);

  /// Records ConfigurationJudged where the configuration has changed since the last call.
  void look();

 private:
  /// Collects the sections that the trace has called changed since the last look. True where the
  /// phone has loaded its store meanwhile: then any section may differ.
  bool read_trace(std::vector<std::string>& applied);

  world::World& world_;
  world::VirtualHost& device_;
  const phone::Phone& phone_;
  std::shared_ptr<const settings::SectionJudge> judge_;
  settings::Configuration seen_;
  EventNumber read_ = 0;  ///< the last event of the trace that was looked at
};

}  // namespace provlab::lab
