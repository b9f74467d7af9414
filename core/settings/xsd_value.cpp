#include "core/settings/xsd_value.hpp"

#include "core/platform/text.hpp"

namespace provlab::settings {

std::optional<bool> read_switch(std::string_view value) {
  value = trimmed(value);
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  return std::nullopt;
}

std::string shortest_number(std::string_view value) {
  std::string_view digits = trimmed(value);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::string(value);
  }
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return (negative && digits != "0" ? "-" : "") + std::string(digits);
}

std::string collapsed(std::string_view text) {
  std::string result;
  for (const char c : trimmed(text)) {
    if (kWhiteSpace.find(c) == std::string_view::npos) {
      result += c;
    } else if (result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

}  // namespace provlab::settings
