#include "core/platform/utf8.hpp"

#include <gtest/gtest.h>

namespace provlab {
namespace {

TEST(Ascii, IsSeenOfEachOctet) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string ascii(size, '\x7f');
    EXPECT_TRUE(is_ascii(ascii));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = ascii;
      other[at] = '\x80';
      EXPECT_FALSE(is_ascii(other)) << size << ' ' << at;
    }
  }
}

}  // namespace
}  // namespace provlab
