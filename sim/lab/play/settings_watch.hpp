#pragma once
#include <memory>
#include <string>

#include "core/settings/configuration.hpp"
#include "core/settings/section_judge.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// Looks at a phone's configuration each time it has changed, so that the trace shows whether SPEC
/// I7 holds: what is stored is valid for the release, and no section changes but one that the phone
/// says it applied. Costs a comparison of two pointers while nothing changes.
class SettingsWatch {
 public:
  /// All referred to must outlive it. What the phone has now is where it begins.
  SettingsWatch(world::World& world, world::VirtualHost& device, const phone::Phone& phone,
                const DeviceIdentity& identity);

  /// Records ConfigurationJudged where the configuration is another than at the last call.
  void look();

 private:
  /// The sections that the trace calls changed since the last look; says whether the phone loaded
  /// its store, after which everything may be another.
  bool read_trace(std::vector<std::string>& applied);

  world::World& world_;
  world::VirtualHost& device_;
  const phone::Phone& phone_;
  std::shared_ptr<const settings::SectionJudge> judge_;
  settings::Configuration seen_;
  EventNumber read_ = 0;  ///< the last event of the trace that was looked at
};

}  // namespace provlab::lab
