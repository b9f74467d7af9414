#pragma once
#include <string_view>
#include <vector>

namespace provlab::lab {

/// A part of a text that is a secret.
struct SecretPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where a text says secrets by its form: 1. and 2. of Secrets, and of 3. what is no URL's user.
/// In their order; none overlaps another.
std::vector<SecretPlace> secret_places(std::string_view text);

}  // namespace provlab::lab
