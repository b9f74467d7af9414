#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/error.hpp"

/// Files that the program reads because its user named them, or because a file of his does. All
/// that is read passes through here, and no more of it than the caller can use:
///
///  1. A file that is too large is refused unread, by its size; what grows meanwhile, while it is
///     read.
///  2. Only regular files are opened, and pipes where the caller takes them. Devices, sockets and
///     folders are refused; none makes the program wait.
///  3. Errors are sentences with the file as their place. Where the machine has no descriptor or
///     memory left, that is no fault of the file: std::system_error and std::bad_alloc.
namespace provlab::lab {

inline constexpr std::size_t kMostScenarioOctets = std::size_t{4} << 20;  ///< and what src names
inline constexpr std::size_t kMostReportOctets = std::size_t{256} << 20;

enum class Pipes { refused, taken };

/// The whole content, of at most `most` octets.
Expected<std::string> read_file(const std::string& file, std::size_t most,
                                Pipes pipes = Pipes::refused);
/// The same of what standard input is.
Expected<std::string> read_standard_input(std::size_t most);
/// What differs where a file was written again, or another one put in its place.
struct FileStamp {
  std::uint64_t file = 0;    ///< its number in its file system
  std::int64_t written = 0;  ///< in nanoseconds
  std::int64_t octets = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
/// Nothing where there is no such file.
std::optional<FileStamp> stamp_of(const std::string& file);
/// The first octets, at most that many, of a regular file of any size.
Expected<std::string> read_start(const std::string& file, std::size_t most);

}  // namespace provlab::lab
