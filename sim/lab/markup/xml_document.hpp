#pragma once
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

/// What libxml2 hands to a handler of errors.
#if LIBXML_VERSION >= 21200
using XmlError = const xmlError;
#else
using XmlError = xmlError;
#endif

/// A parsed XML text that knows in which line each element and attribute was written (libxml2 alone
/// gives the line where a start tag ends), and that can be added to. Not thread-safe; one per
/// scenario.
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
  /// The whole, in UTF-8, as an author would have written it.
  std::string to_text() const;

  // Changes keep the layout of what is there.
  /// A new element, the last in its parent or before one of those in it and the comments above
  /// that. It counts as written where `origin` is.
  xmlNode* add_element(xmlNode* parent, xmlNode* before, const char* name, const xmlNode* origin);
  /// Takes an element out of the tree; it lives as long as the document.
  void remove(xmlNode* element);

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
  std::vector<xmlNode*> removed_;
};

/// Prepares libxml2 for use by several threads; call before the first thread starts. Idempotent.
void initialise_xml();

std::string_view name_of(const xmlNode* element);
std::optional<std::string> attribute(const xmlNode* element, const char* name);
std::string text_of(xmlNode* element);  ///< all text inside

enum class Position { first, last };
/// An attribute that the element does not have, as the first or last of its attributes.
void add_attribute(xmlNode* element, const char* name, const std::string& value,
                   Position position = Position::last);

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
