#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/platform/error.hpp"

namespace provlab::net {

/// What the header fields of an answer say, without blanks around it.
struct HttpFields {
  std::string content_type;      ///< the first that is not blank
  std::string content_encoding;  ///< all of them in one list (RFC 9110 5.3)
  std::string location;          ///< the first that is not blank
};

/// Whether a status sends on to the answer's Location (RFC 9110 15.4).
constexpr bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// Whether a list of content codings names one that changes the body (RFC 9110 8.4.1).
bool is_encoded(std::string_view codings);

/// Reads the header of an answer line by line. A line that begins with a blank goes on with the one
/// before it, joined by one space (RFC 9112 5.2).
class HttpHead {
 public:
  /// Takes a line behind the status line, with its end; the empty line comes last. Fails, with the
  /// rest of a sentence about the answer, where the header does not say for certain how long the
  /// body is (RFC 9112 6.3), and where it comes in a transfer coding other than chunked, which is
  /// all that is asked for (RFC 9112 7).
  Expected<void> take(std::string_view line);
  /// Precondition: the empty line has been taken, and nothing failed.
  HttpFields take_fields() { return std::move(fields_); }

 private:
  Expected<void> note(std::string_view field);
  Expected<void> note_lengths(std::string_view lengths);
  Expected<void> note_transfer_codings(std::string_view codings);

  HttpFields fields_;
  std::string pending_;  ///< the last field, which the next line may go on with
  bool folded_ = false;  ///< whether pending_ came in several lines
  std::optional<std::uint64_t> length_;
  bool chunked_ = false;
};

}  // namespace provlab::net
