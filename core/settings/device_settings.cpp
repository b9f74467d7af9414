#include "core/settings/device_settings.hpp"

#include <fmt/format.h>

#include <tuple>

#include "core/settings/document_application.hpp"
#include "core/settings/document_limits.hpp"
#include "core/settings/encoding.hpp"
#include "core/settings/events.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_records.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/setting_path.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_tree.hpp"

namespace provlab::settings {

namespace {

/// Where a section is from, in events at load.
constexpr const char* kFromStore = "store";

}  // namespace

DeviceSettings::DeviceSettings(Host& host, DeviceIdentity device)
    : DeviceSettings(host, device, release_judge(device.type, device.release)) {}

DeviceSettings::DeviceSettings(Host& host, DeviceIdentity device,
                               std::shared_ptr<const SectionJudge> judge)
    : host_(host),
      device_(std::move(device)),
      builder_(device_, std::move(judge)),
      configuration_(builder_.factory()),
      changed_(host) {}

void DeviceSettings::load() {
  configuration_ = builder_.factory();
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
/// migrated and put over this device's factory defaults, setting by setting, as far as it fits. So
/// is a section that former schemas of the same release let through.
void DeviceSettings::load_state(StoredState state) {
  kept_ = std::move(state.kept);
  const bool same_device = state.type == device_.type && state.release == device_.release;
  for (const SectionPointer& stored : state.configuration.sections()) {
    const SectionPointer preset = builder_.factory().section(stored->name());
    if (!preset || stored->xml() == preset->xml()) continue;
    Expected<SectionPointer> section = stored;
    if (!same_device) {
      section = take_over(*stored, version_of(state.release));
    } else if (!builder_.judge(*stored)) {
      section = take_over(*stored, SettingsVersion());
    }
    if (section) {
      if (auto judged = builder_.judge(**section); !judged) {
        section = std::unexpected(judged.error());
      }
    }
    if (section) {
      configuration_ = configuration_.with(std::move(*section));
    } else {
      host_.record(SectionRejected{stored->name(), section.error().to_string(), kFromStore});
    }
  }
  // What is in memory is in the store, also where that lacked a section; a failure is recorded, and
  // the next boot does it again.
  if (!same_device || configuration_ != state.configuration) {
    std::ignore = commit(configuration_, kept_);
  }
}

Expected<SectionPointer> DeviceSettings::take_over(const Section& stored,
                                                   const SettingsVersion& from) {
  UpToDate current{stored.element(), nullptr, {from, "store"}, {}};
  if (from < version_of(device_.release)) {
    current.copy = stored.draft();
    current.section = current.copy->document_element();
    current.steps = migrate(current.section, from, version_of(device_.release));
    record_migrated(host_, current, device_.release, kFromStore);
  }
  Stripped stripped;
  auto section = builder_.put_over(*builder_.factory().section(stored.name()), current.section,
                                   MergeMode::replace, stripped);
  if (section) record_stripped(host_, stripped, kFromStore);
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

ApplyOutcome DeviceSettings::apply(const Document& document, const std::string& url,
                                   HttpUrls http_urls) {
  DocumentApplication application(builder_, configuration_, document, http_urls);
  application.record_operations(host_, url);
  if (application.changes()) {
    const auto stored = commit(application.next(), kept_);
    if (!stored) application.withdraw(stored.error().text);
  }
  ApplyOutcome outcome = application.finish(host_, url);
  if (outcome.changed) changed_.notify_all();
  return outcome;
}

Expected<void> DeviceSettings::set(std::string_view path, std::string_view value) {
  if (auto checked = check_text(value); !checked) return checked;
  if (path.size() > kMaxPathOctets) {
    return fail(fmt::format("the path is longer than {} octets", kMaxPathOctets));
  }
  std::string expression = paths_from_section(path);
  if (auto parsed = parse_xpath(expression); !parsed) {
    return fail("invalid path: " + parsed.error().to_string(), std::string(path));
  }
  if (expression.starts_with('/')) expression.erase(0, 1);
  const std::string_view name = only_section(expression);
  const SectionPointer current = name.empty() ? nullptr : configuration_.section(name);
  if (!current) {
    return fail(fmt::format("a setting's path begins with its section: {}",
                            fmt::join(configuration_.section_names(), ", ")),
                std::string(path));
  }
  Draft draft = current->draft();
  const ElementModel& model = builder_.model(name);
  auto target = element_to_set(*draft, model, expression);
  if (!target) return std::unexpected(std::move(target.error()));
  set_text(*target, value);
  tidy(draft->document_element(), model);
  const auto candidate = std::make_shared<const Section>(std::move(draft));
  const bool changed = !candidate->same_as(*current);
  if (changed) {
    const Configuration next = configuration_.with(candidate);
    if (auto judged = builder_.judge(*candidate, next); !judged) return judged;
    const auto stored = commit(next, kept_);
    if (!stored) return stored;
  }
  host_.record(SectionApplied{candidate->name(), "set", changed, ""});
  if (changed) changed_.notify_all();
  return {};
}

Expected<void> DeviceSettings::install(const Configuration& configuration) {
  Configuration next = builder_.factory();
  Stripped stripped;
  std::vector<UpToDate> migrated;
  for (const SectionPointer& given : configuration.sections()) {
    const SectionPointer preset = builder_.factory().section(given->name());
    if (!preset) {
      stripped.add(given->element());
      continue;
    }
    auto current = bring_up_to_date(given->element(), device_.release);
    if (!current) return std::unexpected(std::move(current.error()));
    auto section = builder_.put_over(*preset, current->section, MergeMode::replace, stripped);
    if (current->migrated()) migrated.push_back(std::move(*current));
    if (!section) return std::unexpected(std::move(section.error()));
    next = next.with(*section);
    if (auto judged = builder_.judge(**section, next); !judged) return judged;
  }
  const bool changed = next != configuration_;
  if (auto stored = commit(next, kept_); !stored) return stored;
  for (const UpToDate& section : migrated) record_migrated(host_, section, device_.release, "");
  record_stripped(host_, stripped, "");
  for (const SectionPointer& given : configuration.sections()) {
    if (!builder_.factory().section(given->name())) continue;
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

}  // namespace provlab::settings
