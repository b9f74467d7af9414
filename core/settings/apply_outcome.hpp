#pragma once
#include <string>
#include <string_view>
#include <vector>

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
  bool accepted = false;  ///< in at least one of the sections that it changes
  std::string reason;     ///< why not, or why not in all of them; empty if all is well
};

/// A setting of where the device itself is to load from, which a document gives an http URL.
struct HttpUrl {
  std::string path;  ///< `provisioning/url`
  std::string url;   ///< without user and password
};

/// What becomes of a section to which a document gives such a setting (SPEC 5.11).
enum class HttpUrls {
  taken,
  refused  ///< it is rejected: the document came by https
};

/// What became of a document.
struct ApplyOutcome {
  std::vector<SectionOutcome> sections;
  std::vector<OperationOutcome> operations;
  /// Sections (patch) or operations (operations type) that were accepted and rejected: SPEC 2.14.
  /// An operation that was discarded in some of its sections only counts as both.
  unsigned accepted = 0;
  unsigned rejected = 0;
  bool changed = false;
  /// Sections that the release does not have, the first few of them by name. They were left out,
  /// neither accepted nor rejected (SPEC 6.6).
  std::vector<std::string> unknown;
  std::vector<HttpUrl> http_urls;  ///< in the document's order, taken or refused
};

}  // namespace provlab::settings
