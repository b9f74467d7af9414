#include "core/settings/embedded_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace provlab::settings {

namespace {

const EmbeddedFile* find(std::string_view name) {
  for (unsigned i = 0; i < detail::kEmbeddedFileCount; ++i) {
    if (detail::kEmbeddedFiles[i].name == name) return &detail::kEmbeddedFiles[i];
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

std::vector<std::string_view> embedded_names(std::string_view folder) {
  std::vector<std::string_view> names;
  for (unsigned i = 0; i < detail::kEmbeddedFileCount; ++i) {
    std::string_view name = detail::kEmbeddedFiles[i].name;
    if (!name.starts_with(folder) || name.substr(folder.size(), 1) != "/") continue;
    names.push_back(name.substr(folder.size() + 1));
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace provlab::settings
