#include "core/settings/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "core/settings/encoding.hpp"
#include "core/settings/mistaken_document.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/well_formed.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd_value.hpp"

namespace provlab::settings {

namespace {

/// The rest of a hostile document's attributes is not worth the trace.
constexpr std::size_t kMaxAttributeWarnings = 8;
/// Many more sections than any release has; each one given costs a verdict in the trace.
constexpr std::size_t kMaxSections = 256;

Expected<void> check_configuration(pugi::xml_node root, Document& document) {
  for (const pugi::xml_attribute attribute : root.attributes()) {
    const std::string_view name = attribute.name();
    if (name == "patchDefault") continue;
    if (document.warnings.size() >= kMaxAttributeWarnings) break;
    document.warnings.push_back(
        fmt::format("attribute '{}' of configuration is ignored: it has patchDefault only; version "
                    "and patch belong to its sections",
                    shortened(name)));
  }
  const pugi::xml_attribute patch_default = root.attribute("patchDefault");
  if (patch_default && !read_switch(patch_default.value())) {
    return fail(
        fmt::format("patchDefault=\"{}\": write true or false", shortened(patch_default.value())),
        "configuration");
  }
  if (has_own_text(root)) {
    document.warnings.emplace_back("text between the sections of configuration is ignored");
  }
  for (pugi::xml_node section = first_element(root); section; section = next_element(section)) {
    if (document.sections.size() == kMaxSections) {
      return fail(fmt::format("more than {} sections are given", kMaxSections), "configuration");
    }
    document.sections.emplace_back(section.name());
  }
  std::vector<std::string> sorted = document.sections;
  std::erase_if(sorted, [](const std::string& name) { return !is_known_section(name); });
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end()) {
    return fail(fmt::format("section '{}' is given twice", shortened(*twice)), "configuration");
  }
  return {};
}

/// Unknown attributes are let pass with a warning; `known` is the one that the element may have.
void warn_of_attributes(pugi::xml_node element, Document& document, std::string_view known = {}) {
  for (const pugi::xml_attribute attribute : element.attributes()) {
    if (attribute.name() == known) continue;
    if (document.warnings.size() >= kMaxAttributeWarnings) return;
    document.warnings.push_back(fmt::format("attribute '{}' of {} is ignored: the schema has none",
                                            shortened(attribute.name()), element.name()));
  }
}

/// What schemas/provisioning_references.xsd says, but attributes are let pass with a warning.
Expected<void> check_references(pugi::xml_node root, Document& document) {
  warn_of_attributes(root, document);
  for (pugi::xml_node url = first_element(root); url; url = next_element(url)) {
    if (name_of(url) != "url") {
      return fail(fmt::format("element '{}' is not allowed; only url is", shortened(url.name())),
                  "referencedSettings");
    }
    warn_of_attributes(url, document);
    if (has_element_children(url)) {
      return fail("a url holds text only, no elements", "referencedSettings/url");
    }
  }
  if (has_own_text(root)) {
    return fail("text is not allowed here; put each URL into an element url", "referencedSettings");
  }
  return {};
}

Expected<void> check_operations(pugi::xml_node root, Document& document) {
  warn_of_attributes(root, document);
  if (has_own_text(root)) document.warnings.emplace_back("text between operations is ignored");
  std::size_t given = 0;
  for (auto operation = first_element(root); operation; operation = next_element(operation)) {
    if (++given > kMaxOperations) {
      return fail(fmt::format("more than {} operations are given", kMaxOperations), "operations");
    }
    warn_of_attributes(operation, document, "path");
  }
  return {};
}

Expected<void> classify(pugi::xml_node root, Document& document) {
  const std::string_view name = root.name();
  if (name == "configuration") {
    document.type = DocumentType::patch;
    return check_configuration(root, document);
  }
  if (name == "referencedSettings") {
    document.type = DocumentType::reference;
    return check_references(root, document);
  }
  if (name == "operations") {
    document.type = DocumentType::operations;
    return check_operations(root, document);
  }
  if (is_known_section(name)) {
    document.type = DocumentType::patch;
    document.sections.emplace_back(name);
    document.lone_section = true;
    return {};
  }
  return fail(
      fmt::format("root element '{}' is no provisioning document; allowed are "
                  "configuration, referencedSettings, operations, or one section: {}",
                  shortened(name), fmt::join(known_sections(), ", ")));
}

}  // namespace

std::string_view to_string(DocumentType type) {
  switch (type) {
    case DocumentType::patch:
      return "patch";
    case DocumentType::reference:
      return "reference";
    case DocumentType::operations:
      return "operations";
  }
  return "";
}

Expected<Document> read_xml(std::string_view bytes, const std::string& content_type) {
  if (bytes.size() > kMaxDocumentOctets) {
    return fail(fmt::format("the document has {} octets; at most {} are allowed", bytes.size(),
                            kMaxDocumentOctets));
  }
  if (is_blank(bytes)) return fail("the document is empty");
  auto decoded = decode(bytes, content_type);
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  Document document;
  document.warnings = std::move(decoded->warnings);
  const auto traits = check_well_formed(decoded->text(), document.warnings);
  if (!traits) return std::unexpected(traits.error());
  auto xml = std::make_shared<pugi::xml_document>();
  const std::string_view text = decoded->text();
  const auto parsed =
      xml->load_buffer(text.data(), text.size(), traits->pieces ? kParseEverything : kParseElements,
                       pugi::encoding_utf8);
  if (!parsed) {
    return fail(parsed.description(), fmt::format("offset {}", parsed.offset));
  }
  if (traits->pieces || traits->prefixes) clean(xml->document_element());
  document.xml = std::move(xml);
  return document;
}

Expected<Document> read_document(std::string_view bytes, std::string content_type) {
  auto document = read_xml(bytes, content_type);
  if (document) {
    if (auto classified = classify(document->xml->document_element(), *document); !classified) {
      document = std::unexpected(std::move(classified.error()));
    }
  }
  if (!document && bytes.size() <= kMaxDocumentOctets) {
    if (auto what = mistaken_for_document(bytes, content_type)) return fail(std::move(*what));
  }
  return document;
}

std::vector<std::string> references(const Document& document) {
  std::vector<std::string> urls;
  if (document.type != DocumentType::reference) return urls;
  for (pugi::xml_node url = first_element(document.xml->document_element()); url;
       url = next_element(url)) {
    urls.emplace_back(trimmed(text_of(url)));
  }
  return urls;
}

}  // namespace provlab::settings
