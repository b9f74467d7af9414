#include "sim/lab/language/specification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

namespace {

Specification read_built_in() {
  std::string text;
  for (const std::string_view piece : specification_pieces()) text += piece;
  auto read = read_specification(text);
  if (!read) throw std::logic_error("core/SPECIFICATION.md: " + read.error().to_string());
  return std::move(*read);
}

}  // namespace

bool SpecRule::is_ignored() const {
  return std::ranges::any_of(not_yet, &NotYet::whole);
}

bool SpecRule::is_beyond_runs() const {
  return std::ranges::any_of(beyond_runs, &BeyondRuns::whole);
}

const SpecRule* Specification::find(std::string_view number) const {
  const auto found = std::ranges::find(rules, number, &SpecRule::number);
  return found == rules.end() ? nullptr : &*found;
}

const Specification& specification() {
  static const Specification built_in = read_built_in();
  return built_in;
}

bool is_rule(std::string_view number) {
  return specification().find(number) != nullptr;
}

std::string no_such_rule(std::string_view number) {
  std::vector<std::string> all;
  std::string_view first;
  std::string_view last;
  const std::string section(number.substr(0, number.find('.') + 1));
  for (const SpecRule& rule : specification().rules) {
    all.push_back(rule.number);
    if (section.empty() || section == "9." || !rule.number.starts_with(section)) continue;
    if (first.empty()) first = rule.number;
    last = rule.number;
  }
  std::string range;
  if (!first.empty()) {
    range = fmt::format("; section {} has {} to {}", section.substr(0, section.size() - 1), first,
                        last);
  }
  return fmt::format("there is no rule '{}'{}{}; 'provlab list --rules' shows them all", number,
                     did_you_mean(number, all), range);
}

}  // namespace provlab::lab
