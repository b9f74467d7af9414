#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"
#include "core/settings/document_limits.hpp"

namespace pugi {
class xml_document;  // NOLINT(readability-identifier-naming): pugixml spells it so
}

namespace provlab::settings {

/// The types of provisioning documents: SPEC 5.2, 5.5, 5.6.
enum class DocumentType { patch, reference, operations };
std::string_view to_string(DocumentType type);

/// A document that has been checked and classified; cheap to copy, never changes. The root element
/// is `configuration` or a lone section (patch), `referencedSettings`, or `operations`.
struct Document {
  DocumentType type = DocumentType::patch;
  std::vector<std::string> sections;  ///< patch: names as given, known or not
  bool lone_section = false;          ///< patch: the section is the root
  std::vector<std::string> warnings;  ///< what was sloppy but readable without doubt (SPEC 5.9)
  std::shared_ptr<const pugi::xml_document> xml;  ///< clean, see core/settings/xml_tree.hpp
};

/// Checks a document as read_document() does, but takes any root element; type and sections are not
/// set.
Expected<Document> read_xml(std::string_view bytes, const std::string& content_type);

/// Checks and classifies what was downloaded or uploaded (SPEC 5.2, 5.5, 5.6, 5.8, 5.9). The error
/// says why the document is refused, with the line or byte offset where that helps.
/// `content_type` is the HTTP header's value, or empty: its charset counts where the document
/// itself declares none.
Expected<Document> read_document(std::string_view bytes, std::string content_type);

/// The `url` children of a document of reference type, in order: raw text, markers not replaced,
/// white space around it removed. An empty one is kept, so that it can be reported.
std::vector<std::string> references(const Document& document);

}  // namespace provlab::settings
