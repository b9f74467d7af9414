#pragma once
#include <libxml/tree.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

/// A parsed XML text that knows in which line each element and attribute was written; libxml2 alone
/// gives the line where a start tag ends. Not thread-safe; one per scenario.
class XmlDocument {
 public:
  /// Where the text is no well-formed XML without DTD, complains in plain words and returns
  /// nothing.
  static std::unique_ptr<XmlDocument> parse(std::string_view text, Complaints& complaints);
  ~XmlDocument();
  XmlDocument(const XmlDocument&) = delete;
  XmlDocument& operator=(const XmlDocument&) = delete;

  xmlDoc* get() const { return document_; }
  xmlNode* root() const { return xmlDocGetRootElement(document_); }
  int line(const xmlNode* element) const;
  int line(const xmlNode* element, std::string_view attribute) const;
  /// The element with everything in it, as XML text.
  std::string to_xml(xmlNode* element) const;

 private:
  struct ElementPlace {
    int line;
    std::vector<std::pair<std::string, int>> attributes;
  };
  XmlDocument(xmlDoc* document, std::string_view text);
  static std::vector<ElementPlace> find_places(std::string_view text);
  bool number_elements(xmlNode* element, std::size_t& next);

  xmlDoc* document_;
  std::vector<ElementPlace> places_;  // in document order; empty where the text is not UTF-8
};

/// Prepares libxml2 for use by several threads; call before the first thread starts. Idempotent.
void initialise_xml();

std::string_view name_of(const xmlNode* element);
std::optional<std::string> attribute(const xmlNode* element, const char* name);
std::string text_of(xmlNode* element);  ///< all text inside

/// First child element, and the next sibling element; null at the end.
xmlNode* first_element(const xmlNode* parent);
xmlNode* next_element(const xmlNode* element);

/// For `for (xmlNode* child : Children(element))`.
class Children {
 public:
  explicit Children(const xmlNode* parent) : first_(first_element(parent)) {}
  struct Iterator {
    xmlNode* node;
    xmlNode* operator*() const { return node; }
    Iterator& operator++() {
      node = next_element(node);
      return *this;
    }
    bool operator==(const Iterator&) const = default;
  };
  Iterator begin() const { return {first_}; }
  Iterator end() const { return {nullptr}; }

 private:
  xmlNode* first_;
};

}  // namespace provlab::lab
