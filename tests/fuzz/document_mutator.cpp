#include "tests/fuzz/document_mutator.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::fuzz {

namespace {

using namespace settings;

void collect_names(const ElementModel& model, std::vector<std::string>& names) {
  names.push_back(model.name);
  for (const AttributeModel& attribute : model.attributes) names.push_back(attribute.name);
  for (const ElementModel& child : model.children) collect_names(child, names);
}

/// What elements and attributes are called, in all releases.
const std::vector<std::string>& known_names() {
  static const auto known = [] {
    std::vector<std::string> names = {"configuration", "patch", "patchDefault", "version", "path",
                                      "operations",    "add",   "replace",      "delete"};
    for (const Release release : kReleases) {
      for (const std::string_view section : known_sections()) {
        if (const ElementModel* model = ReleaseSchema::of(release).model(section))
          collect_names(*model, names);
      }
    }
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
  }();
  return known;
}

constexpr const char* kTexts[] = {"",
                                  " ",
                                  "true",
                                  "false",
                                  "0",
                                  "1",
                                  "2",
                                  "-1",
                                  "maybe",
                                  "99999999999",
                                  "a",
                                  " a ",
                                  "1.8.9",
                                  "1.20.0",
                                  "1.34.0",
                                  "0.0.0",
                                  "9.9.9",
                                  "192.0.2.7",
                                  "/",
                                  "//*",
                                  "/keys",
                                  "/telephony/*",
                                  "/templates/template[1]",
                                  "/identities/identity[last()]",
                                  "..",
                                  "@name"};

std::vector<pugi::xml_node> elements_of(pugi::xml_node root) {
  std::vector<pugi::xml_node> found;
  for (auto node = root; node;) {
    if (is_element(node)) found.push_back(node);
    auto next = node.first_child();
    while (!next && node != root) {
      next = node.next_sibling();
      if (!next) node = node.parent();
    }
    node = next;
  }
  return found;
}

/// One change of the tree; which it is, `dice` say.
void mutate(pugi::xml_document& document, Dice& dice) {
  const auto elements = elements_of(document.document_element());
  pugi::xml_node here = dice.one_of(elements);
  const pugi::xml_node there = dice.one_of(elements);
  const bool whole = here == document.document_element();
  switch (dice.below(10)) {
    case 0:
      if (!whole) here.parent().remove_child(here);
      break;
    case 1:
      if (!whole) here.parent().insert_copy_before(there, here);
      break;
    case 2:
      here.append_copy(there);
      break;
    case 3:
      if (!whole) here.parent().insert_copy_after(here, here);
      break;
    case 4:
      here.set_name(dice.one_of(known_names()).c_str());
      break;
    case 5:
      here.append_child(dice.one_of(known_names()).c_str()).text().set(dice.one_of(kTexts));
      break;
    case 6:
      set_text(here, dice.one_of(kTexts));
      break;
    case 7:
      here.append_attribute(dice.one_of(known_names()).c_str()).set_value(dice.one_of(kTexts));
      break;
    case 8:
      if (auto attribute = here.first_attribute()) attribute.set_value(dice.one_of(kTexts));
      break;
    default:
      if (auto attribute = here.last_attribute()) here.remove_attribute(attribute);
  }
}

}  // namespace

std::string mutated_document(std::string_view input, Dice& dice) {
  Generator generator(dice.next(), dice.one_of(kReleases));
  switch (dice.below(16)) {
    case 0:
      return generator.patch();
    case 1:
      return generator.operations();
    case 2:
      return generator.spoilt(std::string(input));
    default:
      break;
  }
  pugi::xml_document document;
  document.load_buffer(input.data(), input.size(), kParseEverything, pugi::encoding_utf8);
  if (!document.document_element()) return {};
  for (std::size_t i = dice.below(3) + 1; i > 0; --i) mutate(document, dice);
  std::string xml;
  append_xml(document.document_element(), xml);
  return xml;
}

}  // namespace provlab::fuzz
