#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/document.hpp"
#include "core/settings/section_judge.hpp"
#include "core/settings/store.hpp"

namespace pugi {
class xml_document;  // NOLINT(readability-identifier-naming): pugixml spells it so
class xml_node;      // NOLINT(readability-identifier-naming): pugixml spells it so
}  // namespace pugi

namespace provlab::settings {

enum class MergeMode;
struct Stripped;
struct UpToDate;

/// What all sections together may have, so that a backup of them stays a document that can be
/// restored (SPEC 5.8), with room for what a backup writes around them.
inline constexpr std::size_t kMaxConfigurationOctets = kMaxDocumentOctets - 4096;

/// What became of one section of a document.
struct SectionOutcome {
  enum class What { merged, replaced, unchanged, rejected, operated };
  std::string section;
  What what = What::unchanged;
  bool changed = false;
  std::string reason;  ///< why it was rejected
};
std::string_view to_string(SectionOutcome::What what);

/// What became of one operation of a document of operations type.
struct OperationOutcome {
  std::string operation;  ///< `delete`, `replace`, `add`
  std::string path;
  bool accepted = false;  ///< in at least one of the sections that it changes
  std::string reason;     ///< why not, or why not in all of them; empty if all is well
};

struct ApplyOutcome {
  std::vector<SectionOutcome> sections;
  std::vector<OperationOutcome> operations;
  /// Sections (patch) or operations (operations type) that were accepted and rejected: SPEC 2.14.
  /// An operation that was discarded in some of its sections only counts as both.
  unsigned accepted = 0;
  unsigned rejected = 0;
  bool changed = false;
};

/// The device's settings: current configuration, its store, and how documents change both. One
/// transaction per section: it goes through whole or stays byte-identical. What is in memory is in
/// the store (SPEC I10): a change that cannot be stored is not made. Everything is done when a call
/// returns; the Host is asked for storage, time and trace only.
class DeviceSettings {
 public:
  DeviceSettings(Host& host, DeviceIdentity device);
  /// With another judge of sections than the release's schemas.
  DeviceSettings(Host& host, DeviceIdentity device, std::shared_ptr<const SectionJudge> judge);

  /// Reads the store; without one the configuration is the factory defaults (SPEC 1.4). A store of
  /// an older release, as after a firmware update, is migrated and saved. A damaged store is kept
  /// aside and traced. Call once, before anything else.
  void load();
  const Configuration& configuration() const { return configuration_; }

  /// Checks and classifies a document and records the verdict for the trace.
  Expected<Document> read(std::string_view bytes, std::string content_type, const std::string& url);
  /// Records the document's warnings; read() does.
  void warn(const Document& document, const std::string& url);
  /// Applies a document of patch or operations type; `url` is for the trace. A document of
  /// reference type changes nothing and counts as rejected (SPEC 5.7: uploads refuse it).
  ApplyOutcome apply(const Document& document, const std::string& url);
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
  struct Transaction;

  void load_state(StoredState state);
  /// A section of another device's or release's store, as this device has it.
  Expected<SectionPointer> take_over(const Section& stored, Release release);
  void set_aside(std::string_view reason);
  void apply_patch(const Document& document, Transaction& transaction);
  void patch_section(pugi::xml_node given, bool patch_default, Transaction& transaction);
  void apply_operations(const Document& document, Transaction& transaction);
  void judge_operated(const std::string& name, const pugi::xml_document& all,
                      Transaction& transaction);
  void finish(Transaction& transaction, const std::string& url, ApplyOutcome& outcome);
  /// The section as it becomes when `given` is put over `base`; its name is one of the release's.
  Expected<SectionPointer> combine(pugi::xml_node given, const Section& base, MergeMode mode,
                                   Stripped& stripped) const;
  Expected<void> judge(const Section& candidate, const Configuration& next) const;
  /// Stores and, only if that went well, makes current.
  Expected<void> commit(const Configuration& next, KeptValues kept);
  void record_migrated(const UpToDate& section, const std::string& url);
  void record_stripped(const Stripped& stripped, const std::string& url);

  Host& host_;
  DeviceIdentity device_;
  std::shared_ptr<const SectionJudge> judge_;
  Configuration factory_;
  Configuration configuration_;
  KeptValues kept_;
  Notifier changed_;
};

}  // namespace provlab::settings
