#include "core/settings/device_settings.hpp"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "core/settings/encoding.hpp"
#include "core/settings/events.hpp"
#include "core/settings/factory_defaults.hpp"
#include "core/settings/merge.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"

namespace provlab::settings {

namespace {

/// Where a section is from, in events at load.
constexpr const char* kFromStore = "store";

/// The names of the settings right below an element, for messages.
std::string children_of(pugi::xml_node parent) {
  std::vector<std::string_view> names;
  for (pugi::xml_node child = first_element(parent); child; child = next_element(child)) {
    names.emplace_back(child.name());
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Says that a path names no setting, and what there is along it.
Error no_such_setting(pugi::xml_node section, std::string_view path) {
  pugi::xml_node deepest = section;
  std::string_view rest = path.substr(std::min(path.size(), path.find('/')));
  while (rest.starts_with('/')) {
    rest.remove_prefix(1);
    const pugi::xml_node child = child_named(deepest, rest.substr(0, rest.find('/')));
    if (!child) break;
    deepest = child;
    rest = rest.substr(std::min(rest.size(), rest.find('/')));
  }
  const std::string present = children_of(deepest);
  return {present.empty()
              ? "there is no such setting"
              : fmt::format("there is no such setting; {} has {}", path_of(deepest), present),
          std::string(path)};
}

/// The elements a path selects in a section's draft.
Expected<std::vector<pugi::xml_node>> select(const pugi::xml_document& draft,
                                             const std::string& path) {
  std::vector<pugi::xml_node> elements;
  try {
    pugi::xpath_node_set nodes = draft.select_nodes(path.c_str());
    nodes.sort();
    for (const pugi::xpath_node& node : nodes) {
      if (node.attribute() || !is_element(node.node())) {
        return fail("only elements can be set", path);
      }
      elements.push_back(node.node());
    }
  } catch (const pugi::xpath_exception& error) {
    return fail(fmt::format("invalid path: {}", error.result().description()), path);
  }
  return elements;
}

bool is_plain_list(pugi::xml_node element, const ElementModel& section) {
  const ElementModel* model = model_at(section, element);
  return model != nullptr && model->kind == Kind::plain_list;
}

bool holds_settings(pugi::xml_node element, const ElementModel& section) {
  const ElementModel* model = model_at(section, element);
  return (model != nullptr && model->is_list()) || has_element_children(element);
}

/// The element to write to, made where a plain list is to get its only entry.
Expected<pugi::xml_node> find_target(const pugi::xml_document& draft, const ElementModel& section,
                                     const std::string& path) {
  auto elements = select(draft, path);
  if (!elements) return std::unexpected(elements.error());
  const std::size_t slash = path.rfind('/');
  if (elements->empty() && slash != std::string::npos && slash > 0) {
    const auto lists = select(draft, path.substr(0, slash));
    if (lists && lists->size() == 1 && is_plain_list(lists->front(), section) &&
        model_at(section, lists->front())->element() == path.substr(slash + 1)) {
      pugi::xml_node list = lists->front();
      return list.append_child(path.substr(slash + 1).c_str());
    }
  }
  if (elements->empty()) {
    return std::unexpected(no_such_setting(draft.document_element(), path));
  }
  pugi::xml_node target = elements->front();
  pugi::xml_node parent = target.parent();
  if (is_element(parent) && is_plain_list(parent, section)) {
    while (pugi::xml_node extra = next_element(first_element(parent))) parent.remove_child(extra);
    return first_element(parent);
  }
  if (elements->size() > 1) {
    return fail(fmt::format("the path selects {} settings; name one", elements->size()), path);
  }
  if (holds_settings(target, section)) {
    return fail(fmt::format("holds settings, no value; name one of them: {}", children_of(target)),
                path);
  }
  return target;
}

}  // namespace

std::string_view to_string(SectionOutcome::What what) {
  switch (what) {
    case SectionOutcome::What::merged:
      return "merged";
    case SectionOutcome::What::replaced:
      return "replaced";
    case SectionOutcome::What::unchanged:
      return "unchanged";
    case SectionOutcome::What::rejected:
      return "rejected";
    case SectionOutcome::What::operated:
      return "operated";
  }
  return "";
}

DeviceSettings::DeviceSettings(Host& host, DeviceIdentity device)
    : DeviceSettings(host, device, release_judge(device.type, device.release)) {}

DeviceSettings::DeviceSettings(Host& host, DeviceIdentity device,
                               std::shared_ptr<const SectionJudge> judge)
    : host_(host),
      device_(std::move(device)),
      judge_(std::move(judge)),
      factory_(factory_defaults(device_.type, device_.release)),
      configuration_(factory_),
      changed_(host) {}

void DeviceSettings::load() {
  configuration_ = factory_;
  kept_.clear();
  auto content = host_.storage().read(kStorePiece);
  if (!content) {
    set_aside(content.error().to_string());
  } else if (*content) {
    auto state = read_store(**content);
    if (state) {
      load_state(std::move(*state));
      host_.record(SettingsLoaded{"store"});
      return;
    }
    set_aside(state.error().to_string());
  }
  host_.record(SettingsLoaded{"factory"});
}

void DeviceSettings::set_aside(std::string_view reason) {
  const auto moved = host_.storage().rename(kStorePiece, kDamagedPiece);
  host_.record(StoreDamaged{reason, moved ? kDamagedPiece : std::string_view()});
}

/// Takes over what the store holds. A store written under another release or by another type is
/// migrated and put over this device's factory defaults, setting by setting, as far as it fits.
void DeviceSettings::load_state(StoredState state) {
  kept_ = std::move(state.kept);
  const bool same_device = state.type == device_.type && state.release == device_.release;
  for (const SectionPointer& stored : state.configuration.sections()) {
    const SectionPointer preset = factory_.section(stored->name());
    if (!preset || stored->xml() == preset->xml()) continue;
    auto section =
        same_device ? Expected<SectionPointer>(stored) : take_over(*stored, state.release);
    if (section) {
      if (auto judged = judge_->judge(**section); !judged) {
        section = std::unexpected(judged.error());
      }
    }
    if (section) {
      configuration_ = configuration_.with(std::move(*section));
    } else {
      host_.record(SectionRejected{stored->name(), section.error().to_string(), kFromStore});
    }
  }
  // What is in memory is in the store; a failure is recorded, and the next boot migrates again.
  if (!same_device) (void)commit(configuration_, kept_);
}

Expected<SectionPointer> DeviceSettings::take_over(const Section& stored, Release release) {
  UpToDate current{stored.element(), nullptr, {version_of(release), "store"}, {}};
  if (release < device_.release) {
    current.copy = stored.draft();
    current.section = current.copy->document_element();
    current.steps = migrate(current.section, current.from.version, version_of(device_.release));
    record_migrated(current, kFromStore);
  }
  Stripped stripped;
  auto section =
      combine(current.section, *factory_.section(stored.name()), MergeMode::replace, stripped);
  if (section) record_stripped(stripped, kFromStore);
  return section;
}

Expected<Document> DeviceSettings::read(std::string_view bytes, std::string content_type,
                                        const std::string& url) {
  auto document = read_document(bytes, std::move(content_type));
  if (!document) {
    host_.record(DocumentRefused{url, document.error().to_string()});
    return document;
  }
  warn(*document, url);
  std::string sections;
  for (const std::string& section : document->sections) {
    if (!sections.empty()) sections += ' ';
    sections += section;
  }
  host_.record(DocumentClassified{url, to_string(document->type), sections});
  return document;
}

void DeviceSettings::warn(const Document& document, const std::string& url) {
  for (const std::string& warning : document.warnings) host_.record(DocumentWarning{url, warning});
}

/// Only draft and validation can fail here; nothing is changed before the store has it.
Expected<void> DeviceSettings::set(std::string_view path, std::string_view value) {
  if (auto checked = check_text(value); !checked) return checked;
  std::string expression = paths_from_section(path);
  if (expression.starts_with('/')) expression.erase(0, 1);
  const std::string_view name = only_section(expression);
  const SectionPointer current = name.empty() ? nullptr : configuration_.section(name);
  if (!current) {
    return fail(fmt::format("a setting's path begins with its section: {}",
                            fmt::join(configuration_.section_names(), ", ")),
                std::string(path));
  }
  Draft draft = current->draft();
  const ElementModel& model = *ReleaseSchema::of(device_.release).model(name);
  auto target = find_target(*draft, model, expression);
  if (!target) return std::unexpected(std::move(target.error()));
  set_text(*target, value);
  tidy(draft->document_element(), model);
  const auto candidate = std::make_shared<const Section>(std::move(draft));
  const bool changed = !candidate->same_as(*current);
  if (changed) {
    const Configuration next = configuration_.with(candidate);
    if (auto judged = judge(*candidate, next); !judged) return judged;
    const auto stored = commit(next, kept_);
    if (!stored) return stored;
  }
  host_.record(SectionApplied{candidate->name(), "set", changed, ""});
  if (changed) changed_.notify_all();
  return {};
}

Expected<void> DeviceSettings::install(const Configuration& configuration) {
  Configuration next = factory_;
  Stripped stripped;
  std::vector<UpToDate> migrated;
  for (const SectionPointer& given : configuration.sections()) {
    const SectionPointer preset = factory_.section(given->name());
    if (!preset) {
      return fail(
          fmt::format("release {} has no such section", provlab::to_string(device_.release)),
          std::string(given->name()));
    }
    auto current = bring_up_to_date(given->element(), device_.release);
    if (!current) return std::unexpected(std::move(current.error()));
    auto section = combine(current->section, *preset, MergeMode::replace, stripped);
    if (current->migrated()) migrated.push_back(std::move(*current));
    if (!section) return std::unexpected(std::move(section.error()));
    next = next.with(*section);
    if (auto judged = judge(**section, next); !judged) return judged;
  }
  const bool changed = next != configuration_;
  if (auto stored = commit(next, kept_); !stored) return stored;
  for (const UpToDate& section : migrated) record_migrated(section, "");
  record_stripped(stripped, "");
  for (const SectionPointer& given : configuration.sections()) {
    host_.record(SectionApplied{given->name(), "replaced", changed, ""});
  }
  if (changed) changed_.notify_all();
  return {};
}

std::optional<std::string> DeviceSettings::kept(std::string_view name) const {
  const auto found = kept_.find(name);
  return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

Expected<void> DeviceSettings::keep(std::string_view name, std::string_view value) {
  if (auto checked = check_text(value); !checked) return checked;
  KeptValues next = kept_;
  next.insert_or_assign(std::string(name), std::string(value));
  return commit(configuration_, std::move(next));
}

Expected<void> DeviceSettings::judge(const Section& candidate, const Configuration& next) const {
  if (levels_below(candidate.element().parent()) > kMaxSectionDepth) {
    return fail(fmt::format("settings are nested deeper than {} levels", kMaxSectionDepth),
                std::string(candidate.name()));
  }
  if (auto judged = judge_->judge(candidate); !judged) return judged;
  const std::size_t size = next.octets();
  if (size <= kMaxConfigurationOctets) return {};
  return fail(fmt::format("the configuration would have {} octets; at most {} are kept", size,
                          kMaxConfigurationOctets));
}

Expected<void> DeviceSettings::commit(const Configuration& next, KeptValues kept) {
  StoredState state{device_.type, device_.release, next, std::move(kept)};
  const std::string content = write_store(state);
  const auto replaced = host_.storage().replace(kStorePiece, content);
  if (!replaced) {
    const std::string reason = replaced.error().to_string();
    host_.record(StoreFailed{reason});
    return fail("the settings could not be stored: " + reason);
  }
  configuration_ = next;
  kept_ = std::move(state.kept);
  host_.record(StoreSaved{content.size()});
  return {};
}

void DeviceSettings::record_migrated(const UpToDate& section, const std::string& url) {
  std::string changes;
  for (const MigrationStep* step : section.steps) {
    changes.append(changes.empty() ? "" : "; ").append(step->text);
  }
  host_.record(SectionMigrated{name_of(section.section), section.from.version.to_string(),
                               settings_version(device_.release), section.from.known_by,
                               section.steps.size(), changes, url});
}

void DeviceSettings::record_stripped(const Stripped& stripped, const std::string& url) {
  for (const std::string& path : stripped.paths) host_.record(SettingStripped{path, url});
  if (stripped.count > stripped.paths.size()) {
    const std::string rest = fmt::format("({} more)", stripped.count - stripped.paths.size());
    host_.record(SettingStripped{rest, url});
  }
}

}  // namespace provlab::settings
