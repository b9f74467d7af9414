#include "core/settings/embedded_files.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace provlab::settings {

std::string_view embedded_file(std::string_view name) {
  for (unsigned i = 0; i < detail::kEmbeddedFileCount; ++i) {
    if (detail::kEmbeddedFiles[i].name == name) return detail::kEmbeddedFiles[i].content;
  }
  throw std::logic_error(fmt::format("schemas/{} is not built in", name));
}

}  // namespace provlab::settings
