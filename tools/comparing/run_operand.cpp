#include "tools/comparing/run_operand.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "core/platform/text.hpp"

namespace provlab::tools {

namespace {

bool is_there(const std::string& file) {
  std::error_code error;
  return !file.empty() && std::filesystem::exists(file, error);
}

/// Where the name of the file ends: at the end, or at an '@'; 0: there is no such file.
std::size_t end_of_file(const std::string& text) {
  std::size_t end = text.size();
  while (end > 0 && !is_there(text.substr(0, end))) {
    const std::size_t at = text.rfind('@', end - 1);
    end = at == std::string::npos ? 0 : at;
  }
  return end;
}

/// A token has digits in front of a colon; no name of a variant does.
bool is_token(std::string_view text) {
  if (text == "natural") return true;
  const std::size_t colon = text.find(':');
  if (colon == 0 || colon == text.npos) return false;
  for (const char c : text.substr(0, colon)) {
    if (!is_digit(c)) return false;
  }
  return true;
}

Expected<void> take_choice(std::string_view choice, Operand& operand) {
  if (choice.starts_with("seed=")) {
    const std::string_view digits = choice.substr(5);
    std::uint64_t seed = 0;
    const auto [stop, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
    if (wrong != std::errc() || stop != digits.data() + digits.size()) {
      return fail(fmt::format("'{}' is no seed; write for example seed=7", shortened(choice)),
                  operand.text);
    }
    operand.seed = seed;
  } else if (lab::is_mishap_token(choice)) {
    auto mishaps = lab::parse_mishaps(choice);
    if (!mishaps) return fail(mishaps.error().to_string(), operand.text);
    operand.mishaps = std::move(*mishaps);
  } else if (is_token(choice)) {
    auto token = lab::parse_token(choice);
    if (!token) return fail(token.error().to_string(), operand.text);
    operand.token = std::move(*token);
  } else if (choice.empty()) {
    return fail("behind an '@' stands a variant, a token, or seed=7", operand.text);
  } else {
    operand.variant = choice;
  }
  return {};
}

}  // namespace

Expected<Operand> parse_operand(const std::string& text, const std::string& other) {
  Operand operand{.text = text, .file = {}, .variant = {}};
  std::size_t end = end_of_file(text);
  if (end != 0) {
    operand.file = text.substr(0, end);
  } else if (text.starts_with('@') && end_of_file(other) != 0) {
    operand.file = other.substr(0, end_of_file(other));
  } else {
    return fail("there is no such file", text);
  }
  std::string_view rest = std::string_view(text).substr(end);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t next = std::min(rest.find('@'), rest.size());
    if (auto taken = take_choice(rest.substr(0, next), operand); !taken) {
      return std::unexpected(taken.error());
    }
    rest.remove_prefix(next);
  }
  if (operand.token && !operand.variant.empty()) {
    return fail("a token is of an exploration, which plays no variant", text);
  }
  return operand;
}

}  // namespace provlab::tools
