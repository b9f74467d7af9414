#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// A message of HTTP/1.1 in a stream (RFC 9112).
struct HttpText {
  std::size_t begin = 0;  ///< where in the stream
  std::string head;       ///< with the line that begins it, without the empty one that ends it
  std::string body;       ///< put together where it came in chunks
  std::string note;       ///< what is odd about it, as a sentence; empty: nothing
  bool compressed = false;
};

/// The messages of one direction, as far as they are HTTP.
std::vector<HttpText> http_messages(std::string_view stream);

/// Of the two octets of a letter in UTF-16.
enum class WideOrder : std::uint8_t { little, big };
/// That of a text that begins as XML in UTF-16, or with the mark of an order; nothing: another one.
std::optional<WideOrder> order_of_document(std::string_view text);

/// UTF-16 as UTF-8, where order_of_document() knows it; else as it is.
std::string as_utf8(std::string_view text);

}  // namespace provlab::lab
