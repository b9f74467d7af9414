#include "tools/terminal.hpp"

namespace provlab::tools {

void put(std::FILE* to, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), to);
}

}  // namespace provlab::tools
