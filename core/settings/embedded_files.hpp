#pragma once
#include <string_view>
#include <vector>

namespace provlab::settings {

/// The content of a file of schemas/ that was built into the program (D9), by its path from there
/// (`defaults/D200-2.2A.xml`). A name that is not there is a broken promise of the build.
std::string_view embedded_file(std::string_view name);
bool has_embedded_file(std::string_view name);
/// The names, without the folder, of what lies in a folder of schemas/, sorted.
std::vector<std::string_view> embedded_names(std::string_view folder);

struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};

namespace detail {
/// Generated at build time from schemas/ by core/settings/embed.cmake.
extern const EmbeddedFile kEmbeddedFiles[];
extern const unsigned kEmbeddedFileCount;
}  // namespace detail

}  // namespace provlab::settings
