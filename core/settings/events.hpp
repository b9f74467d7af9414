#pragma once
#include <cstdint>
#include <string>
#include <string_view>

/// What the settings room records. See core/platform/event_recorder.hpp.
namespace provlab::settings {

/// A document was read and its type is known. Recorded by DeviceSettings::read().
struct DocumentClassified {
  static constexpr std::string_view name = "document_classified";
  std::string_view url;
  std::string_view type;      ///< `patch`, `reference`, `operations`
  std::string_view sections;  ///< patch: the sections given, separated by spaces
  void fields(auto&& field) const {
    field("url", url);
    field("type", type);
    field("sections", sections);
  }
};

/// A document was refused as a whole. Recorded by DeviceSettings::read().
struct DocumentRefused {
  static constexpr std::string_view name = "document_refused";
  std::string_view url;
  std::string_view reason;
  void fields(auto&& field) const {
    field("url", url);
    field("reason", reason);
  }
};

/// A document was sloppy, but readable without doubt (SPEC 5.9). Recorded by
/// DeviceSettings::warn().
struct DocumentWarning {
  static constexpr std::string_view name = "document_warning";
  std::string_view url;
  std::string_view warning;
  void fields(auto&& field) const {
    field("url", url);
    field("warning", warning);
  }
};

/// A section of an older settings version was brought to the device's before it was looked at
/// further (SPEC 6.3).
struct SectionMigrated {
  static constexpr std::string_view name = "section_migrated";
  std::string_view section;
  std::string_view from;  ///< a settings version; 0.0.0 where none is known
  std::string_view to;
  std::string_view known_by;  ///< `attribute`, `schema of 2.0C`, `no schema fits`, `store`
  std::uint64_t steps;        ///< how many changed something
  std::string_view changes;   ///< what they did: `rename sip/whitelist to allowlist; …`
  std::string_view url;       ///< of the document; `store` at load
  void fields(auto&& field) const {
    field("section", section);
    field("from", from);
    field("to", to);
    field("by", known_by);
    field("steps", steps);
    field("changes", changes);
    field("url", url);
  }
};

/// A section went through; `mode` is how: `merged`, `replaced`, `operated` or `set`.
struct SectionApplied {
  static constexpr std::string_view name = "section_applied";
  std::string_view section;
  std::string_view mode;
  bool changed;  ///< whether any setting now differs
  std::string_view url;
  void fields(auto&& field) const {
    field("section", section);
    field("mode", mode);
    field("changed", changed);
    field("url", url);
  }
};

/// A section stayed exactly as it was.
struct SectionRejected {
  static constexpr std::string_view name = "section_rejected";
  std::string_view section;
  std::string_view reason;
  std::string_view url;
  void fields(auto&& field) const {
    field("section", section);
    field("reason", reason);
    field("url", url);
  }
};

/// The release does not know this setting, or this section; it was left out (SPEC 6.3, 6.6).
struct SettingStripped {
  static constexpr std::string_view name = "setting_stripped";
  std::string_view path;
  std::string_view url;
  void fields(auto&& field) const {
    field("path", path);
    field("url", url);
  }
};

/// One operation did what it says to its section's draft; whether the section was then stored is
/// said by section_applied or section_rejected.
struct OperationApplied {
  static constexpr std::string_view name = "operation_applied";
  std::string_view operation;  ///< `delete`, `replace`, `add`
  std::string_view path;
  std::uint64_t matches;
  std::uint64_t cost;  ///< visits that it took of those that a document has (D32)
  std::string_view url;
  void fields(auto&& field) const {
    field("operation", operation);
    field("path", path);
    field("matches", matches);
    field("cost", cost);
    field("url", url);
  }
};

struct OperationFailed {
  static constexpr std::string_view name = "operation_failed";
  std::string_view operation;
  std::string_view path;
  std::string_view reason;
  std::uint64_t cost;  ///< visits that it took although it failed
  std::string_view url;
  void fields(auto&& field) const {
    field("operation", operation);
    field("path", path);
    field("reason", reason);
    field("cost", cost);
    field("url", url);
  }
};

/// Configuration and kept values are in the store, whole.
struct StoreSaved {
  static constexpr std::string_view name = "store_saved";
  std::uint64_t octets;
  void fields(auto&& field) const { field("octets", octets); }
};

/// The store could not be written; memory was left as the store is.
struct StoreFailed {
  static constexpr std::string_view name = "store_failed";
  std::string_view reason;
  void fields(auto&& field) const { field("reason", reason); }
};

/// At load: where the configuration came from, `store` or `factory` (SPEC 1.4).
struct SettingsLoaded {
  static constexpr std::string_view name = "settings_loaded";
  std::string_view from;
  void fields(auto&& field) const { field("from", from); }
};

/// The store could not be read; the device starts from factory defaults and keeps the damaged
/// piece under the name `aside`.
struct StoreDamaged {
  static constexpr std::string_view name = "store_damaged";
  std::string_view reason;
  std::string_view aside;
  void fields(auto&& field) const {
    field("reason", reason);
    field("aside", aside);
  }
};

}  // namespace provlab::settings
