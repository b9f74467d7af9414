#include "core/platform/user_info.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::string_view kEndsOfAuthority = "/?#";
constexpr std::string_view kEndsOfRun = "/?# \t\r\n";
constexpr std::string_view kEncodedAt = "%40";
constexpr std::string_view kCut = "…";  // what shortened() and printable() leave

bool is_of_scheme(char c) {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

/// Whether the text before a colon ends with a scheme that needs no slashes to be one.
bool ends_with_http(std::string_view text) {
  const auto ends = [&](std::string_view scheme) {
    return text.size() >= scheme.size() &&
           same_ignoring_case(text.substr(text.size() - scheme.size()), scheme);
  };
  return ends("http") || ends("https");
}

/// Where the authority of the URL begins whose scheme ends at `colon`; kNone where there is none.
std::size_t authority_behind(std::string_view text, std::size_t colon) {
  if (colon == 0 || !is_of_scheme(text[colon - 1])) return kNone;
  const std::size_t begin = std::min(text.find_first_not_of("/\\", colon + 1), text.size());
  const std::size_t slashes = begin - colon - 1;
  return slashes >= 2 || ends_with_http(text.substr(0, colon)) ? begin : kNone;
}

/// The next authority behind `from`, and the colon of its scheme.
struct Authority {
  std::size_t colon = kNone;
  std::size_t begin = kNone;
};
Authority next_authority(std::string_view text, std::size_t from) {
  for (std::size_t colon = text.find(':', from); colon != kNone;
       colon = text.find(':', colon + 1)) {
    if (const std::size_t begin = authority_behind(text, colon); begin != kNone) {
      return {colon, begin};
    }
  }
  return {};
}

/// Whether a host and port cannot be any, so that a password may stand there.
bool is_suspicious(std::string_view authority) {
  if (authority.starts_with('[')) return false;
  if (authority.find(kEncodedAt) != kNone) return true;
  const std::size_t colon = authority.find(':');
  return colon != kNone && !std::ranges::all_of(authority.substr(colon + 1), is_digit);
}

/// The end of the last `@`, encoded or not, or of a text that was cut; 0 where there is none.
std::size_t end_of_user_info(std::string_view text) {
  const auto end = [&](std::string_view mark) {
    const std::size_t at = text.rfind(mark);
    return at == kNone ? 0 : at + mark.size();
  };
  return std::max({end("@"), end(kEncodedAt), end(kCut)});
}

class Hiding {
 public:
  explicit Hiding(std::string_view text) : text_(text) { hidden_.reserve(text.size()); }

  /// Hides what is before the `@` that ends before `end`, which is counted from `begin`.
  void hide(std::size_t begin, std::size_t end) {
    hidden_ += text_.substr(told_, begin - told_);
    hidden_ += "***@";
    told_ = begin + end;
  }

  /// Goes over the URLs behind `from`. Each octet is looked at a few times at most: what one URL's
  /// authority may be is not looked at again as another's.
  void search(std::size_t from) {
    Authority next = next_authority(text_, from);
    while (next.begin != kNone) {
      const std::size_t begin = next.begin;
      const std::size_t run_end = std::min(text_.find_first_of(kEndsOfRun, begin), text_.size());
      // Its last octet may be the colon of another scheme, whose slashes end it.
      next = next_authority(text_, std::max(begin, run_end - 1));
      const std::string_view run = text_.substr(begin, run_end - begin);
      const std::size_t end = end_in(run, begin, next.colon);
      if (end == 0) continue;
      hide(begin, end);
      if (next.begin != kNone && next.colon < told_) next = next_authority(text_, told_);
    }
  }

  std::string take() {
    hidden_ += text_.substr(told_);
    return std::move(hidden_);
  }

 private:
  /// How many octets of user and password, with their `@`, begin with `run`, which begins at
  /// `begin`. `next_colon` is that of the next URL.
  std::size_t end_in(std::string_view run, std::size_t begin, std::size_t next_colon) {
    if (const std::size_t at = run.rfind('@'); at != kNone) return at + 1;
    std::string_view authority = run.substr(0, run.find_first_of("'\"<>(),;"));
    if (authority.ends_with(':')) authority.remove_suffix(1);  // of a sentence
    if (!is_suspicious(authority)) return 0;
    if (const std::size_t end = end_of_user_info(run); end != 0) return end;
    if (begin >= word_end_) {
      word_end_ = std::min(text_.find_first_of(kWhiteSpace, begin), text_.size());
      word_info_end_ = begin + end_of_user_info(text_.substr(begin, word_end_ - begin));
    }
    if (word_info_end_ > begin) return word_info_end_ - begin;
    return end_of_user_info(text_.substr(begin, std::min(next_colon, text_.size()) - begin));
  }

  std::string_view text_;
  std::string hidden_;
  std::size_t told_ = 0;           ///< the octets of text_ that hidden_ tells
  std::size_t word_end_ = 0;       ///< of the word last looked at
  std::size_t word_info_end_ = 0;  ///< behind its last `@`; its beginning where it has none
};

/// Where the authority of a whole URL or reference begins; kNone where it is a path.
std::size_t authority_of_url(std::string_view url) {
  const std::size_t begin = url.find_first_not_of(kWhiteSpace);
  if (begin == kNone) return kNone;
  const std::size_t colon = url.find_first_of(":/?#@", begin);
  if (colon != kNone && url[colon] == ':') {
    if (const std::size_t found = authority_behind(url, colon); found != kNone) return found;
  }
  const std::size_t slashes = std::min(url.find_first_not_of("/\\", begin), url.size()) - begin;
  return slashes == 1 ? kNone : begin + slashes;
}

/// Whether a mark is there whose first octet hardly ever is.
bool holds(std::string_view text, std::string_view mark) {
  const std::size_t first = text.find(mark.front());
  return first != kNone && text.find(mark, first) != kNone;
}

}  // namespace

bool may_have_user_info(std::string_view text) {
  // Of all texts that are recorded; forwards, since rfind() compares octet for octet.
  return text.find(':') != kNone &&
         (text.find('@') != kNone || holds(text, kEncodedAt) || holds(text, kCut));
}

std::string hide_user_info(std::string_view text) {
  if (!may_have_user_info(text)) return std::string(text);
  Hiding hiding(text);
  hiding.search(0);
  return hiding.take();
}

std::string shown_url(std::string_view url) {
  Hiding hiding(url);
  std::size_t from = 0;
  if (const std::size_t begin = authority_of_url(url); begin != kNone) {
    const std::string_view rest = url.substr(begin);
    const std::string_view run = rest.substr(0, rest.find_first_of(kEndsOfAuthority));
    std::size_t end = 0;
    if (const std::size_t at = run.rfind('@'); at != kNone) {
      end = at + 1;
    } else if (is_suspicious(run)) {
      end = end_of_user_info(run);
      if (end == 0) end = end_of_user_info(rest);
    }
    if (end != 0) hiding.hide(begin, end);
    from = begin + std::max<std::size_t>(end, run.size());
  }
  hiding.search(from);
  return hiding.take();
}

bool has_user_info(std::string_view url) {
  return shown_url(url) != url;
}

}  // namespace provlab
