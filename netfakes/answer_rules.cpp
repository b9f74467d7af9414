#include "netfakes/answer_rules.hpp"

namespace provlab::netfakes {

bool names(std::string_view pattern, const Request& request) {
  const std::string_view text = request.text;
  if (pattern.empty() || pattern == text) return true;
  if (pattern.back() == '*') return text.starts_with(pattern.substr(0, pattern.size() - 1));
  if (pattern == text.substr(0, text.find(' '))) return true;
  if (pattern.find('?') == std::string_view::npos && pattern == text.substr(0, text.find('?'))) {
    return true;
  }
  return !request.detail.empty() && pattern.size() == text.size() + 1 + request.detail.size() &&
         pattern.starts_with(text) && pattern[text.size()] == ' ' &&
         pattern.ends_with(request.detail);
}

bool AnswerRuleCounter::applies(const AnswerRule& rule, const Request& request, Instant now,
                                unsigned& seen) {
  if (!names(rule.request, request)) return false;
  if ((rule.since && now < *rule.since) || (rule.until && now >= *rule.until)) return false;
  ++seen;
  if (rule.nth && !rule.nth->contains(seen)) return false;
  return !rule.every || (*rule.every != 0 && seen % *rule.every == 0);
}

}  // namespace provlab::netfakes
