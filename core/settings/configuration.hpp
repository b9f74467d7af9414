#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::settings {

class Section;
using SectionPointer = std::shared_ptr<const Section>;

/// A phone's settings: one XML document `configuration` with its sections (SPEC 1.3, 6.5). A value
/// that is cheap to copy: sections are immutable and shared, a changed section is a new one.
///
/// Paths name a leaf from its section on, `provisioning/sip/active`; a leading `/` or
/// `/configuration/` is tolerated everywhere.
class Configuration {
 public:
  Configuration();                                               ///< without any section
  explicit Configuration(std::vector<SectionPointer> sections);  ///< names must differ
  // Moving is copying a shared pointer, so that moved-from configurations stay usable.
  Configuration(const Configuration&) = default;
  Configuration& operator=(const Configuration&) = default;
  ~Configuration() = default;

  /// Reads a whole `configuration` document, under the limits of read_document(); section
  /// attributes such as `patch` mean nothing here.
  static Expected<Configuration> parse(std::string_view xml);
  /// The document in canonical form: no white space between elements, attributes as stored.
  std::string to_xml() const;
  /// Of all sections in canonical form.
  std::size_t octets() const;

  /// The text of the first leaf at `path`, or the fallback where there is no such element.
  std::string text(std::string_view path, std::string_view fallback = "") const;
  /// `true`/`1` and `false`/`0`; anything else, or nothing, gives the fallback.
  bool flag(std::string_view path, bool fallback) const;
  /// All values of the elements at `path`, in document order (for lists such as allowlistEntry).
  std::vector<std::string> texts(std::string_view path) const;
  /// Evaluates XPath 1.0, with paths from the section or from /configuration. A node set gives the
  /// string value of each node, in document order; any other result gives one value.
  Expected<std::vector<std::string>> select(std::string_view xpath) const;

  std::vector<std::string> section_names() const;
  /// The section of that name, or null.
  SectionPointer section(std::string_view name) const;
  const std::vector<SectionPointer>& sections() const;
  /// This configuration with one section put in place of its namesake, or appended.
  Configuration with(SectionPointer section) const;

  /// Equal content: attribute order and the way text is written (CDATA) do not matter.
  friend bool operator==(const Configuration& a, const Configuration& b) { return a.equals(b); }

 private:
  bool equals(const Configuration& other) const;

  std::shared_ptr<const std::vector<SectionPointer>> sections_;
};

}  // namespace provlab::settings
