#include "core/settings/well_formed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <set>

#include "core/platform/text.hpp"
#include "core/settings/document_limits.hpp"
#include "core/settings/xml_tree.hpp"

// A Checker goes over the text once, with the names of the open elements on a stack.
// run() passes over the XML declaration. After that character_data() takes what stands before the
// next '<', and markup() chooses by the characters behind it: a tag, a comment, CDATA, an
// instruction. A start tag collects its attributes and then checks names and namespaces together.
// Names and values are views of the text. The first error ends the check, with its line; what can
// be read without doubt is a warning. What a parser has to know is noted on the way (TextTraits).
namespace provlab::settings {

namespace {

constexpr std::string_view kSchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
/// More attributes than any setting has; bounds the search for duplicates.
constexpr std::size_t kMaxAttributes = 256;
/// Longer names are none of ours; paths made of them would flood the trace.
constexpr std::size_t kMaxName = 256;

constexpr std::uint8_t kNameStart = 1;
constexpr std::uint8_t kNameRest = 2;
constexpr std::uint8_t kBlank = 4;

/// Every character beyond ASCII counts as a letter of names: XML 1.0 (fifth edition) allows nearly
/// all of them.
constexpr std::array<std::uint8_t, 256> kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned char c = 'a'; c <= 'z'; ++c) classes[c] = kNameStart | kNameRest;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) classes[c] = kNameStart | kNameRest;
  for (int c = 0x80; c <= 0xff; ++c) classes[c] = kNameStart | kNameRest;
  for (unsigned char c = '0'; c <= '9'; ++c) classes[c] = kNameRest;
  for (const unsigned char c : {'_', ':'}) classes[c] = kNameStart | kNameRest;
  for (const unsigned char c : {'-', '.'}) classes[c] = kNameRest;
  for (const unsigned char c : {' ', '\t', '\n', '\r'}) classes[c] = kBlank;
  return classes;
}();

bool is(char c, std::uint8_t what) {
  return (kClasses[static_cast<unsigned char>(c)] & what) != 0;
}

/// What is warned of once per document.
constexpr unsigned kDashes = 1;
constexpr unsigned kBrackets = 2;

struct Attribute {
  std::string_view name;
  std::string_view value;  // as written
};

class Checker {
 public:
  Checker(std::string_view text, std::vector<std::string>& warnings)
      : text_(text), warnings_(warnings) {}

  Expected<void> run();
  const TextTraits& traits() const { return traits_; }

