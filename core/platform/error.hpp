#pragma once
#include <expected>
#include <string>
#include <utility>

namespace provlab {

/// A failure that input, a peer or the environment can cause (D5). `text` is a sentence without a
/// final full stop that says what is wrong and, where it helps, what to do; `where` is the place (a
/// file and line, an option, a URL) or empty. Broken promises of the program itself are exceptions.
struct Error {
  std::string text;
  std::string where;

  /// "where: text", or just the text where no place is known.
  std::string to_string() const { return where.empty() ? text : where + ": " + text; }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Expected = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string text, std::string where = {}) {
  return std::unexpected(Error{std::move(text), std::move(where)});
}

}  // namespace provlab
