#include "sim/lab/editing/message_stream.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

/// What the head's Content-Length says. Other fields are passed over.
Expected<std::size_t> length_of(std::string_view head) {
  std::optional<std::size_t> length;
  while (!head.empty()) {
    const std::size_t end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end == head.npos ? head.size() : end + 2);
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return fail("a line of a message's head has no colon");
    if (!same_ignoring_case(trimmed(line.substr(0, colon)), "content-length")) continue;
    const std::string_view digits = trimmed(line.substr(colon + 1));
    std::size_t number = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || stop != digits.data() + digits.size() || digits.empty()) {
      return fail("a message's Content-Length is no number");
    }
    if (length && *length != number) return fail("a message has two lengths");
    length = number;
  }
  if (!length) return fail("a message has no Content-Length");
  if (*length > MessageStream::kMostBodyOctets) {
    return fail(fmt::format("a message of {} octets is longer than {}", *length,
                            MessageStream::kMostBodyOctets));
  }
  return *length;
}

}  // namespace

Expected<std::optional<std::string>> MessageStream::next() {
  const std::size_t end = waiting_.find("\r\n\r\n");
  if (std::min(end, waiting_.size()) > kMostHeadOctets) {
    return fail(fmt::format("the head of a message is longer than {} octets", kMostHeadOctets));
  }
  if (end == std::string::npos) return std::nullopt;
  const auto length = length_of(std::string_view(waiting_).substr(0, end));
  if (!length) return std::unexpected(length.error());
  const std::size_t begin = end + 4;
  if (waiting_.size() - begin < *length) return std::nullopt;
  std::string body = waiting_.substr(begin, *length);
  waiting_.erase(0, begin + *length);
  return body;
}

std::string MessageStream::framed(std::string_view body) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

}  // namespace provlab::lab
