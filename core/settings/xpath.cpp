#include "core/settings/xpath.hpp"

#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

constexpr std::string_view kRoot = "configuration";

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// Whether a slash at `at` begins a path instead of continuing one.
bool begins_path(std::string_view xpath, std::size_t at) {
  while (at > 0 && is_blank(xpath.substr(at - 1, 1))) --at;
  if (at == 0) return true;
  const char before = xpath[at - 1];
  return !is_name_character(before) && before != '/' && before != ']' && before != ')' &&
         before != '*';
}

/// Whether the step at `at` is `configuration` as a whole.
bool root_step_at(std::string_view xpath, std::size_t at) {
  if (!xpath.substr(at).starts_with(kRoot)) return false;
  const std::size_t end = at + kRoot.size();
  return end == xpath.size() ||
         (!is_name_character(xpath[end]) && xpath[end] != ':' && xpath[end] != '(');
}

}  // namespace

std::string paths_from_section(std::string_view xpath) {
  xpath = trimmed(xpath);
  while (xpath.size() > 1 && xpath.back() == '/') xpath.remove_suffix(1);
  if (root_step_at(xpath, 0)) xpath.remove_prefix(kRoot.size());
  if (xpath.empty()) return "/";
  std::string out;
  out.reserve(xpath.size());
  char quote = '\0';
  for (std::size_t at = 0; at < xpath.size(); ++at) {
    const char c = xpath[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '/' && begins_path(xpath, at) && root_step_at(xpath, at + 1)) {
      at += kRoot.size();
      // /configuration alone stays a path: the root of everything.
      if (at + 1 >= xpath.size() || xpath[at + 1] != '/') out += '/';
      continue;
    }
    out += c;
  }
  return out;
}

std::string_view only_section(std::string_view xpath) {
  if (xpath.starts_with('/')) xpath.remove_prefix(1);
  const std::size_t end = xpath.find_first_of("/[");
  const std::string_view first = xpath.substr(0, end);
  if (first.empty()) return {};
  for (const char c : first) {
    if (!is_name_character(c) || c == '.') return {};
  }
  const std::string_view rest = end == std::string_view::npos ? "" : xpath.substr(end);
  unsigned brackets = 0;
  char quote = '\0';
  for (std::size_t at = 0; at < rest.size(); ++at) {
    const char c = rest[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
      continue;
    }
    switch (c) {
      case '"':
      case '\'':
        quote = c;
        break;
      case '[':
        ++brackets;
        break;
      case ']':
        --brackets;
        break;
      case '/':
        if (brackets > 0 && begins_path(rest, at)) return {};
        break;
      case '.':
        if (rest.substr(at).starts_with("..")) return {};
        break;
      case ':':
        if (rest.substr(at).starts_with("::")) return {};
        break;
      case '*':
        if (brackets == 0 && rest[at - 1] != '/' && rest[at - 1] != '@') return {};
        break;
      default:
        if (brackets == 0 && !is_name_character(c) && c != '@' && c != '(' && c != ')') return {};
    }
  }
  return first;
}

}  // namespace provlab::settings
