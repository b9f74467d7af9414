#include "core/settings/section_judge.hpp"

#include <fmt/format.h>

#include <array>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/verdict_memory.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

std::size_t count_children(pugi::xml_node element) {
  std::size_t count = 0;
  for (auto child = first_element(element); child; child = next_element(child)) ++count;
  return count;
}

class ReleaseJudge final : public SectionJudge {
 public:
  ReleaseJudge(DeviceType type, Release release) : type_(type), release_(release) {}

  Expected<void> judge(const Section& section) const override {
    VerdictMemory& memory = VerdictMemory::of_this_thread();
    if (memory.find(this, section.xml()).value_or(false)) return {};
    auto judged = judge_anew(section.element());
    if (judged) memory.keep(this, section.xml(), true);
    return judged;
  }

 private:
  Expected<void> judge_anew(pugi::xml_node section) const {
    const SectionSchema* schema = ReleaseSchema::of(release_).section(section.name());
    if (schema == nullptr) return fail("this release knows no such section", section.name());
    if (auto judged = judge_by_type(section, schema->model()); !judged) return judged;
    return schema->validate(section);
  }

  /// What the schema, which is the same for all types and for patches, leaves open.
  Expected<void> judge_by_type(pugi::xml_node section, const ElementModel& model) const {
    const SectionPointer factory = factory_defaults(type_, release_).section(section.name());
    if (model.kind == Kind::positional_list) {
      const std::size_t wanted = count_children(factory->element());
      if (count_children(section) == wanted) return {};
      return fail(fmt::format("there must be exactly {} {} elements", wanted, model.element()),
                  path_of(section));
    }
    if (model.kind != Kind::record) return {};
    for (auto child = first_element(section); child; child = next_element(child)) {
      if (model.child(child.name()) != nullptr && !child_named(factory->element(), child.name())) {
        return fail(fmt::format("a {} has no such setting", provlab::to_string(type_)),
                    path_of(child));
      }
    }
    return {};
  }

  DeviceType type_;
  Release release_;
};

}  // namespace

std::shared_ptr<const SectionJudge> release_judge(DeviceType type, Release release) {
  static const auto all = [] {
    std::array<std::array<std::shared_ptr<const SectionJudge>, kReleases.size()>, 2> made;
    for (const DeviceType each : {DeviceType::d100, DeviceType::d200}) {
      for (const Release one : kReleases) {
        made[static_cast<std::size_t>(each)][static_cast<std::size_t>(one)] =
            std::make_shared<ReleaseJudge>(each, one);
      }
    }
    return made;
  }();
  return all[static_cast<std::size_t>(type)][static_cast<std::size_t>(release)];
}

}  // namespace provlab::settings
