#include "core/settings/embedded_files.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace provlab::settings {

namespace {

const EmbeddedFile* find(std::string_view name) {
  for (const EmbeddedFile& each : embedded_files()) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

}  // namespace

std::string_view embedded_file(std::string_view name) {
  if (const EmbeddedFile* file = find(name)) return file->content;
  throw std::logic_error(fmt::format("schemas/{} is not built in", name));
}

bool has_embedded_file(std::string_view name) {
  return find(name) != nullptr;
}

std::span<const EmbeddedFile> embedded_files() {
  return {detail::kEmbeddedFiles, detail::kEmbeddedFileCount};
}

}  // namespace provlab::settings
