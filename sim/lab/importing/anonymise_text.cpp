#include <algorithm>
#include <array>

#include "core/platform/text.hpp"
#include "sim/lab/contents/http_text.hpp"
#include "sim/lab/importing/anonymise.hpp"
#include "sim/lab/importing/anonymise_words.hpp"
#include "sim/lab/importing/text_codings.hpp"

namespace provlab::lab {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

/// `user:password@host:port`.
std::string authority_replaced(std::string_view authority, StandIns& stand_ins) {
  std::string out;
  const std::size_t at = authority.rfind('@');
  if (at != authority.npos) {
    out = words_replaced(authority.substr(0, at), stand_ins) + "@";
    authority.remove_prefix(at + 1);
  }
  const std::size_t colon = authority.find(':');
  const std::string_view host = authority.substr(0, colon);
  const bool plain = std::ranges::all_of(host, [](char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 || c == '.' ||
           c == '-' || c == '_';
  });
  out += plain ? stand_ins.name(host) : words_replaced(host, stand_ins);
  if (colon == authority.npos) return out;
  const std::string_view port = authority.substr(colon + 1);
  out += ":" + (is_number(port) ? std::string(port) : words_replaced(port, stand_ins));
  return out;
}

/// An element, and what its name says of its values.
struct Element {
  std::string name;
  bool says_nothing = false;     ///< of a customer, whatever its values are
  bool is_private = false;       ///< where they are a number or a common word, too
  bool private_numbers = false;  ///< which may be somebody's, however short they are
};

bool is_public_element(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kPublic{
      "timezone",  "language",   "time",      "timeFormat",  "dateFormat",
      "volume",    "brightness", "dimAfter",  "screenSaver", "dtmfMethod",
      "transport", "role",       "startDate", "startDelay"};
  return std::ranges::find(kPublic, name) != kPublic.end();
}

bool is_private_element(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kSecret{
      "password",    "username", "user",      "target", "displayname",
      "displayName", "domain",   "registrar", "proxy",  "authenticationName",
      "hostName",    "host",     "pin",       "code",   "parameter",
      "parameters"};
  return std::ranges::find(kSecret, name) != kSecret.end();
}

bool has_private_numbers(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kParts{
      "number", "extension", "account", "serial", "mailbox", "phone", "name", "pass"};
  const std::string small = lower(name);
  return small == "id" || small == "pin" || name.ends_with("Id") || name.ends_with("Pin") ||
         std::ranges::any_of(kParts,
                             [&](std::string_view part) { return small.find(part) != small.npos; });
}

Element element_named(std::string_view name) {
  return {.name = std::string(name),
          .says_nothing = is_public_element(name),
          .is_private = is_private_element(name),
          .private_numbers = has_private_numbers(name)};
}

std::string secret_replaced(std::string_view text, StandIns& stand_ins) {
  return words_replaced(text, stand_ins, WordsKept::none);
}

std::string value_replaced(const Element& element, std::string_view value, StandIns& stand_ins) {
  const std::string_view bare = trimmed(value);
  if (bare.empty() || element.says_nothing) return std::string(value);
  const std::size_t begin = static_cast<std::size_t>(bare.data() - value.data());
  std::string inside;
  if (bare.find("://") != bare.npos || element.name == "url") {
    inside = anonymised_url(bare, stand_ins);
  } else if (const auto address = Ipv4Address::read(bare)) {
    inside = stand_ins.address(*address).to_string();
  } else if (element.is_private) {
    const bool host = bare.find('.') != bare.npos && bare.find(' ') == bare.npos &&
                      bare.find('@') == bare.npos && !is_number(bare);
    inside = bare == "true" || bare == "false" ? std::string(bare)
             : host                            ? authority_replaced(bare, stand_ins)
                                               : secret_replaced(bare, stand_ins);
  } else if (is_number(bare) && element.private_numbers) {
    inside = secret_replaced(bare, stand_ins);
  } else if (stand_ins.is_common(bare) || (is_number(bare) && bare.size() <= 5)) {
    inside = bare;
  } else if (bare.find('.') != bare.npos && bare.find_first_of(" /,") == bare.npos) {
    inside = authority_replaced(bare, stand_ins);
  } else {
    inside = words_replaced(bare, stand_ins);
  }
  return std::string(value.substr(0, begin)) + inside +
         std::string(value.substr(begin + bare.size()));
}

/// Of `text`, which ends where the value of an attribute begins.
bool ends_with_public_attribute(std::string_view text) {
  text = trimmed(text);
  if (!text.ends_with('=')) return false;
  text = trimmed(text.substr(0, text.size() - 1));
  const std::size_t begin = text.find_last_of(" \t\r\n");
  if (begin != text.npos) text.remove_prefix(begin + 1);
  return text == "version" || text == "xmlns" || text.starts_with("xmlns:");
}

/// What stands outside of quotation marks: names stay, and values that should be in some do not.
std::string bare_values_replaced(std::string_view text, StandIns& stand_ins) {
  std::string out;
  while (!text.empty()) {
    const std::size_t begin = text.find_first_not_of("= \t\r\n", text.find('='));
    const std::string_view before = text.substr(0, begin);
    text.remove_prefix(before.size());
    const std::string_view value = text.substr(0, text.find_first_of(" \t\r\n>"));
    text.remove_prefix(value.size());
    out += before;
    out +=
        ends_with_public_attribute(before) ? std::string(value) : words_replaced(value, stand_ins);
  }
  return out;
}

/// Values of attributes; a version and the names of namespaces say nothing.
std::string tag_replaced(std::string_view tag, StandIns& stand_ins) {
  if (tag.starts_with("<!--")) return "<!--" + words_replaced(tag.substr(4), stand_ins);
  if (tag.starts_with("<?xml ")) return std::string(tag);
  if (tag.starts_with("<?")) return words_replaced(tag, stand_ins);
  std::string out;
  for (std::size_t at = 0; at < tag.size();) {
    const std::size_t open = tag.find_first_of("\"'", at);
    if (open == tag.npos) {
      out += bare_values_replaced(tag.substr(at), stand_ins);
      break;
    }
    const std::size_t close = tag.find(tag[open], open + 1);
    const std::string_view before = tag.substr(at, open - at);
    out += bare_values_replaced(before, stand_ins);
    out += tag[open];
    if (close == tag.npos) {
      out += words_replaced(tag.substr(open + 1), stand_ins);
      break;
    }
    const std::string_view value = tag.substr(open + 1, close - open - 1);
    out +=
        ends_with_public_attribute(before) ? std::string(value) : words_replaced(value, stand_ins);
    out += tag[close];
    at = close + 1;
  }
  return out;
}

/// Whether a text without a scheme begins with a host, as in option 66, and not with a file or a
/// folder; `first`: up to the `mark` that ends it, which is NUL where nothing follows.
bool begins_with_host(std::string_view first, char mark, const StandIns& stand_ins) {
  static constexpr std::array<std::string_view, 12> kFiles{".xml", ".py",  ".php",  ".cfg",
                                                           ".txt", ".cgi", ".asp",  ".json",
                                                           ".pl",  ".htm", ".html", ".conf"};
  if (mark == '?' || first.find_first_not_of('.') == first.npos) return false;
  if (first.find('.') == first.npos) {
    return stand_ins.replaced(Private::name).contains(lower(first));
  }
  return mark == '/' || std::ranges::none_of(kFiles, [&](std::string_view ending) {
           return first.ends_with(ending);
         });
}

/// What stands where a text has ended already: NULs, line ends, and octets of no UTF-8.
std::size_t end_of_text(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) < 0x20 ||
                           static_cast<unsigned char>(text.back()) >= 0xfe)) {
    text.remove_suffix(1);
  }
  return text.size();
}

}  // namespace

