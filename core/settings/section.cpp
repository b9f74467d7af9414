#include "core/settings/section.hpp"

#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

Section::Section(Draft draft) : document_(std::move(draft)), name_(element().name()) {
  append_xml(element(), xml_);
}

Draft Section::draft() const {
  auto copy = std::make_unique<pugi::xml_document>();
  copy->load_buffer(xml_.data(), xml_.size(), kParseEverything, pugi::encoding_utf8);
  return copy;
}

bool Section::same_as(const Section& other) const {
  return this == &other || xml_ == other.xml_ || same_settings(element(), other.element());
}

}  // namespace provlab::settings
