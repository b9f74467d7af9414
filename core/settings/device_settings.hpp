#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/settings/apply_outcome.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/document.hpp"
#include "core/settings/section_builder.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/store.hpp"

namespace provlab::settings {

/// A device's settings: the current configuration, its store, and how documents change both.
///
/// 1. load() comes first, and once.
/// 2. A section goes through whole or stays as it is, to the octet. One that is rejected keeps no
///    other section of its document from going through; only install() takes all or none.
/// 3. What is in memory is in the store (SPEC I10): a change that cannot be stored is not made.
/// 4. A call writes the store at most once, when all sections have been judged.
/// 5. Events of apply(): its operations in their order, the store, then its sections in theirs, for
///    each whether it was migrated, what was stripped, whether it was applied or rejected. Those
///    who wait for changed() come after that, and only where a setting differs.
/// 6. Everything is done when a call returns. The Host is asked for storage, time and trace only.
class DeviceSettings {
 public:
  DeviceSettings(Host& host, DeviceIdentity device);
  /// With another judge of sections than the release's schemas.
  DeviceSettings(Host& host, DeviceIdentity device, std::shared_ptr<const SectionJudge> judge);

  /// Reads the store; without one the configuration is the factory defaults (SPEC 1.4). A store of
  /// an older release, as after a firmware update, is migrated and saved; so is a section that the
  /// release's schema does not let through any more. A damaged store is kept aside and traced.
  void load();
  const Configuration& configuration() const { return configuration_; }

  /// Checks and classifies a document and records the verdict for the trace.
  Expected<Document> read(std::string_view bytes, std::string content_type, const std::string& url);
  /// Records the document's warnings; read() does.
  void warn(const Document& document, const std::string& url);
  /// Applies a document of patch or operations type; `url` is for the trace. A document of
  /// reference type changes nothing and counts as rejected (SPEC 5.7: uploads refuse it).
  ApplyOutcome apply(const Document& document, const std::string& url,
                     HttpUrls http_urls = HttpUrls::taken);
  /// Sets one value. The path may be an XPath from the section that selects one element, such as
  /// `identities/identity[1]/active`; with the path of a plain list's element
  /// (`provisioning/sip/allowlist/allowlistEntry`) the list becomes that one entry.
  Expected<void> set(std::string_view path, std::string_view value);
  /// Takes over a whole configuration, migrated where it is of an older release; what it does not
  /// give becomes the factory default. Nothing is changed if any of its sections is not valid.
  Expected<void> install(const Configuration& configuration);

  /// Notified after every change of the configuration.
  Notifier& changed() { return changed_; }

  /// Small state that survives power loss with the configuration, such as the minute of SPEC 2.2.
  std::optional<std::string> kept(std::string_view name) const;
  Expected<void> keep(std::string_view name, std::string_view value);

 private:
  void load_state(StoredState state);
  /// A section of a store that another device, or another version, wrote, as this device has it.
  Expected<SectionPointer> take_over(const Section& stored, const SettingsVersion& from);
  void set_aside(std::string_view reason);
  /// Stores and, only if that went well, makes current.
  Expected<void> commit(const Configuration& next, KeptValues kept);

  Host& host_;
  DeviceIdentity device_;
  SectionBuilder builder_;
  Configuration configuration_;
  KeptValues kept_;
  Notifier changed_;
};

}  // namespace provlab::settings
