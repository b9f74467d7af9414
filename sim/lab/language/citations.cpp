#include "sim/lab/language/citations.hpp"

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/language/specification.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kCall = "SPEC";
constexpr std::string_view kDash = "–";

/// Reads what follows a `SPEC`.
class CitationReader {
 public:
  CitationReader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  /// The number that stands here: `2`, `2.10`, `9.dhcp-nak`, `I7`; empty where there is none.
  std::string number() {
    const std::size_t begin = at_;
    if (here() == 'I') ++at_;
    const std::size_t digits = at_;
    while (is_digit(here())) ++at_;
    if (at_ == digits || is_letter(here())) {
      at_ = begin;
      return {};
    }
    if (here() == '.' && text_[begin] != 'I') {
      const bool is_rule = is_digit(peek());
      const bool is_fault = is_letter(peek()) && text_.substr(begin, at_ - begin) == "9";
      if (is_rule) ++at_;
      while (is_rule && is_digit(here())) ++at_;
      if (is_fault) ++at_;
      while (is_fault && (is_letter(here()) || is_digit(here()) || hyphen())) ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  /// A blank, or the end of a line with what begins the next one in a comment.
  bool take_blank() {
    const std::size_t begin = at_;
    while (std::string_view(" \n/#*").contains(here())) ++at_;
    return at_ > begin;
  }

  std::size_t at() const { return at_; }
  void back_to(std::size_t at) { at_ = at; }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char peek() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }
  bool hyphen() const { return here() == '-' && (is_letter(peek()) || is_digit(peek())); }

  std::string_view text_;
  std::size_t at_;
};

std::ptrdiff_t place_of(std::string_view number, const Specification& specification) {
  const SpecRule* rule = specification.find(number);
  return rule ? rule - specification.rules.data() : -1;
}

}  // namespace

std::vector<Citation> citations_in(std::string_view text) {
  std::vector<Citation> citations;
  unsigned line = 1;
  std::size_t counted = 0;
  for (std::size_t at = text.find(kCall); at != text.npos; at = text.find(kCall, at)) {
    CitationReader reader(text, at + kCall.size());
    at = reader.at();
    if (!reader.take_blank()) continue;
    for (;;) {
      const std::size_t begin = reader.at();
      const std::string first = reader.number();
      if (first.empty()) break;
      line +=
          static_cast<unsigned>(std::ranges::count(text.substr(counted, begin - counted), '\n'));
      counted = begin;
      at = reader.at();
      std::string last = reader.take(kDash) ? reader.number() : std::string();
      if (last.empty()) {
        last = first;
      } else {
        at = reader.at();
      }
      citations.push_back({first, std::move(last), line});
      reader.back_to(at);
      if (!reader.take(",") && !reader.take(" and")) break;
      if (!reader.take_blank()) break;
    }
  }
  return citations;
}

bool exists(const Citation& citation, const Specification& specification) {
  return std::ranges::all_of(std::vector{citation.first, citation.last}, [&](const auto& number) {
    return specification.find(number) ||
           std::ranges::find(specification.sections, number, &SpecSection::number) !=
               specification.sections.end();
  });
}

bool cites(const Citation& citation, std::string_view rule, const Specification& specification) {
  if (citation.first == rule || citation.last == rule) return true;
  const std::ptrdiff_t place = place_of(rule, specification);
  const std::ptrdiff_t first = place_of(citation.first, specification);
  return first >= 0 && first <= place && place <= place_of(citation.last, specification);
}

}  // namespace provlab::lab
