#include "sim/lab/plan/expectation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace provlab::lab {

std::string Moment::to_string() const {
  if (!time_of_day.empty()) {
    return fmt::format("{} ({})", time_of_day, provlab::to_string(offset));
  }
  if (anchor.empty()) return provlab::to_string(offset);
  return fmt::format("{}{}{}", anchor, nth > 1 ? fmt::format("#{}", nth) : "",
                     offset == Duration::zero() ? "" : "+" + provlab::to_string(offset));
}

std::string When::to_string() const {
  if (at) return " at " + at->to_string();
  if (!within) return {};
  const auto& [first, last] = *within;
  std::string text =
      first == Duration::zero()
          ? fmt::format(" within {}", provlab::to_string(last))
          : fmt::format(" within {}..{}", provlab::to_string(first), provlab::to_string(last));
  return of ? text + " of " + of->to_string() : text;
}

std::string times_text(std::size_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

std::string Times::to_string() const {
  if (least == most) return least == 0 ? "never" : "exactly " + times_text(least);
  if (most == UINT_MAX) return "at least " + times_text(least);
  return fmt::format("{} to {} times", least, most);
}

std::string HeaderPattern::to_string() const {
  if (absent) return "without " + name;
  if (is) return fmt::format("with {}: {}", name, *is);
  return contains.empty() ? "with " + name : fmt::format("with '{}' in {}", contains, name);
}

std::string RequestPattern::to_string() const {
  std::string text = !path.empty() ? "GET " + path : !is.empty() ? is : "any request";
  if (!kind.empty()) text += " (" + kind + ")";
  if (!to.empty()) text += " at " + to;
  for (const HeaderPattern& header : headers) text += " " + header.to_string();
  return text + when.to_string();
}

std::string ResponsePattern::to_string() const {
  std::string text = status.empty() ? "a response" : "a response " + status;
  if (!answer.empty()) text += " to " + answer;
  if (!to.empty()) text += " at " + to;
  for (const HeaderPattern& header : headers) text += " " + header.to_string();
  return text + when.to_string();
}

std::string EventPattern::to_string() const {
  std::string text = name;
  for (const FieldPattern& field : fields) {
    text += field.is ? fmt::format(" with {} = '{}'", field.field, *field.is)
                     : fmt::format(" with '{}' in {}", field.contains, field.field);
  }
  if (!host.empty()) text += " on " + host;
  return text + when.to_string();
}

std::string ResultPattern::to_string() const {
  return fmt::format("{}{}{}", fmt::join(is, " or "),
                     says.empty() ? "" : fmt::format(" and says '{}'", says), when.to_string());
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (glob_matches(pattern.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  return !text.empty() && pattern[0] == text[0] && glob_matches(pattern.substr(1), text.substr(1));
}

}  // namespace provlab::lab
