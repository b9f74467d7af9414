#include "core/settings/section.hpp"

#include <algorithm>

#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

Section::Section(Draft draft) : document_(std::move(draft)), name_(element().name()) {
  append_xml(element(), xml_);
}

namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

void collect_texts(pugi::xml_node parent, std::string& path, Texts& texts) {
  for (auto child = first_element(parent); child; child = next_element(child)) {
    const std::size_t end = path.size();
    if (!path.empty()) path += '/';
    path += child.name();
    texts.emplace_back(path, text_of(child));
    collect_texts(child, path, texts);
    path.resize(end);
  }
}

}  // namespace

const std::string* Section::text_at(std::string_view path) const {
  std::call_once(indexed_, [this] {
    std::string from;
    collect_texts(element(), from, texts_);
    std::ranges::stable_sort(texts_, {}, &Texts::value_type::first);  // the first stays first
  });
  const auto found = std::ranges::lower_bound(
      texts_, path, {}, [](const auto& each) { return std::string_view(each.first); });
  return found != texts_.end() && found->first == path ? &found->second : nullptr;
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
