#include "sim/lab/markup/xml_document.hpp"

// libxml2 parses, and gives each element the line where its start tag ends. The lines where tags
// and attributes begin come from a second walk over the same text (Scanner), which may be a simple
// one, because the text is well formed by then. It numbers the elements as it meets them; each node
// keeps its number, so that a line is looked up. A text that is not UTF-8 has libxml2's lines only.

#include <fmt/format.h>
#include <libxml/parser.h>

#include <algorithm>
#include <mutex>

#include "core/platform/text.hpp"
#include "sim/lab/markup/open_quote.hpp"

namespace provlab::lab {

namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}
std::string_view view(const char* text) {
  return text == nullptr ? std::string_view() : text;
}

struct FirstError {
  int line = 0;
  std::string text;
};

/// What a parse error of libxml2 means to somebody who wrote the file by hand.
std::string plain_words(const xmlError& error) {
  constexpr const char* kNotUtf8 =
      "the file is not valid UTF-8 here; save it as UTF-8, or say its encoding in the first line: "
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
  const std::string_view name = view(error.str1);
  std::string_view message = view(error.message);
  switch (error.code) {
    case XML_ERR_DOCUMENT_EMPTY:
      return "the file is empty or does not begin with XML; begin with <scenario name=\"...\">";
    case XML_ERR_DOCUMENT_END:
      return "there is text after the end of the scenario; a file holds one <scenario>";
    case XML_ERR_TAG_NAME_MISMATCH:
      return fmt::format("<{}> (opened in line {}) is closed by </{}>; write </{}> before it", name,
                         error.int1, view(error.str2), name);
    case XML_ERR_TAG_NOT_FINISHED:
      return fmt::format("the file ends before </{}> (opened in line {}); add the end tag", name,
                         error.int1);
    case XML_ERR_LT_IN_ATTRIBUTE:
      return "an attribute's value holds '<'; write &lt; for it, for example &lt;MACADR>";
    case XML_ERR_ENTITYREF_SEMICOL_MISSING:
    case XML_ERR_NAME_REQUIRED:
      return "there is a bare '&' or '<'; write &amp; for '&' and &lt; for '<'";
    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
      return fmt::format("'&{};' is unknown; write &amp; for a bare '&'", name);
    case XML_ERR_ATTRIBUTE_REDEFINED:
      return fmt::format("the attribute {}= stands twice in one element; keep one of them", name);
    case XML_ERR_ATTRIBUTE_NOT_STARTED:
      return "an attribute's value has no quotes; write name=\"value\"";
    case XML_ERR_ATTRIBUTE_WITHOUT_VALUE:
      return fmt::format("the attribute {} has no value; write {}=\"...\"", name, name);
    case XML_ERR_ATTRIBUTE_NOT_FINISHED:
      return "an attribute's closing quote is missing";
    case XML_ERR_SPACE_REQUIRED:
      return "a space is missing between two attributes";
    case XML_ERR_GT_REQUIRED:
      return "a tag is not closed; write '>' or '/>' at its end";
    case XML_ERR_COMMENT_NOT_FINISHED:
      return "a comment is not closed; write --> at its end";
    case XML_ERR_HYPHEN_IN_COMMENT:
      return "a comment holds '--', which XML forbids; write a single '-'";
    case XML_ERR_INVALID_ENCODING:
      return kNotUtf8;
    case XML_ERR_INVALID_CHAR:
      // The same code, in texts at least, for octets that are no character at all.
      if (message.starts_with("Input is not proper UTF-8")) return kNotUtf8;
      return "there is a control character, which XML forbids; remove it";
    case XML_ERR_INTERNAL_ERROR:
      if (message.starts_with("Excessive depth")) {
        return fmt::format("elements lie more than {} deep in each other; close some of them",
                           error.int1);
      }
      [[fallthrough]];
    default: {
      while (message.ends_with('\n')) message.remove_suffix(1);
      return fmt::format("the XML is not well formed here ({})", message);
    }
  }
}

void keep_first(void* user, XmlError* error) {
  auto& first = *static_cast<FirstError*>(user);
  if (first.line != 0 || error->level < XML_ERR_ERROR) return;
  first = {std::max(1, error->line), plain_words(*error)};
}

