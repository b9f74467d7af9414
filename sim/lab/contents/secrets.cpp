#include "sim/lab/contents/secrets.hpp"

#include <algorithm>
#include <array>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"
#include "core/platform/text_buffer.hpp"
#include "core/platform/user_info.hpp"
#include "sim/lab/contents/secret_places.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kHidden = "***";
constexpr std::size_t kMostValues = 500;
constexpr std::size_t kLeast = 4;  ///< octets of a value that is looked for everywhere

/// Passwords that the factory has set, and words that mean something else wherever they stand.
constexpr std::array<std::string_view, 5> kNoSecrets{"admin", "user", "true", "false", "password"};

bool is_of_word(char c) {
  return is_letter(c) || is_digit(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// XML's own entities undone.
std::string unescaped(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto* const found = std::ranges::find_if(
        kEntities, [&](const auto& each) { return text.substr(i).starts_with(each.first); });
    if (found == kEntities.end()) {
      out += text[i++];
    } else {
      out += found->second;
      i += found->first.size();
    }
  }
  return out;
}

/// What a password element holds, without the CDATA around it.
std::string_view bare(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with("<![CDATA[")) return text;
  text.remove_prefix(9);
  return text.substr(0, text.find("]]>"));
}

/// The hidden text stands for lines as many as there were.
std::string mask_of(std::string_view secret) {
  if (trimmed(secret).empty()) return std::string(secret);
  const auto lines = static_cast<std::size_t>(std::ranges::count(secret, '\n'));
  return std::string(kHidden) + std::string(lines, '\n');
}

/// The password of each `user:password@` in a text; what hide_user_info() hides by stranger forms
/// is learnt as little as its user.
void learn_of_urls(std::string_view text, Secrets& secrets) {
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    constexpr std::size_t kLongest = 256;
    std::size_t begin = at;
    while (begin > 0 && at - begin < kLongest &&
           std::string_view(" \t\r\n\"'<>/@,;()=").find(text[begin - 1]) == text.npos) {
      --begin;
    }
    const std::string_view info = text.substr(begin, at - begin);
    const std::size_t colon = info.find(':');
    if (colon == info.npos || info.starts_with("sip:") || info.starts_with("mailto:")) continue;
    secrets.learn_value(std::string(info.substr(colon + 1)));
    secrets.learn_value(percent_decoded(info.substr(colon + 1)));
  }
}

}  // namespace

bool names_password(std::string_view path) {
  while (path.ends_with(']')) {
    const std::size_t open = path.rfind('[');
    if (open == path.npos) break;
    path = path.substr(0, open);
  }
  if (path.ends_with("/text()")) path.remove_suffix(7);
  while (path.ends_with('/')) path.remove_suffix(1);
  while (path.ends_with(']')) {
    const std::size_t open = path.rfind('[');
    if (open == path.npos) break;
    path = path.substr(0, open);
  }
  const std::size_t step = path.find_last_of("/:@");
  return same_ignoring_case(step == path.npos ? path : path.substr(step + 1), "password");
}

bool may_hold_secrets(std::string_view text) {
  // Of every text that is told: one look at each octet.
  const auto goes_on = [&](std::size_t at, std::string_view word) {
    return text.size() - at >= word.size() &&
           same_ignoring_case(text.substr(at, word.size()), word);
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '@':
      case '%':  // may be %40
        return true;
      case 'P':
      case 'p':
        if (goes_on(at, "password")) return true;
        break;
      case 'A':
      case 'a':
        if (goes_on(at, "authorization:")) return true;
        break;
      case 'C':
      case 'c':
        if (goes_on(at, "cookie:")) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

void Secrets::learn_value(std::string value) {
  if (value.size() < kLeast || std::ranges::find(kNoSecrets, value) != kNoSecrets.end()) return;
  if (value.find(kHidden) != value.npos || values_.size() == kMostValues) return;
  values_.insert(std::move(value));
}

void Secrets::learn(std::string_view text) {
  if (shown() || !may_hold_secrets(text)) return;
  for (const SecretPlace& place : secret_places(text)) {
    const std::string_view value = bare(text.substr(place.begin, place.end - place.begin));
    // A whole document that was never closed, or was cut, is no word.
    if (value.find('\n') != value.npos) continue;
    learn_value(std::string(value));
    learn_value(unescaped(value));
  }
  learn_of_urls(text, *this);
}

std::string Secrets::hide_values(std::string text) const {
  for (const std::string& value : values_) {
    for (std::size_t at = text.find(value); at != text.npos;) {
      const std::size_t end = at + value.size();
      const bool begins = at == 0 || !is_of_word(text[at - 1]) || !is_of_word(value.front());
      const bool ends = end == text.size() || !is_of_word(text[end]) || !is_of_word(value.back());
      if (begins && ends) {
        text.replace(at, value.size(), kHidden);
        at = text.find(value, at + kHidden.size());
      } else {
        at = text.find(value, at + 1);
      }
    }
  }
  return text;
}

std::string Secrets::hide(std::string_view text) const {
  if (shown()) return std::string(text);
  if (!may_hold_secrets(text)) return hide_values(std::string(text));
  std::string hidden;
  std::size_t told = 0;
  for (const SecretPlace& place : secret_places(text)) {
    hidden += text.substr(told, place.begin - told);
    hidden += mask_of(text.substr(place.begin, place.end - place.begin));
    told = place.end;
  }
  hidden += text.substr(told);
  return hide_values(hide_user_info(hidden));
}

std::string Secrets::hide_value(std::string_view path, std::string_view value) const {
  if (shown()) return std::string(value);
  const bool none = value.empty() || (value.starts_with('(') && value.ends_with(')'));
  if (names_password(path) && !none) return std::string(kHidden);
  return hide(value);
}

void Secrets::hide(LoggedEvent& event) const {
  if (shown()) return;
  const bool of_password = names_password(event.field("path"));
  static constexpr std::array<std::string_view, 3> kValues{"value", "from", "to"};
  for (LoggedField& field : event.fields) {
    if (!field.text) continue;
    const bool value = std::ranges::find(kValues, field.name) != kValues.end();
    field.value = of_password && value ? hide_value("password", field.value) : hide(field.value);
  }
}

std::string Secrets::hide_trace(std::string_view json_lines) const {
  const bool suspicious = !shown() && (may_hold_secrets(json_lines) ||
                                       std::ranges::any_of(values_, [&](const std::string& value) {
                                         return json_lines.find(value) != json_lines.npos ||
                                                value.find_first_of("\"\\") != value.npos;
                                       }));
  if (!suspicious) return std::string(json_lines);
  TextBuffer hidden;
  while (!json_lines.empty()) {
    const std::size_t end = std::min(json_lines.find('\n'), json_lines.size());
    auto event = read_event(json_lines.substr(0, end));
    if (!event) return {};  // it is ours: it can be read
    hide(*event);
    write_event(*event, hidden);
    json_lines.remove_prefix(std::min(end + 1, json_lines.size()));
  }
  return std::string(hidden.view());
}

}  // namespace provlab::lab