 private:
  std::unexpected<Error> error(std::string text) const { return error_at(at_, std::move(text)); }
  std::unexpected<Error> error_at(std::size_t position, std::string text) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(position, text_.size()));
    return fail(std::move(text), fmt::format("line {}", 1 + std::count(text_.begin(), end, '\n')));
  }
  bool looking_at(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  void skip_blanks() {
    while (at_ < text_.size() && is(text_[at_], kBlank)) ++at_;
  }
  /// Moves behind the next `token`; false where there is none.
  bool skip_past(std::string_view token) {
    const std::size_t found = text_.find(token, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + token.size();
    return true;
  }
  std::string_view take_name();
  void warn_once(unsigned what, const char* text) {
    if ((warned_ & what) == 0) warnings_.emplace_back(text);
    warned_ |= what;
  }

  void declaration();
  Expected<void> markup();
  Expected<void> processing_instruction();
  Expected<void> start_tag();
  Expected<void> end_tag();
  Expected<void> attribute();
  Expected<void> character_data();
  Expected<void> reference();
  Expected<void> character_reference(std::string_view body);
  Expected<void> check_names(std::string_view element);
  Expected<void> check_prefixes();
  Expected<void> declare_namespace(const Attribute& attribute);

  std::string_view text_;
  std::vector<std::string>& warnings_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;  // names of the open elements
  std::vector<Attribute> attributes_;   // of the current start tag
  std::set<std::string_view> schema_instance_prefixes_;
  bool root_seen_ = false;
  unsigned warned_ = 0;  // kDashes, kBrackets
  TextTraits traits_;
};

std::string_view Checker::take_name() {
  const char* const begin = text_.data() + at_;
  const char* const limit = text_.data() + text_.size();
  if (begin == limit || !is(*begin, kNameStart)) return {};
  const char* end = begin + 1;
  while (end != limit && is(*end, kNameRest)) ++end;
  at_ += static_cast<std::size_t>(end - begin);
  return {begin, static_cast<std::size_t>(end - begin)};
}

Expected<void> Checker::run() {
  declaration();
  while (at_ < text_.size()) {
    if (auto done = text_[at_] == '<' ? markup() : character_data(); !done) return done;
  }
  if (!open_.empty()) {
    return error(fmt::format("element '{}' is not closed: the document is cut short",
                             shortened(open_.back())));
  }
  if (!root_seen_) return error("the document has no root element");
  return {};
}

/// decode() has looked into the XML declaration; here it is only passed over.
void Checker::declaration() {
  const std::size_t start = text_.find_first_not_of(kWhiteSpace);
  if (start == std::string_view::npos || !text_.substr(start).starts_with("<?xml") ||
      start + 5 >= text_.size() || !is(text_[start + 5], kBlank)) {
    return;
  }
  if (start > 0) warnings_.emplace_back("white space stands before the XML declaration");
  at_ = start;
  skip_past("?>");
}

Expected<void> Checker::markup() {
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (next == '/') return end_tag();
  if (next == '?') {
    traits_.pieces = true;
    return processing_instruction();
  }
  if (next != '!') return start_tag();
  traits_.pieces = true;
  const std::size_t start = at_;
  if (looking_at("<!--")) {
    at_ += 4;
    if (!skip_past("-->")) return error_at(start, "a comment is not closed by '-->'");
    const std::string_view inside = text_.substr(start + 4, at_ - start - 7);
    if (inside.find("--") != std::string_view::npos) {
      warn_once(kDashes, "'--' stands inside a comment, which is read up to '-->'");
    }
    return {};
  }
  if (looking_at("<![CDATA[")) {
    if (open_.empty()) return error("CDATA stands outside the root element");
    return skip_past("]]>") ? Expected<void>()
                            : error_at(start, "a CDATA section is not closed by ']]>'");
  }
  return error(looking_at("<!DOCTYPE")
                   ? "a document type declaration is not allowed; remove <!DOCTYPE ...>"
                   : "markup declarations are not allowed");
}

Expected<void> Checker::processing_instruction() {
  const std::size_t start = at_;
  at_ += 2;
  const std::string_view target = take_name();
  if (target.empty()) return error_at(start, "a processing instruction without a name");
  if (target == "xml") {
    return error_at(start, "the XML declaration must stand at the beginning of the document");
  }
  return skip_past("?>") ? Expected<void>()
                         : error_at(start, "a processing instruction is not closed by '?>'");
}

Expected<void> Checker::start_tag() {
  const std::size_t start = at_++;
  const std::string_view name = take_name();
  if (name.empty()) return error_at(start, "'<' without an element name; write it as &lt;");
  if (open_.empty() && root_seen_) {
    return error_at(start,
                    fmt::format("second root element '{}': a document has one", shortened(name)));
  }
  if (open_.size() >= kMaxDocumentDepth) {
    return error_at(start,
                    fmt::format("elements are nested deeper than {} levels", kMaxDocumentDepth));
  }
  if (name.size() > kMaxName) {
    return error_at(
        start, fmt::format("element name longer than {} octets: '{}'", kMaxName, shortened(name)));
  }
  root_seen_ = true;
  attributes_.clear();
  for (;;) {
    const std::size_t before = at_;
    skip_blanks();
    if (at_ >= text_.size()) {
      return error_at(start, fmt::format("the tag of '{}' is not closed by '>'", shortened(name)));
    }
    if (text_[at_] == '>' || looking_at("/>")) break;
    if (before == at_) {
      return error(fmt::format("white space is missing in the tag of '{}'", shortened(name)));
    }
    if (auto read = attribute(); !read) return read;
  }
  if (auto checked = check_names(name); !checked) return checked;
  if (text_[at_] == '>') {
    ++at_;
    open_.push_back(name);
  } else {
    at_ += 2;
  }
  return {};
}

Expected<void> Checker::attribute() {
  Attribute attribute;
  attribute.name = take_name();
  if (attribute.name.empty()) return error("an attribute name was expected");
  skip_blanks();
  if (at_ >= text_.size() || text_[at_] != '=') {
    return error(fmt::format("attribute '{}' has no value", shortened(attribute.name)));
  }
  ++at_;
  skip_blanks();
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '"' && quote != '\'') {
    return error(
        fmt::format("the value of attribute '{}' is not quoted", shortened(attribute.name)));
  }
  const std::size_t start = ++at_;
  while (at_ < text_.size() && text_[at_] != quote) {
    if (text_[at_] == '<') {
      return error(fmt::format("'<' in the value of attribute '{}'; write it as &lt;",
                               shortened(attribute.name)));
    }
    if (text_[at_] == '&') {
      if (auto read = reference(); !read) return read;
    } else {
      ++at_;
    }
  }
  if (at_ >= text_.size()) {
    return error_at(start, fmt::format("the value of attribute '{}' has no closing quote",
                                       shortened(attribute.name)));
  }
  attribute.value = text_.substr(start, at_ - start);
  ++at_;
  for (const Attribute& other : attributes_) {
    if (other.name == attribute.name) {
      return error(fmt::format("attribute '{}' is given twice", shortened(attribute.name)));
    }
  }
  if (attributes_.size() == kMaxAttributes) {
    return error(fmt::format("an element has more than {} attributes", kMaxAttributes));
  }
  attributes_.push_back(attribute);
  return {};
}

