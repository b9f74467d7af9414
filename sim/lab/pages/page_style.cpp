#include "sim/lab/pages/page_style.hpp"

#include <algorithm>
#include <set>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

using Names = std::set<std::string_view>;

bool is_of_name(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_';
}

/// Without comments.
std::string squeezed_style(std::string_view style) {
  constexpr std::string_view kOpen = "{};:,";
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < style.size(); ++i) {
    const char c = style[i];
    if (quote == 0 && style.substr(i).starts_with("/*")) {
      i = std::min(style.find("*/", i), style.size() - 2) + 1;
      continue;
    }
    const bool blank = quote == 0 && (c == ' ' || c == '\n');
    if (blank && (out.empty() || kOpen.find(out.back()) != kOpen.npos)) continue;
    if (c == '"' || c == '\'') quote = quote == 0 ? c : quote == c ? '\0' : quote;
    const bool brace = quote == 0 && (c == '{' || c == '}');
    if (brace && out.ends_with(' ')) out.pop_back();
    if (brace && c == '}' && out.ends_with(';')) out.pop_back();
    out += blank ? ' ' : c;
  }
  return out;
}

/// Classes and ids of one selector that must be there for it to fit anything.
std::vector<std::string_view> names_in(std::string_view selector) {
  std::vector<std::string_view> names;
  int depth = 0;
  for (std::size_t i = 0; i < selector.size(); ++i) {
    const char c = selector[i];
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (depth > 0 || (c != '.' && c != '#')) continue;
    std::size_t end = i + 1;
    while (end < selector.size() && is_of_name(selector[end])) ++end;
    names.push_back(selector.substr(i + 1, end - i - 1));
    i = end - 1;
  }
  return names;
}

/// Of `a,b:is(c,d)` its two selectors.
std::vector<std::vector<std::string_view>> names_of_each(std::string_view selectors) {
  std::vector<std::vector<std::string_view>> all;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= selectors.size(); ++i) {
    const char c = i < selectors.size() ? selectors[i] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || depth > 0) continue;
    all.push_back(names_in(selectors.substr(begin, i - begin)));
    begin = i + 1;
  }
  return all;
}

/// The words of all `class="..."` and `id="..."`.
Names names_on(std::string_view body) {
  Names names;
  for (const std::string_view attribute : {" class=\"", " id=\""}) {
    for (std::size_t at = body.find(attribute); at != body.npos; at = body.find(attribute, at)) {
      at += attribute.size();
      const std::size_t end = body.find('"', at);
      for (std::string_view rest = body.substr(at, end - at); !rest.empty();) {
        const std::size_t blank = std::min(rest.find(' '), rest.size());
        names.insert(rest.substr(0, blank));
        rest.remove_prefix(std::min(blank + 1, rest.size()));
      }
    }
  }
  return names;
}

/// All words, whatever they mean.
Names words_of(std::string_view script) {
  Names names;
  for (std::size_t i = 0; i < script.size(); ++i) {
    std::size_t end = i;
    while (end < script.size() && is_of_name(script[end])) ++end;
    if (end == i) continue;
    names.insert(script.substr(i, end - i));
    i = end;
  }
  return names;
}

/// Whether a blank between two characters of a script means nothing.
bool is_idle_blank(char before, char behind) {
  constexpr std::string_view kMarks = "=+-*/<>?:&|!,;(){}[]\n";
  const bool signs = (before == '+' || before == '-') && (behind == '+' || behind == '-');
  return !signs && (kMarks.find(before) != kMarks.npos || kMarks.find(behind) != kMarks.npos);
}

}  // namespace

std::string squeezed_script(std::string_view script) {
  constexpr std::string_view kGoesOn = "\n{,;(=&|?:[";
  std::string out = "\n";
  for (std::size_t i = 0; i < script.size(); ++i) {
    const char c = script[i];
    const std::string_view rest = script.substr(i);
    if (rest.starts_with("//")) {
      i = std::min(script.find('\n', i), script.size()) - 1;
    } else if (rest.starts_with("/*")) {
      i = std::min(script.find("*/", i), script.size() - 2) + 1;
    } else if (c == '\'' || c == '"' || c == '`') {
      const std::size_t end = std::min(script.find(c, i + 1), script.size() - 1);
      out += script.substr(i, end - i + 1);
      i = end;
    } else if (c == ' ') {
      const std::size_t next = script.find_first_not_of(' ', i);
      if (next == script.npos) break;
      if (!is_idle_blank(out.back(), script[next])) out += ' ';
      i = next - 1;
    } else if (c != '\n' || kGoesOn.find(out.back()) == kGoesOn.npos) {
      if (c == '\n' && out.back() == ' ') out.pop_back();
      out += c;
    }
  }
  return out.substr(1);
}

StyleSheet::StyleSheet(std::string_view style, std::string_view script)
    : all_(squeezed_style(style)), rules_(read(all_, words_of(script))) {}

std::vector<StyleSheet::Rule> StyleSheet::read(std::string_view text,
                                               const std::set<std::string_view>& everywhere) {
  std::vector<Rule> rules;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    int depth = 0;
    std::size_t end = open;
    for (; end < text.size(); ++end) {
      depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    end = std::min(end + 1, text.size());
    Rule rule{.selectors = text.substr(0, open), .block = text.substr(open, end - open)};
    if (rule.selectors.starts_with("@media")) {
      rule.within = read(rule.block.substr(1, rule.block.size() - 2), everywhere);
      rule.block = {};
    } else {
      rule.names = names_of_each(rule.selectors);
      for (auto& names : rule.names) {
        std::erase_if(names, [&](std::string_view name) { return everywhere.contains(name); });
      }
    }
    rules.push_back(std::move(rule));
    text.remove_prefix(end);
  }
  return rules;
}

std::string StyleSheet::rules_for(std::string_view body) const {
  const Names known = names_on(body);
  const auto fits = [&](const std::vector<std::string_view>& names) {
    return std::ranges::all_of(names, [&](std::string_view name) { return known.contains(name); });
  };
  std::string text;
  const auto write = [&](const Rule& rule) {
    if (!std::ranges::any_of(rule.names, fits)) return;
    text += rule.selectors;
    text += rule.block;
  };
  for (const Rule& rule : rules_) {
    if (rule.within.empty()) {
      write(rule);
      continue;
    }
    text += rule.selectors;
    text += '{';
    for (const Rule& each : rule.within) write(each);
    text += '}';
  }
  return text;
}

}  // namespace provlab::lab
