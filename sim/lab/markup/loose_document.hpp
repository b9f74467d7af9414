#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// XML as far as it can be understood while somebody types it, for those who ask what stands where.
///  1. Any text can be read; nothing is complained about (XmlDocument does that).
///  2. A tag that breaks off ends before the next one, and holds nothing. A value without its
///  closing quote ends with its line, or before the next tag.
///  3. An end tag closes the nearest open element of its name, and with it those inside; one that
///  closes nothing is passed over.
///  4. Time and memory grow with the length of the text, whatever it holds.
/// Offsets count octets from the start of the text.
class LooseDocument {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;  ///< behind the last octet
    bool touches(std::size_t offset) const { return begin <= offset && offset <= end; }
    friend bool operator==(const Span&, const Span&) = default;
  };
  struct Attribute {
    Span name;
    Span value;              ///< between its quotes
    bool has_value = false;  ///< there is at least an opening quote
  };
  struct Element {
    Span tag;                    ///< from '<' to behind '>', or to where it breaks off
    Span name;                   ///< empty behind a bare '<'
    Span content;                ///< between the tags; empty for `<a/>`
    std::size_t parent = kNone;  ///< its place in elements()
    bool whole_tag = false;      ///< there is a '>'
    bool holds = false;          ///< it is not `<a/>`, nor broken off
    bool closed = false;         ///< it has an end tag of its own
    std::vector<Attribute> attributes;
  };
  /// What an offset lies in.
  enum class Part { content, element_name, attribute_name, attribute_value, end_tag, elsewhere };
  struct Place {
    Part part = Part::elsewhere;
    std::size_t element = kNone;    ///< the element of the tag, or the one around the content
    std::size_t attribute = kNone;  ///< its place among the element's, where one is there
  };

  explicit LooseDocument(std::string text);

  const std::string& text() const { return text_; }
  /// In the order of their start tags.
  const std::vector<Element>& elements() const { return elements_; }
  std::string_view name(std::size_t element) const { return piece(elements_[element].name); }
  std::string_view name(const Attribute& attribute) const { return piece(attribute.name); }
  std::string value(const Attribute& attribute) const { return value(attribute.value); }
  std::string value(Span of_value) const;  ///< with its entities resolved
  /// Null where there is none such.
  const Attribute* attribute(std::size_t element, std::string_view name) const;
  /// Its value; empty where there is none.
  std::string value(std::size_t element, std::string_view name) const;
  std::string_view piece(Span span) const {
    return std::string_view(text_).substr(span.begin, span.end - span.begin);
  }

  Place at(std::size_t offset) const;

 private:
  class Reader;

  std::string text_;
  std::vector<Element> elements_;
  std::vector<Span> opaque_;    // comments, CDATA, declarations; in their order
  std::vector<Span> end_tags_;  // likewise
};

}  // namespace provlab::lab
