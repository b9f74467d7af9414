#pragma once
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"
#include "core/settings/apply_outcome.hpp"
#include "core/settings/configuration.hpp"
#include "core/settings/document.hpp"
#include "core/settings/operations.hpp"
#include "core/settings/section_builder.hpp"
#include "core/settings/section_version.hpp"
#include "core/settings/strip.hpp"

namespace provlab::settings {

/// One document on its way into a device's settings. It works out what the configuration becomes;
/// whoever has it stores that.
///
/// 1. Constructing it takes the document through: sections of a patch in their order (SPEC 5.3,
///    6.3), operations in theirs and then the sections that they touched (SPEC 5.6).
/// 2. A section goes through whole or stays as it is; one that is rejected says why and concerns no
///    other. A section that stays the same is not judged: it was when it was stored.
/// 3. The caller then says what happened, in this order: record_operations(), the store, which is
///    written once and only if there are changes, withdraw() if that failed, finish().
/// 4. All that is referred to must outlive it.
class DocumentApplication {
 public:
  DocumentApplication(const SectionBuilder& builder, const Configuration& current,
                      const Document& document, HttpUrls http_urls);

  /// Whether any setting would differ.
  bool changes() const;
  /// The configuration with every section that went through.
  const Configuration& next() const { return next_; }

  void record_operations(Host& host, const std::string& url) const;
  /// Rejects what would have changed, since it could not be stored.
  void withdraw(const std::string& reason);
  /// Records what became of each section and gives the whole outcome; last of all calls.
  ApplyOutcome finish(Host& host, const std::string& url);

 private:
  using What = SectionOutcome::What;
  struct Change {
    SectionOutcome outcome;
    Stripped stripped;
    std::optional<UpToDate> migrated;
  };

  void patch(pugi::xml_node root);
  void patch_section(pugi::xml_node given, bool patch_default);
  void operate(pugi::xml_node root);
  void take_operated(const std::string& name, const pugi::xml_document& all);
  void reject(std::string_view section, std::string reason,
              std::optional<UpToDate> migrated = std::nullopt);
  void discard_operations(const SectionOutcome& section);
  /// Notes an http URL that `given`, which is `url` or may have one as a child, brings to a
  /// section. Gives the reason where the section is refused for it.
  std::optional<std::string> note_http_url(std::string_view section, pugi::xml_node given);

  const SectionBuilder& builder_;
  const Configuration& current_;
  HttpUrls http_urls_;
  Configuration next_;
  std::vector<Change> changes_;
  Stripped unknown_;  // sections that the release does not have
  std::vector<OperationOutcome> operations_;
  std::vector<OperationEffect> effects_;  // of each operation; no sections where it failed
  std::vector<HttpUrl> found_;
  std::map<std::string, std::string, std::less<>> objections_;  // by section: why it is refused
};

}  // namespace provlab::settings