Expected<void> Checker::declare_namespace(const Attribute& attribute) {
  if (attribute.value == kSchemaInstance && attribute.name != "xmlns") {
    schema_instance_prefixes_.insert(attribute.name.substr(6));
    return {};
  }
  if (attribute.name == "xmlns" && attribute.value.empty()) return {};
  return error(fmt::format("foreign namespace '{}': settings have none; remove {}",
                           shortened(attribute.value), shortened(attribute.name)));
}

/// Names carry no prefix, except attributes of XMLSchema-instance and xml.
Expected<void> Checker::check_names(std::string_view element) {
  const auto special = [](const Attribute& attribute) {
    return attribute.name.starts_with("xmlns") ||
           attribute.name.find(':') != std::string_view::npos;
  };
  if (std::ranges::any_of(attributes_, special)) {
    traits_.prefixes = true;
    if (auto checked = check_prefixes(); !checked) return checked;
  }
  if (element.find(':') != std::string_view::npos) {
    return error(fmt::format("element '{}' is of a foreign namespace", shortened(element)));
  }
  return {};
}

Expected<void> Checker::check_prefixes() {
  for (const Attribute& attribute : attributes_) {
    if (attribute.name == "xmlns" || attribute.name.starts_with("xmlns:")) {
      if (auto declared = declare_namespace(attribute); !declared) return declared;
    }
  }
  for (const Attribute& attribute : attributes_) {
    const std::size_t colon = attribute.name.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view prefix = attribute.name.substr(0, colon);
    if (prefix == "xmlns" || prefix == "xml") continue;
    if (schema_instance_prefixes_.contains(prefix)) continue;
    if (prefix != "xsi") {
      return error(
          fmt::format("attribute '{}' is of a foreign namespace", shortened(attribute.name)));
    }
    warnings_.push_back(fmt::format("prefix xsi is not declared; taken as {}", kSchemaInstance));
    schema_instance_prefixes_.insert(prefix);
  }
  return {};
}

