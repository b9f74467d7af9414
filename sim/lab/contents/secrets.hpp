#pragma once
#include <set>
#include <string>
#include <string_view>

#include "sim/lab/trace/logged_event.hpp"

namespace provlab::lab {

/// Hides secrets in what is told to people and written for machines: `***` stands for each (D45).
/// What is a secret:
///  1. What a `password` element holds, whatever its prefix and case, also where the markup is
///  escaped; an attribute of that name; what stands beside an attribute whose path ends with it.
///  2. What an Authorization header (and Cookie, Set-Cookie) says, but for the scheme.
///  3. The user and password of a URL (core/platform/user_info.hpp), the value of `password` in a
///  query, a form or JSON.
///  4. Wherever else it stands as a word of its own: a value that was learnt from one of these and
///  has four octets or more. What every phone has when it is unpacked is none.
class Secrets {
 public:
  enum class Told { hidden, shown };
  explicit Secrets(Told told = Told::hidden) : told_(told) {}

  bool shown() const { return told_ == Told::shown; }
  /// Learns the values of 1. to 3. that a text holds.
  void learn(std::string_view text);
  void learn_value(std::string value);
  const std::set<std::string, std::less<>>& values() const { return values_; }

  /// The text with `***` for each secret; it keeps its lines.
  std::string hide(std::string_view text) const;
  /// The value of what is at that path of the settings.
  std::string hide_value(std::string_view path, std::string_view value) const;
  /// The fields of an event.
  void hide(LoggedEvent& event) const;
  /// A trace as JSON lines, or a piece of one; octet for octet the same where there is nothing to
  /// hide.
  std::string hide_trace(std::string_view json_lines) const;

 private:
  std::string hide_values(std::string text) const;

  Told told_;
  std::set<std::string, std::less<>> values_;
};

/// Whether the last step of a path of the settings is a password, predicates aside.
bool names_password(std::string_view path);

/// Whether a text could hold what Secrets::learn() learns; quick.
bool may_hold_secrets(std::string_view text);

}  // namespace provlab::lab
