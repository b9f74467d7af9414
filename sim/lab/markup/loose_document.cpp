#include "sim/lab/markup/loose_document.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

bool begins_name(char c) {
  return is_letter(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_in_name(char c) {
  return begins_name(c) || is_digit(c) || c == '-' || c == '.';
}
bool is_blank(char c) {
  return kWhiteSpace.find(c) != std::string_view::npos;
}

/// The last of the spans that begins before the offset; null where none does.
const LooseDocument::Span* last_before(const std::vector<LooseDocument::Span>& spans,
                                       std::size_t offset) {
  const auto after = std::ranges::lower_bound(spans, offset, {}, &LooseDocument::Span::begin);
  return after == spans.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

class LooseDocument::Reader {
 public:
  explicit Reader(LooseDocument& document) : document_(document), text_(document.text_) {}

  void read() {
    for (at_ = text_.find('<'); at_ < text_.size(); at_ = text_.find('<', at_)) {
      if (starts("<!--")) {
        skip_opaque("-->");
      } else if (starts("<![CDATA[")) {
        skip_opaque("]]>");
      } else if (starts("<?")) {
        skip_opaque("?>");
      } else if (starts("<!")) {
        skip_opaque(">");
      } else if (starts("</")) {
        end_tag();
      } else {
        start_tag();
      }
    }
    while (!open_.empty()) close(text_.size(), false);
  }

 private:
  bool starts(std::string_view mark) const { return text_.substr(at_).starts_with(mark); }
  bool at_end() const { return at_ >= text_.size(); }
  std::size_t found_or_end(std::string_view marks, std::size_t from) const {
    return std::min(text_.find_first_of(marks, from), text_.size());
  }

  void skip_opaque(std::string_view mark) {
    const std::size_t begin = at_;
    const std::size_t end = text_.find(mark, at_ + 2);
    // One that is not closed yet ends before the next tag, so that what follows keeps its meaning.
    at_ = end == text_.npos ? found_or_end("<", at_ + 1) : end + mark.size();
    document_.opaque_.push_back({begin, at_});
  }

  Span take_name() {
    const std::size_t begin = at_;
    if (!at_end() && begins_name(text_[at_])) {
      while (!at_end() && goes_on_in_name(text_[at_])) ++at_;
    }
    return {begin, at_};
  }

  void end_tag() {
    const std::size_t begin = at_;
    at_ += 2;
    const Span name = take_name();
    const std::size_t stop = found_or_end("<>", at_);
    at_ = stop < text_.size() && text_[stop] == '>' ? stop + 1 : name.end;
    document_.end_tags_.push_back({begin, at_});
    const auto named = open_names_.find(document_.piece(name));
    if (named == open_names_.end() || named->second == 0) return;
    while (document_.name(open_.back()) != document_.piece(name)) close(begin, false);
    close(begin, true);
  }

  void close(std::size_t end, bool by_its_tag) {
    Element& element = document_.elements_[open_.back()];
    --open_names_[document_.piece(element.name)];
    open_.pop_back();
    element.content.end = end;
    element.closed = by_its_tag;
  }

  void start_tag() {
    Element element;
    element.parent = open_.empty() ? kNone : open_.back();
    element.tag.begin = at_++;
    element.name = take_name();
    const bool named = element.name.begin != element.name.end;
    bool empty = false;
    while (named && !at_end() && text_[at_] != '<') {
      if (text_[at_] == '>') {
        element.whole_tag = true;
        ++at_;
        break;
      }
      empty = text_[at_] == '/';
      if (begins_name(text_[at_])) {
        element.attributes.push_back(take_attribute());
      } else {
        ++at_;
      }
    }
    element.tag.end = at_;
    element.content = {at_, at_};
    element.holds = element.whole_tag && !empty;
    if (element.holds) {
      ++open_names_[document_.piece(element.name)];
      open_.push_back(document_.elements_.size());
    }
    document_.elements_.push_back(std::move(element));
  }

  Attribute take_attribute() {
    Attribute attribute{.name = take_name(), .value = {at_, at_}};
    std::size_t next = std::min(text_.find_first_not_of(kWhiteSpace, at_), text_.size());
    if (next == text_.size() || text_[next] != '=') return attribute;
    at_ = next + 1;
    attribute.value = {at_, at_};
    next = std::min(text_.find_first_not_of(kWhiteSpace, at_), text_.size());
    if (next == text_.size() || (text_[next] != '"' && text_[next] != '\'')) return attribute;
    attribute.has_value = true;
    const std::size_t begin = next + 1;
    const std::size_t stop = found_or_end(text_[next] == '"' ? "\"<" : "'<", begin);
    if (stop < text_.size() && text_[stop] != '<') {
      attribute.value = {begin, stop};
      at_ = stop + 1;
      return attribute;
    }
    std::size_t end = found_or_end("\n<>", begin);
    if (end > begin && end < text_.size() && text_[end] == '>' && text_[end - 1] == '/') --end;
    while (end > begin && text_[end - 1] == '\r') --end;
    attribute.value = {begin, end};
    at_ = end;
    return attribute;
  }

  LooseDocument& document_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
  std::map<std::string_view, std::size_t> open_names_;
};

LooseDocument::LooseDocument(std::string text) : text_(std::move(text)) {
  Reader(*this).read();
}

std::string LooseDocument::value(Span of_value) const {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  const std::string_view raw = piece(of_value);
  std::string value;
  for (std::size_t at = 0; at < raw.size();) {
    const auto entity = std::ranges::find_if(
        kEntities, [&](const auto& each) { return raw.substr(at).starts_with(each.first); });
    value += entity == kEntities.end() ? raw[at] : entity->second;
    at += entity == kEntities.end() ? 1 : entity->first.size();
  }
  return value;
}

const LooseDocument::Attribute* LooseDocument::attribute(std::size_t element,
                                                         std::string_view name) const {
  const auto& all = elements_[element].attributes;
  const auto found =
      std::ranges::find(all, name, [this](const Attribute& each) { return this->name(each); });
  return found == all.end() ? nullptr : &*found;
}

std::string LooseDocument::value(std::size_t element, std::string_view name) const {
  const Attribute* found = attribute(element, name);
  return found == nullptr ? std::string() : value(*found);
}

LooseDocument::Place LooseDocument::at(std::size_t offset) const {
  if (const Span* span = last_before(opaque_, offset); span != nullptr && offset < span->end) {
    return {};
  }
  const auto after = std::ranges::lower_bound(elements_, offset, {},
                                              [](const Element& each) { return each.tag.begin; });
  if (after == elements_.begin()) return {Part::content, kNone, kNone};
  auto place = static_cast<std::size_t>(after - elements_.begin()) - 1;
  const Element& last = elements_[place];
  if (offset < last.tag.end || (offset == last.tag.end && !last.whole_tag)) {
    if (offset <= last.name.end) return {Part::element_name, place, kNone};
    for (std::size_t i = 0; i < last.attributes.size(); ++i) {
      const Attribute& each = last.attributes[i];
      if (each.name.touches(offset)) return {Part::attribute_name, place, i};
      if (each.has_value && each.value.touches(offset)) return {Part::attribute_value, place, i};
    }
    if (is_blank(text_[offset - 1])) return {Part::attribute_name, place, kNone};
    return {Part::elsewhere, place, kNone};
  }
  while (place != kNone && !(elements_[place].holds && elements_[place].content.touches(offset))) {
    place = elements_[place].parent;
  }
  const Span* end_tag = last_before(end_tags_, offset);
  if (end_tag != nullptr &&
      (offset < end_tag->end || (offset == end_tag->end && text_[offset - 1] != '>'))) {
    // The element that it closes ends where the tag begins.
    const auto closes = std::ranges::find_if(elements_, [&](const Element& each) {
      return each.closed && each.content.end == end_tag->begin;
    });
    if (closes != elements_.end()) place = static_cast<std::size_t>(closes - elements_.begin());
    return {Part::end_tag, place, kNone};
  }
  return {Part::content, place, kNone};
}

}  // namespace provlab::lab
