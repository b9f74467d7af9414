#include "sim/lab/capture/key_log.hpp"

#include <optional>

#include "core/platform/hexadecimal.hpp"

namespace provlab::lab {

namespace {

/// Nothing where it is not in pairs of digits.
std::optional<std::string> octets_of_pairs(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string octets;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = hexadecimal_digit(digits[i]);
    const auto low = hexadecimal_digit(digits[i + 1]);
    if (!high || !low) return std::nullopt;
    octets += static_cast<char>(*high << 4 | *low);
  }
  return octets;
}

/// Takes a word off the line.
std::string_view next_word(std::string_view& line) {
  line = trimmed(line);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

}  // namespace

KeyLog::KeyLog(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const std::string_view label = next_word(line);
    const auto random = octets_of_pairs(next_word(line));
    const auto secret = octets_of_pairs(next_word(line));
    if (label.starts_with('#') || !random || !secret || secret->empty()) continue;
    secrets_.insert_or_assign({std::string(label), *random}, *secret);
  }
}

std::string_view KeyLog::secret(std::string_view label, std::string_view client_random) const {
  const auto found = secrets_.find(std::pair(std::string(label), std::string(client_random)));
  return found == secrets_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace provlab::lab
