// Each occurrence of the word `password` is looked at for what it is: the name of an element, of an
// attribute or of a field, or the end of a path. Headers are looked for by line.
#include "sim/lab/contents/secret_places.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kWord = "password";
/// A path is looked for in no longer one, so that hostile text costs time in proportion.
constexpr std::size_t kLongestTag = 4096;

bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view word, std::size_t from) {
  const auto fold = [](char c) { return lower(c); };
  const auto found =
      std::ranges::search(text.substr(std::min(from, text.size())), word, {}, fold, fold);
  return found.empty() ? std::string_view::npos
                       : static_cast<std::size_t>(found.begin() - text.begin());
}

/// Markup as it is, or escaped within other markup, once or more often.
struct Mark {
  std::string_view open;   ///< `<`
  std::string_view close;  ///< `>`
};
constexpr std::array<Mark, 3> kMarks{Mark{"<", ">"}, Mark{"&lt;", "&gt;"},
                                     Mark{"&amp;lt;", "&amp;gt;"}};

class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  std::vector<SecretPlace> find() {
    for (std::size_t at = find_ignoring_case(text_, kWord, 0); at != std::string_view::npos;
         at = find_ignoring_case(text_, kWord, std::max(at + kWord.size(), done_))) {
      if (at < done_) continue;
      look_at(at);
    }
    headers();
    return in_order();
  }

 private:
  bool has(std::size_t at, std::string_view word) const {
    return at <= text_.size() && text_.substr(at).starts_with(word);
  }
  bool ends_before(std::size_t at, std::string_view word) const {
    return text_.substr(0, at).ends_with(word);
  }
  std::size_t skip_space(std::size_t at) const {
    return std::min(text_.find_first_not_of(kWhiteSpace, at), text_.size());
  }
  void add(std::size_t begin, std::size_t end) {
    if (begin < end) places_.push_back({begin, end});
    done_ = std::max(done_, end);
  }

  void look_at(std::size_t at) {
    const std::size_t behind = at + kWord.size();
    if (behind < text_.size() && is_name_character(text_[behind]))
      return;  // passwords, passwordHash
    const bool begins = at == 0 || !is_name_character(text_[at - 1]);
    if (begins && element(at, behind)) return;
    if (field(at, behind)) return;
    if (begins) path(behind);
  }

  /// `<password>secret</password>`, `<x:Password a="b">`.
  bool element(std::size_t at, std::size_t behind) {
    std::size_t name = at;
    if (name > 0 && text_[name - 1] == ':') {
      --name;
      while (name > 0 && is_name_character(text_[name - 1])) --name;
    }
    for (const Mark& mark : kMarks) {
      if (!ends_before(name, mark.open)) continue;
      const std::size_t close = end_of_tag(behind, mark);
      if (close == std::string_view::npos) {
        add(behind, text_.size());  // cut within the tag: whatever it was
        return true;
      }
      if (text_[close - 1] == '/') return true;
      const std::size_t begin = close + mark.close.size();
      add(begin, end_of_element(begin, mark));
      return true;
    }
    return false;
  }

  /// The `>` that is in no attribute's value.
  std::size_t end_of_tag(std::size_t from, const Mark& mark,
                         std::size_t most = std::string_view::npos) const {
    char quote = 0;
    const std::size_t end = from + std::min(most, text_.size() - from);
    for (std::size_t i = from; i < end; ++i) {
      const char c = text_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (has(i, mark.close)) {
        return i;
      }
    }
    return std::string_view::npos;
  }

  std::size_t end_of_element(std::size_t from, const Mark& mark) const {
    for (std::size_t at = text_.find(mark.open, from); at != std::string_view::npos;
         at = text_.find(mark.open, at + 1)) {
      if (!has(at + mark.open.size(), "/")) continue;
      const std::size_t name = at + mark.open.size() + 1;
      const std::size_t end = std::min(text_.find_first_of(">& \t\r\n", name), text_.size());
      const std::string_view local = text_.substr(name, end - name);
      const std::size_t colon = local.rfind(':');
      if (same_ignoring_case(colon == std::string_view::npos ? local : local.substr(colon + 1),
                             kWord))
        return at;
    }
    return text_.size();
  }

  /// `password="secret"`, `password = 'secret'` of a predicate, `"password": "secret"` of JSON,
  /// `?password=secret`, `&userPassword=secret`.
  bool field(std::size_t at, std::size_t behind) {
    std::size_t next = behind;
    for (const std::string_view quote : {"\\\"", "\"", "&quot;"}) {
      if (has(next, quote)) next += quote.size();
    }
    next = skip_space(next);
    if (!has(next, "=") && !has(next, ":") && !has(next, "!=")) return false;
    const bool json = text_[next] == ':';
    if (json && next == behind) return false;  // of a sentence, or a prefix
    next = skip_space(next + (text_[next] == '!' ? 2 : 1));
    for (const std::string_view quote : {"\\\"", "\"", "'", "&quot;", "&apos;", "&#39;"}) {
      if (!has(next, quote)) continue;
      const std::size_t begin = next + quote.size();
      add(begin, std::min(text_.find(quote, begin), text_.size()));
      return true;
    }
    if (json) return false;
    const bool of_query = at == 0 ||
                          std::string_view("?&;\n").find(text_[at - 1]) != std::string_view::npos ||
                          is_letter(text_[at - 1]);
    if (!of_query) return false;
    add(next, std::min(text_.find_first_of("&;# \t\r\n\"'<>", next), text_.size()));
    return true;
  }

  /// `path="/users/user[1]/password" equals="secret"`, `<set path="…/password">secret</set>`.
  void path(std::size_t behind) {
    std::size_t end = behind;
    while (has(end, "[")) {
      const std::size_t close = text_.find(']', end);
      if (close == std::string_view::npos) return;
      end = close + 1;
    }
    if (has(end, "/text()")) end += 7;
    if (has(end, "/")) ++end;
    if (end >= text_.size() || (text_[end] != '"' && text_[end] != '\'')) return;
    const std::size_t window = behind - std::min(behind, kLongestTag);
    const std::size_t back = text_.substr(window, behind - window).rfind('<');
    if (back == std::string_view::npos) return;
    const std::size_t open = window + back;
    const std::size_t close = end_of_tag(open, kMarks.front(), kLongestTag);
    const std::size_t tag_end =
        close == std::string_view::npos ? std::min(text_.size(), open + kLongestTag) : close;
    if (tag_end < end) return;
    attributes_beside(open, tag_end);
    if (close == std::string_view::npos || text_[close - 1] == '/') return;
    const std::size_t name_end = text_.find_first_of(kWhiteSpace, open);
    const std::string closing = "</" + std::string(text_.substr(open + 1, name_end - open - 1));
    // Markup within holds its own elements.
    const std::size_t until = text_.find('<', close);
    if (until != std::string_view::npos && has(until, closing)) add(close + 1, until);
    if (has(close + 1, "<![CDATA[")) {
      add(close + 1, std::min(text_.find(closing, close), text_.size()));
    }
  }

  void attributes_beside(std::size_t open, std::size_t tag_end) {
    static constexpr std::array<std::string_view, 8> kValues{
        "value", "equals", "is", "contains", "matches", "to", "from", "text"};
    std::size_t at = open;
    while ((at = text_.find('=', at)) < tag_end) {
      std::size_t name = at;
      while (name > open && is_name_character(text_[name - 1])) --name;
      const std::string_view attribute = text_.substr(name, at - name);
      const std::size_t quote = skip_space(at + 1);
      if (quote >= tag_end) return;
      const std::size_t end = text_.find(text_[quote], quote + 1);
      if (end == std::string_view::npos) return;
      if (std::ranges::find(kValues, attribute) != kValues.end()) add(quote + 1, end);
      at = end;
    }
  }

  /// `Authorization: Basic secret`, with what lines that begin with a blank add to it.
  void headers() {
    static constexpr std::array<std::string_view, 4> kNames{
        "authorization:", "proxy-authorization:", "cookie:", "set-cookie:"};
    std::size_t line = 0;
    while (line < text_.size()) {
      std::size_t end = std::min(text_.find('\n', line), text_.size());
      const std::string_view rest = trimmed(text_.substr(line, end - line));
      const std::size_t blanks = static_cast<std::size_t>(rest.data() - text_.data());
      const auto* const known = std::ranges::find_if(kNames, [&](std::string_view name) {
        return rest.size() >= name.size() && same_ignoring_case(rest.substr(0, name.size()), name);
      });
      if (known != kNames.end()) {
        while (end + 1 < text_.size() && (text_[end + 1] == ' ' || text_[end + 1] == '\t') &&
               blanks == line) {
          end = std::min(text_.find('\n', end + 1), text_.size());
        }
        header(blanks + known->size(), end, known->ends_with("authorization:"));
      }
      line = end + 1;
    }
  }
  void header(std::size_t from, std::size_t end, bool has_scheme) {
    std::size_t begin = skip_space(from);
    if (has_scheme) {
      const std::size_t blank = text_.find(' ', begin);
      if (blank < end) begin = blank + 1;
    }
    while (end > begin && (text_[end - 1] == '\r' || text_[end - 1] == '\n')) --end;
    add(begin, end);
  }

  std::vector<SecretPlace> in_order() {
    std::ranges::sort(places_, {}, &SecretPlace::begin);
    std::vector<SecretPlace> kept;
    for (const SecretPlace& place : places_) {
      if (!kept.empty() && place.begin < kept.back().end) {
        kept.back().end = std::max(kept.back().end, place.end);
      } else {
        kept.push_back(place);
      }
    }
    return kept;
  }

  std::string_view text_;
  std::vector<SecretPlace> places_;
  std::size_t done_ = 0;
};

}  // namespace

std::vector<SecretPlace> secret_places(std::string_view text) {
  return Places(text).find();
}

}  // namespace provlab::lab
