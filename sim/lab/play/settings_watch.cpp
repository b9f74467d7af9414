#include "sim/lab/play/settings_watch.hpp"

#include <algorithm>

#include "core/settings/events.hpp"
#include "core/settings/section.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

SettingsWatch::SettingsWatch(world::World& world, world::VirtualHost& device,
                             const phone::Phone& phone, const DeviceIdentity& identity)
    : world_(world),
      device_(device),
      phone_(phone),
      judge_(settings::release_judge(identity.type, identity.release)),
      seen_(phone.configuration()) {}

bool SettingsWatch::read_trace(std::vector<std::string>& applied) {
  bool loaded = false;
  const Trace& trace = world_.trace();
  while (read_ < trace.last()) {
    const TraceRecord record = trace.event(++read_);
    if (record.is<settings::SettingsLoaded>()) {
      loaded = true;
      applied.clear();
    } else if (record.is<settings::SectionApplied>() && record.says("changed", "true")) {
      applied.push_back(record.field("section").value_or(""));
    }
  }
  return loaded;
}

void SettingsWatch::look() {
  const settings::Configuration& now = phone_.configuration();
  if (&now.sections() == &seen_.sections()) return;
  std::vector<std::string> applied;
  const bool loaded = read_trace(applied);
  std::string changed;
  std::string stray;
  std::string problem;
  const auto list = [](std::string& names, std::string_view name) {
    if (!names.empty()) names += ' ';
    names += name;
  };
  const std::vector<settings::SectionPointer>& present = now.sections();
  const std::vector<settings::SectionPointer>& former = seen_.sections();
  // Most sections stay what and where they were.
  const std::size_t common = std::min(present.size(), former.size());
  const auto stayed = [&](std::size_t i) { return i < common && present[i] == former[i]; };
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (stayed(i)) continue;
    const settings::SectionPointer& section = present[i];
    const settings::SectionPointer before = seen_.section(section->name());
    if (section == before || (before && section->xml() == before->xml())) continue;
    list(changed, section->name());
    if (!loaded && std::ranges::find(applied, section->name()) == applied.end()) {
      list(stray, section->name());
    }
    if (const auto judged = judge_->judge(*section); !judged) {
      problem += (problem.empty() ? "" : "; ") + judged.error().to_string();
    }
  }
  for (std::size_t i = 0; i < former.size(); ++i) {
    if (!stayed(i) && !now.section(former[i]->name())) list(stray, former[i]->name());
  }
  seen_ = now;
  if (changed.empty() && stray.empty()) return;
  device_.record(ConfigurationJudged{changed, stray, problem});
}

}  // namespace provlab::lab
