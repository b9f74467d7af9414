#include "core/platform/text_buffer.hpp"

namespace provlab {

void TextBuffer::grow(std::size_t octets) {
  constexpr std::size_t kFirst = std::size_t{8} << 10;
  storage_.resize_and_overwrite(std::max({kFirst, storage_.size() * 2, size_ + octets}),
                                [](char*, std::size_t allocated) { return allocated; });
}

}  // namespace provlab
