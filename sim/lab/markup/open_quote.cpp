#include "sim/lab/markup/open_quote.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// Whether a value that ends at the next quote in the text, before `behind`, has run past its own
/// line or into the next attribute: then that quote is the opening one of another.
bool has_run_on(std::string_view value, std::string_view behind) {
  const bool has_tag = value.find('<') != std::string_view::npos;
  if (has_tag && value.find('\n') != std::string_view::npos) return true;
  const bool ends_well = behind.empty() || is_one_of(behind[0], " \t\r\n/>?");
  return !ends_well && (trimmed(value).ends_with('=') || value.find('>') != std::string_view::npos);
}

class TagWalker {
 public:
  explicit TagWalker(std::string_view text) : text_(text) {}

  std::optional<OpenQuote> find() {
    while (go_past("<")) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("!--")) {
        go_past("-->");
      } else if (rest.starts_with("![CDATA[")) {
        go_past("]]>");
      } else if (rest.starts_with("?")) {
        go_past("?>");
      } else if (rest.starts_with("!") || rest.starts_with("/")) {
        go_past(">");
      } else if (auto found = in_tag(); found || lost_) {
        return found;
      }
    }
    return std::nullopt;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char front() const { return text_[at_]; }
  bool go_past(std::string_view what) {
    const std::size_t found = text_.find(what, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + what.size();
    return found != std::string_view::npos;
  }
  std::string_view take_until(std::string_view set) {
    const std::size_t begin = at_;
    at_ = std::min(text_.find_first_of(set, at_), text_.size());
    return text_.substr(begin, at_ - begin);
  }
  void skip_blanks() {
    while (!at_end() && is_one_of(front(), kWhiteSpace)) ++at_;
  }

  /// Behind its '<'. What is no tag for another reason than a quote ends the search.
  std::optional<OpenQuote> in_tag() {
    take_until(" \t\r\n/><");
    for (;;) {
      skip_blanks();
      if (at_end() || front() == '>') return std::nullopt;
      if (front() == '/') {
        ++at_;
        continue;
      }
      const std::size_t begin = at_;
      const std::string_view name = take_until(" \t\r\n=/><\"'");
      skip_blanks();
      if (name.empty() || at_end() || front() != '=') return lose();
      ++at_;
      skip_blanks();
      if (at_end() || !is_one_of(front(), "\"'")) return lose();
      const char quote = front();
      const std::size_t end = text_.find(quote, ++at_);
      const bool closed = end != std::string_view::npos;
      if (!closed || has_run_on(text_.substr(at_, end - at_), text_.substr(end + 1))) {
        const auto before = text_.substr(0, begin);
        return OpenQuote{static_cast<int>(std::ranges::count(before, '\n')) + 1, std::string(name)};
      }
      at_ = end + 1;
    }
  }
  std::optional<OpenQuote> lose() {
    lost_ = true;
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool lost_ = false;
};

}  // namespace

std::optional<OpenQuote> find_open_quote(std::string_view text) {
  return TagWalker(text).find();
}

}  // namespace provlab::lab
