#pragma once
#include <span>
#include <string_view>

namespace provlab::settings {

/// The content of a file of schemas/ that was built into the program (D9), by its path from there
/// (`defaults/D200-2.2A.xml`). A name that is not there is a broken promise of the build.
std::string_view embedded_file(std::string_view name);
bool has_embedded_file(std::string_view name);

struct EmbeddedFile {
  std::string_view name;
  std::string_view content;
};
/// All of them, by their names.
std::span<const EmbeddedFile> embedded_files();

namespace detail {
/// Generated at build time from schemas/ by core/settings/embed.cmake.
extern const EmbeddedFile kEmbeddedFiles[];
extern const unsigned kEmbeddedFileCount;
}  // namespace detail

}  // namespace provlab::settings
