#pragma once
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

/// UTF-16 as UTF-8, where the text begins as XML or with a mark of its order does; else as it is.
std::string as_utf8(std::string_view text);

}  // namespace provlab::lab
