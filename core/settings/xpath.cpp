#include "core/settings/xpath.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"

// pugixml evaluates expressions; here they are only scanned, from left to right, outside quotes.
// paths_from_section() leaves out `configuration` behind each slash that begins a path: a slash
// that does not stand behind the end of a step.
// visits_of() keeps a stack of the open conditions and counts in each the ways through all
// settings. A condition costs the size to the power of one more than those in it and in all around
// it.
// only_section() takes the first step, and gives it up for anything that may lead elsewhere: `..`,
// an axis, an absolute path in a condition, an operator.
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

namespace {

/// What an expression, or a condition in it, asks for: ways through all settings, and steps from
/// each of many nodes to many others.
struct Searches {
  unsigned wide = 0;
  unsigned cross = 0;
};

/// Counts the axis whose `::` stands at the end of `before`.
void count_axis(std::string_view before, Searches& searches) {
  std::size_t start = before.size();
  while (start > 0 && is_name_character(before[start - 1])) --start;
  const std::string_view axis = before.substr(start);
  if (axis == "self" || axis == "child" || axis == "attribute") return;
  const bool to_others = axis.starts_with("following") || axis.starts_with("preceding");
  ++(to_others ? searches.cross : searches.wide);
}

}  // namespace

double visits_of(std::string_view xpath, double size) {
  std::vector<Searches> levels(1);  // of the whole, and of the conditions that are open
  double visits = 0;
  const auto end_condition = [&] {
    unsigned searches = 1;
    for (std::size_t i = 1; i < levels.size(); ++i) searches += levels[i].wide + levels[i].cross;
    visits += std::pow(size, searches);
    levels.pop_back();
  };
  char quote = '\0';
  for (std::size_t at = 0; at < xpath.size(); ++at) {
    const char c = xpath[at];
    const std::string_view rest = xpath.substr(at);
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[') {
      levels.emplace_back();
    } else if (c == ']' && levels.size() > 1) {
      end_condition();
    } else if (rest.starts_with("//") || rest.starts_with("..")) {
      ++levels.back().wide;
      ++at;
    } else if (rest.starts_with("::")) {
      count_axis(xpath.substr(0, at), levels.back());
      ++at;
    } else if (c == '/' && begins_path(xpath, at)) {
      ++levels.back().wide;
    }
  }
  while (levels.size() > 1) end_condition();
  return visits + std::pow(size, 1 + levels.front().cross) * std::max(1U, levels.front().wide);
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
