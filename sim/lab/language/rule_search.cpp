#include "sim/lab/language/rule_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/language/rule_text.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kUnderTitle = "            ";
constexpr std::string_view kInvariantsSection = "10";

/// `I4` and the like.
bool is_invariant(std::string_view number) {
  return number.size() > 1 && number[0] == 'I' && is_digit(number[1]);
}

bool is_of_section(const SpecRule& rule, std::string_view section) {
  if (section == kInvariantsSection) return is_invariant(rule.number);
  return rule.number.size() > section.size() && rule.number.starts_with(section) &&
         rule.number[section.size()] == '.';
}

std::vector<const SpecRule*> rules_of_section(std::string_view section) {
  std::vector<const SpecRule*> rules;
  for (const SpecRule& rule : specification().rules) {
    if (is_of_section(rule, section)) rules.push_back(&rule);
  }
  return rules;
}

/// All that a rule says, its title first, a line for each line as it is written.
std::string all_words(const SpecRule& rule) {
  std::string words = fmt::format("{} {}\n{}", rule.number, rule.title, rule.text);
  for (const NotYet& part : rule.not_yet) words += "\nNot yet: " + part.text;
  for (const BeyondRuns& part : rule.beyond_runs) {
    words += fmt::format("\nBeyond runs: {} ({})", part.part, part.reason);
  }
  return words;
}

/// The line of the rule that says it; nothing where its title does, or nothing does.
std::string_view saying_line(std::string_view words, std::string_view said) {
  const std::size_t at = lower(words).find(said);
  const std::size_t title = words.find('\n');
  if (at == words.npos || at < title) return {};
  const std::size_t begin = words.rfind('\n', at) + 1;
  return trimmed(words.substr(begin, words.find('\n', at) - begin));
}

void add_title(std::string& out, const SpecRule& rule) {
  out += fmt::format("{:<10}  {}\n", rule.number, rule.title);
}

std::string rules_in_words(std::size_t number) {
  return fmt::format("{} rule{}", number, number == 1 ? "" : "s");
}

}  // namespace

RulesMeant rules_meant(std::string_view word) {
  RulesMeant meant;
  if (const SpecRule* rule = specification().find(word)) {
    meant.rules = {rule};
    return meant;
  }
  const std::string_view section = word == "I" ? kInvariantsSection : word;
  const auto& sections = specification().sections;
  const auto named = std::ranges::find(sections, section, &SpecSection::number);
  if (named != sections.end()) {
    meant.rules = rules_of_section(section);
    meant.heading = fmt::format("section {}, {}: {}", named->number, named->name,
                                rules_in_words(meant.rules.size()));
    return meant;
  }
  meant.said = lower(word);
  for (const SpecRule& rule : specification().rules) {
    if (lower(all_words(rule)).find(meant.said) != std::string::npos) meant.rules.push_back(&rule);
  }
  // A rule that lists others says all that they say.
  std::erase_if(meant.rules, [found = meant.rules](const SpecRule* rule) {
    return std::ranges::any_of(
        found, [&](const SpecRule* other) { return is_of_section(*other, rule->number); });
  });
  meant.heading = fmt::format("{} with '{}'", rules_in_words(meant.rules.size()), word);
  return meant;
}

std::string names_no_rule(std::string_view word) {
  if (!word.empty() && (is_digit(word[0]) || is_invariant(word))) return no_such_rule(word);
  return fmt::format("no rule is called '{}' or says it; 'provlab list --rules' shows them all",
                     word);
}

std::string rule_titles(const RulesMeant& meant) {
  std::string out = meant.heading + '\n';
  for (const SpecRule* rule : meant.rules) {
    add_title(out, *rule);
    if (meant.said.empty()) continue;
    const std::string words = all_words(*rule);
    const std::string_view line = saying_line(words, meant.said);
    if (!line.empty()) add_wrapped(out, line, kUnderTitle, kUnderTitle);
  }
  return out;
}

std::string all_rule_titles() {
  std::string out;
  for (const SpecSection& section : specification().sections) {
    const auto rules = rules_of_section(section.number);
    if (rules.empty()) continue;
    out += fmt::format("{}{} {}\n", out.empty() ? "" : "\n", section.number, section.name);
    for (const SpecRule* rule : rules) add_title(out, *rule);
  }
  return out;
}

}  // namespace provlab::lab