/// Walks over well-formed XML text and counts lines.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  int line() const { return line_; }
  bool at(std::string_view prefix) const { return rest_.starts_with(prefix); }
  char front() const { return rest_.front(); }
  void skip(std::size_t count) {
    count = std::min(count, rest_.size());
    line_ +=
        static_cast<int>(std::count(rest_.begin(), rest_.begin() + static_cast<long>(count), '\n'));
    rest_.remove_prefix(count);
  }
  void skip_past(std::string_view mark) {
    const std::size_t found = rest_.find(mark);
    skip(found == std::string_view::npos ? rest_.size() : found + mark.size());
  }
  void skip_to_any(std::string_view marks) {
    skip(std::min(rest_.find_first_of(marks), rest_.size()));
  }
  std::string take_name() {
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n=/>"), rest_.size());
    std::string name(rest_.substr(0, end));
    skip(end);
    return name;
  }

 private:
  std::string_view rest_;
  int line_ = 1;
};

xmlNode* blanks(xmlDoc* document, const std::string& text) {
  return xmlNewDocText(document, reinterpret_cast<const xmlChar*>(text.c_str()));
}

/// The first of the comments above an element, else the element.
xmlNode* with_comments(xmlNode* element) {
  xmlNode* above = element->prev;
  if (above != nullptr && xmlIsBlankNode(above) == 1) above = above->prev;
  return above != nullptr && above->type == XML_COMMENT_NODE ? with_comments(above) : element;
}

}  // namespace

void initialise_xml() {
  static std::once_flag once;
  std::call_once(once, [] { xmlInitParser(); });
}

std::unique_ptr<XmlDocument> XmlDocument::parse(std::string_view text, Complaints& complaints) {
  initialise_xml();
  const std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)> context(xmlNewParserCtxt(),
                                                                             &xmlFreeParserCtxt);
  FirstError first;
  xmlSetStructuredErrorFunc(&first, &keep_first);
  xmlDoc* document = xmlCtxtReadMemory(context.get(), text.data(), static_cast<int>(text.size()),
                                       nullptr, nullptr, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
  xmlSetStructuredErrorFunc(nullptr, nullptr);
  if (document == nullptr || first.line != 0) {
    if (document != nullptr) xmlFreeDoc(document);
    const auto open = find_open_quote(text);
    if (open && first.line >= open->line) {
      complaints.add(open->line, fmt::format("the closing quote of {0}= is missing in this line; "
                                             "write {0}=\"...\"",
                                             shortened(open->attribute)));
      return nullptr;
    }
    complaints.add(std::max(first.line, 1),
                   first.line == 0 ? "the file cannot be read as XML" : first.text);
    return nullptr;
  }
  auto result = std::unique_ptr<XmlDocument>(new XmlDocument(document, text));
  if (document->intSubset != nullptr) {
    complaints.add(1, "a scenario has no DOCTYPE; remove it");
    return nullptr;
  }
  return result;
}

XmlDocument::XmlDocument(xmlDoc* document, std::string_view text)
    : document_(document), places_(find_places(text)) {
  std::size_t next = 0;
  if (!number_elements(root(), next) || next != places_.size()) places_.clear();
}

XmlDocument::~XmlDocument() {
  for (xmlNode* element : removed_) xmlFreeNode(element);
  xmlFreeDoc(document_);
}

std::vector<XmlDocument::ElementPlace> XmlDocument::find_places(std::string_view text) {
  std::vector<ElementPlace> places;
  Scanner scanner(text);
  while (scanner.skip_to_any("<"), !scanner.at_end()) {
    if (scanner.at("<!--")) {
      scanner.skip_past("-->");
    } else if (scanner.at("<![CDATA[")) {
      scanner.skip_past("]]>");
    } else if (scanner.at("<?") || scanner.at("</") || scanner.at("<!")) {
      scanner.skip_past(">");
    } else {
      ElementPlace place{scanner.line(), {}};
      scanner.skip(1);
      scanner.take_name();
      while (!scanner.at_end() && scanner.front() != '>') {
        if (std::string_view(" \t\r\n/").find(scanner.front()) != std::string_view::npos) {
          scanner.skip(1);
          continue;
        }
        const int line = scanner.line();
        place.attributes.emplace_back(scanner.take_name(), line);
        scanner.skip_to_any("\"'");
        if (scanner.at_end()) break;
        const char quote = scanner.front();
        scanner.skip(1);
        scanner.skip_past(std::string_view(&quote, 1));
      }
      places.push_back(std::move(place));
    }
  }
  return places;
}

bool XmlDocument::number_elements(xmlNode* element, std::size_t& next) {
  if (element == nullptr) return false;
  element->_private = reinterpret_cast<void*>(++next);
  for (xmlNode* child : Children(element)) {
    if (!number_elements(child, next)) return false;
  }
  return true;
}

