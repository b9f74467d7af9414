#pragma once
#include <fstream>
#include <iterator>
#include <string>

namespace provlab::test {

/// All octets of a file; none where it cannot be read.
inline std::string content_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace provlab::test