Expected<void> Checker::end_tag() {
  const std::size_t start = at_;
  at_ += 2;
  if (!open_.empty()) {  // nearly always the tag is the right one
    const std::string_view rest = text_.substr(at_);
    const std::size_t size = open_.back().size();
    if (rest.size() > size && rest[size] == '>' && rest.starts_with(open_.back())) {
      at_ += size + 1;
      open_.pop_back();
      return {};
    }
  }
  const std::string_view name = take_name();
  skip_blanks();
  if (at_ >= text_.size() || text_[at_] != '>') {
    return error_at(start,
                    fmt::format("the end tag of '{}' is not closed by '>'", shortened(name)));
  }
  if (open_.empty()) {
    return error_at(start, fmt::format("end tag '{}' without a start tag", shortened(name)));
  }
  if (open_.back() != name) {
    return error_at(start, fmt::format("end tag '{}' where '{}' is open", shortened(name),
                                       shortened(open_.back())));
  }
  ++at_;
  open_.pop_back();
  return {};
}

Expected<void> Checker::character_data() {
  if (open_.empty()) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] != '<') {
      return error(root_seen_ ? "text stands after the root element"
                              : "this is not XML: text stands before the root element");
    }
    return {};
  }
  const std::size_t end = std::min(text_.size(), text_.find('<', at_));
  if (text_.substr(at_, end - at_).find("]]>") != std::string_view::npos) {
    warn_once(kBrackets, "']]>' stands in text; it is taken as it is, better write ]]&gt;");
  }
  for (;;) {
    const std::size_t ampersand = text_.substr(at_, end - at_).find('&');
    if (ampersand == std::string_view::npos) break;
    at_ += ampersand;
    // White space that is written as a reference is no part of a value where elements are beside
    // it.
    if (at_ + 1 < end && text_[at_ + 1] == '#') traits_.pieces = true;
    if (auto read = reference(); !read) return read;
  }
  at_ = end;
  return {};
}

Expected<void> Checker::reference() {
  const std::size_t end = text_.find_first_of("; \t\r\n<\"'&", at_ + 1);
  if (end == std::string_view::npos || text_[end] != ';' || end == at_ + 1) {
    return error("'&' that begins no entity; write it as &amp;");
  }
  const std::string_view body = text_.substr(at_ + 1, end - at_ - 1);
  if (body[0] == '#') {
    if (auto read = character_reference(body.substr(1)); !read) return read;
  } else if (body != "amp" && body != "lt" && body != "gt" && body != "quot" && body != "apos") {
    return error(fmt::format("unknown entity '&{};': only amp, lt, gt, quot and apos are known",
                             shortened(body)));
  }
  at_ = end + 1;
  return {};
}

Expected<void> Checker::character_reference(std::string_view body) {
  const bool hexadecimal = body.starts_with('x');
  if (hexadecimal) body.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, failure] =
      std::from_chars(body.data(), body.data() + body.size(), code, hexadecimal ? 16 : 10);
  const bool number = failure == std::errc() && end == body.data() + body.size();
  const bool allowed = code == '\t' || code == '\n' || code == '\r' ||
                       (code >= 0x20 && code < 0xd800) || (code >= 0xe000 && code <= 0xfffd) ||
                       (code >= 0x10000 && code <= 0x10ffff);
  if (!number || !allowed) {
    return error(fmt::format("'&#{}{};' is no character that XML allows", hexadecimal ? "x" : "",
                             shortened(body)));
  }
  return {};
}

}  // namespace

Expected<TextTraits> check_well_formed(std::string_view text, std::vector<std::string>& warnings) {
  Checker checker(text, warnings);
  if (auto checked = checker.run(); !checked) return std::unexpected(std::move(checked.error()));
  return checker.traits();
}

}  // namespace provlab::settings