int XmlDocument::line(const xmlNode* element) const {
  const auto number = reinterpret_cast<std::size_t>(element->_private);
  if (places_.empty() || number == 0 || number > places_.size()) {
    return static_cast<int>(xmlGetLineNo(element));
  }
  return places_[number - 1].line;
}

int XmlDocument::line(const xmlNode* element, std::string_view attribute) const {
  const auto number = reinterpret_cast<std::size_t>(element->_private);
  if (!places_.empty() && number != 0 && number <= places_.size()) {
    for (const auto& [name, line] : places_[number - 1].attributes) {
      if (name == attribute) return line;
    }
  }
  return line(element);
}

std::string XmlDocument::to_xml(xmlNode* element) const {
  xmlBuffer* buffer = xmlBufferCreate();
  xmlNodeDump(buffer, document_, element, 0, 0);
  std::string xml(view(xmlBufferContent(buffer)));
  xmlBufferFree(buffer);
  return xml;
}

std::string XmlDocument::to_text() const {
  // Where there was a declaration libxml2 writes other characters than ASCII as they are.
  std::string text =
      document_->encoding == nullptr ? "" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  for (xmlNode* part = document_->children; part != nullptr; part = part->next) {
    text += to_xml(part) + "\n";
  }
  return text;
}

xmlNode* XmlDocument::add_element(xmlNode* parent, xmlNode* before, const char* name,
                                  const xmlNode* origin) {
  xmlNode* element =
      xmlNewDocNode(document_, nullptr, reinterpret_cast<const xmlChar*>(name), nullptr);
  element->_private = origin->_private;
  element->line = origin->line;
  if (before != nullptr) {
    before = with_comments(before);
    xmlAddPrevSibling(before, element);
    // What indented the other indents this one now.
    if (element->prev != nullptr && xmlIsBlankNode(element->prev) == 1) {
      xmlAddPrevSibling(before, xmlCopyNode(element->prev, 1));
    }
    return element;
  }
  std::string indent = "\n";
  for (const xmlNode* each = parent; each->parent != nullptr; each = each->parent) {
    if (each != parent) indent += "  ";
  }
  // The blanks before the parent's end tag stay the last in it.
  if (parent->last == nullptr) xmlAddChild(parent, blanks(document_, indent));
  xmlNode* last = parent->last;
  if (xmlIsBlankNode(last) == 1) {
    xmlAddPrevSibling(last, element);
    xmlAddPrevSibling(element, blanks(document_, indent + "  "));
  } else {
    xmlAddChild(parent, element);
  }
  return element;
}

void XmlDocument::remove(xmlNode* element) {
  if (xmlNode* before = element->prev; before != nullptr && xmlIsBlankNode(before) == 1) {
    xmlUnlinkNode(before);
    xmlFreeNode(before);
  }
  xmlUnlinkNode(element);
  removed_.push_back(element);
}

void add_attribute(xmlNode* element, const char* name, const std::string& value,
                   Position position) {
  xmlAttr* added = xmlNewProp(element, reinterpret_cast<const xmlChar*>(name),
                              reinterpret_cast<const xmlChar*>(value.c_str()));
  xmlAttr* first = element->properties;
  if (position == Position::last || added == first) return;
  added->prev->next = nullptr;  // it was added as the last
  added->prev = nullptr;
  added->next = first;
  first->prev = added;
  element->properties = added;
}

std::string_view name_of(const xmlNode* element) {
  return view(element->name);
}

std::optional<std::string> attribute(const xmlNode* element, const char* name) {
  xmlChar* value = xmlGetNoNsProp(element, reinterpret_cast<const xmlChar*>(name));
  if (value == nullptr) return std::nullopt;
  std::string text(view(value));
  xmlFree(value);
  return text;
}

std::string text_of(xmlNode* element) {
  xmlChar* content = xmlNodeGetContent(element);
  std::string text(view(content));
  xmlFree(content);
  return text;
}

xmlNode* first_element(const xmlNode* parent) {
  xmlNode* child = parent->children;
  while (child != nullptr && child->type != XML_ELEMENT_NODE) child = child->next;
  return child;
}

xmlNode* next_element(const xmlNode* element) {
  xmlNode* sibling = element->next;
  while (sibling != nullptr && sibling->type != XML_ELEMENT_NODE) sibling = sibling->next;
  return sibling;
}

}  // namespace provlab::lab