std::string anonymised_url(std::string_view url, StandIns& stand_ins) {
  const std::string_view behind = url.substr(end_of_text(url));
  url.remove_suffix(behind.size());
  // Without a scheme it is that of the document in which the URL stands (RFC 3986 4.2).
  const std::size_t scheme = url.starts_with("//") ? 0 : url.find("://");
  const bool whole = scheme != url.npos;
  static constexpr std::array<std::string_view, 6> kSchemes{"http", "https", "ftp",
                                                            "tftp", "sip",   "sips"};
  bool host =
      whole && std::ranges::find(kSchemes, lower(trimmed(url.substr(0, scheme)))) != kSchemes.end();
  const std::size_t begin = host || scheme == 0 ? url.find("//") + 2 : 0;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  if (!whole || scheme == 0) {
    host = begins_with_host(url.substr(begin, end - begin), end < url.size() ? url[end] : '\0',
                            stand_ins);
  }
  std::string out(url.substr(0, begin));
  if (host) out += authority_replaced(url.substr(begin, end - begin), stand_ins);
  out += words_replaced(url.substr(host ? end : begin), stand_ins);
  return out.append(behind);
}

namespace {

std::string utf8_replaced(std::string_view document, StandIns& stand_ins) {
  std::string out;
  Element element;
  for (std::size_t at = 0; at < document.size();) {
    if (document[at] != '<') {
      const std::size_t end = std::min(document.find('<', at), document.size());
      out += value_replaced(element, document.substr(at, end - at), stand_ins);
      at = end;
      continue;
    }
    const bool comment = document.substr(at).starts_with("<!--");
    const bool data = document.substr(at).starts_with("<![CDATA[");
    const std::string_view mark = comment ? "-->" : data ? "]]>" : ">";
    const std::size_t found = document.find(mark, at);
    const std::size_t end = found == document.npos ? document.size() : found + mark.size();
    const std::string_view tag = document.substr(at, end - at);
    if (data) {
      constexpr std::size_t kOpening = 9;
      const std::size_t closing = found == document.npos ? 0 : mark.size();
      out += tag.substr(0, kOpening);
      out +=
          value_replaced(element, tag.substr(kOpening, tag.size() - kOpening - closing), stand_ins);
      out += tag.substr(tag.size() - closing);
    } else {
      out += tag_replaced(tag, stand_ins);
    }
    if (!comment && !data && tag.size() > 1 && is_letter(tag[1])) {
      element = element_named(tag.substr(1, tag.find_first_of(" \t\r\n/>", 1) - 1));
    }
    at = end;
  }
  return out;
}

}  // namespace

std::string anonymised_document(std::string_view document, StandIns& stand_ins) {
  const auto order = order_of_document(document);
  if (!order) return utf8_replaced(document, stand_ins);
  // Text of single octets, taken for pairs, would hide in characters of other scripts: where there
  // are such, it is read in both ways.
  constexpr unsigned char kThreeOctets = 0xe0;
  const std::string text = as_utf8(document);
  const bool pairs = document.size() % 2 == 0 && std::ranges::none_of(text, [](char c) {
                       return static_cast<unsigned char>(c) >= kThreeOctets;
                     });
  if (!pairs && document.size() % 2 != 0) return utf8_replaced(document, stand_ins);
  const bool marked = document[0] != '<' && document[0] != '\0';
  return as_utf16(
      utf8_replaced(pairs ? text : as_utf8(utf8_replaced(document, stand_ins)), stand_ins), *order,
      marked);
}

}  // namespace provlab::lab
