#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/document.hpp"
#include "core/settings/section_validator.hpp"

namespace provlab::settings {

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
  bool accepted = false;
  std::string reason;  ///< why it was not
};

struct ApplyOutcome {
  std::vector<SectionOutcome> sections;
  std::vector<OperationOutcome> operations;
  /// Sections (patch) or operations (operations type) that were accepted and rejected: SPEC 2.14.
  unsigned accepted = 0;
  unsigned rejected = 0;
  bool changed = false;
};

/// The device's settings: current configuration, its store, and how documents change both. One
/// transaction per section: it goes through whole or stays byte-identical. What is in memory is in
/// the store (SPEC I10): a change that cannot be stored is not made.
class Engine {
 public:
  Engine(Host& host, DeviceIdentity device);
  /// With another judge of sections than the shape of the factory defaults.
  Engine(Host& host, DeviceIdentity device, std::shared_ptr<const SectionValidator> validator);

  /// Reads the store; without one the configuration is the factory defaults (SPEC 1.4). A damaged
  /// store is kept aside and traced. Call once, before anything else.
  void load();
  const Configuration& configuration() const { return configuration_; }

  /// Checks and classifies a document and records the verdict for the trace.
  Expected<Document> read(std::string_view bytes, std::string content_type, const std::string& url);
  /// Applies a document of patch or operations type; `url` is for the trace. A document of
  /// reference type changes nothing and counts as rejected (SPEC 5.7: uploads refuse it).
  ApplyOutcome apply(const Document& document, const std::string& url);
  /// Sets one leaf, from the phone's menu or a scenario. The path may be an XPath from the section,
  /// such as `identities/identity[1]/active`.
  Expected<void> set(std::string_view path, std::string_view value);
  /// Takes the place of the whole configuration. A section it lacks becomes the factory default.
  Expected<void> install(const Configuration& configuration);

  /// Notified after every change of the configuration.
  Notifier& changed() { return changed_; }

  /// Small state that survives power loss with the configuration, such as the minute of SPEC 2.2.
  std::optional<std::string> kept(std::string_view name) const;
  Expected<void> keep(std::string_view name, std::string_view value);

 private:
  struct Commit;
  SectionOutcome apply_section(const Document& document, std::size_t index, const std::string& url,
                               Configuration& next);
  void apply_patch(const Document& document, const std::string& url, ApplyOutcome& outcome);
  void apply_operations(const Document& document, const std::string& url, ApplyOutcome& outcome);
  Expected<void> store(const Configuration& next, const std::map<std::string, std::string>& kept);

  Host& host_;
  DeviceIdentity device_;
  std::shared_ptr<const SectionValidator> validator_;
  Configuration factory_;
  Configuration configuration_;
  std::map<std::string, std::string> kept_;
  Notifier changed_;
};

}  // namespace provlab::settings
