#pragma once
#include <memory>
#include <mutex>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace provlab::settings {

/// A tree that is being worked on; becomes a Section when it is done.
using Draft = std::unique_ptr<pugi::xml_document>;

/// One section of a configuration, immutable and shared between configurations and threads.
class Section {
 public:
  /// The draft's document element is the section; it is clean (core/settings/xml_tree.hpp).
  explicit Section(Draft draft);
  /// The same, with its canonical form at hand.
  Section(Draft draft, std::string_view xml)
      : document_(std::move(draft)), name_(element().name()), xml_(xml) {}

  std::string_view name() const { return name_; }
  pugi::xml_node element() const { return document_->document_element(); }
  /// The section in canonical form.
  const std::string& xml() const { return xml_; }
  /// The own text of the first element at a path of names below the section, such as `sip/active`;
  /// null where there is none. Found once for all threads.
  const std::string* text_at(std::string_view path) const;
  /// A copy to work on.
  Draft draft() const;
  /// The same settings, whatever the order of attributes and the form of text.
  bool same_as(const Section& other) const;

 private:
  std::unique_ptr<const pugi::xml_document> document_;
  std::string_view name_;  // in the document
  std::string xml_;

  mutable std::once_flag indexed_;
  mutable std::vector<std::pair<std::string, std::string>> texts_;  // by path, in that order
};

using SectionPointer = std::shared_ptr<const Section>;

}  // namespace provlab::settings
