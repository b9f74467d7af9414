#pragma once
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

/// Passwords of people, as the settings hold them: the real telephone's form is not published, ours
/// is `$6$` of crypt(3), SHA-512 with a salt. A plain one is one that nobody has hashed yet.
namespace provlab::web {

/// No longer one is taken: what hashing costs grows with it.
inline constexpr std::size_t kLongestPassword = 128;

/// Whether it is a hash of ours, of no more rounds than a telephone computes without a noticeable
/// pause.
bool is_hashed(std::string_view stored);
/// Precondition: no longer than kLongestPassword. Takes some milliseconds of CPU, as matches()
/// does.
std::string hash_password(std::string_view plain, Random& random);
/// Whether this is the password; an empty one is nobody's. The stored one may be plain.
bool matches(std::string_view stored, std::string_view given);

}  // namespace provlab::web
