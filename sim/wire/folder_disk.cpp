#include "sim/wire/folder_disk.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace provlab::wire {

namespace {

/// What the system calls need behind a name; the names are ours, so a bad one is our own mistake.
std::string plain(std::string_view name) {
  if (name.empty() || name.find('/') != std::string_view::npos || name == "." || name == "..") {
    throw std::logic_error(fmt::format("'{}' is no plain file name", name));
  }
  return std::string(name);
}

}  // namespace

Expected<FolderDisk> FolderDisk::open(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail(fmt::format("the folder cannot be made: {}", std::strerror(errno)), path);
  }
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return fail(fmt::format("the folder cannot be opened: {}", std::strerror(errno)), path);
  }
  return FolderDisk(path, folder);
}

FolderDisk::FolderDisk(FolderDisk&& other) noexcept
    : path_(std::move(other.path_)),
      folder_(std::exchange(other.folder_, -1)),
      written_(std::exchange(other.written_, -1)) {}

FolderDisk::~FolderDisk() {
  close_written();
  if (folder_ >= 0) ::close(folder_);
}

std::unexpected<Error> FolderDisk::failed(const char* what, std::string_view name) const {
  return fail(fmt::format("{}: {}", what, std::strerror(errno)), fmt::format("{}/{}", path_, name));
}

void FolderDisk::close_written() {
  if (written_ >= 0) ::close(std::exchange(written_, -1));
}

Expected<std::optional<std::string>> FolderDisk::read(std::string_view name) {
  const int file = ::openat(folder_, plain(name).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return std::nullopt;
  if (file < 0) return failed("cannot be opened", name);
  std::string content;
  char buffer[16384];
  ssize_t got = 0;
  do {
    got = ::read(file, buffer, sizeof buffer);
    if (got > 0) content.append(buffer, static_cast<std::size_t>(got));
  } while (got > 0 || (got < 0 && errno == EINTR));
  const int failure = errno;
  ::close(file);
  errno = failure;
  if (got < 0) return failed("cannot be read", name);
  return content;
}

Expected<void> FolderDisk::write(std::string_view name, std::string_view content) {
  close_written();
  written_ = ::openat(folder_, plain(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (written_ < 0) return failed("cannot be made", name);
  while (!content.empty()) {
    const ssize_t put = ::write(written_, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed("cannot be written", name);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Expected<void> FolderDisk::sync(std::string_view name) {
  if (::fsync(written_) != 0) return failed("cannot be synced", name);
  if (::close(std::exchange(written_, -1)) != 0) return failed("cannot be closed", name);
  return {};
}

Expected<void> FolderDisk::rename(std::string_view from, std::string_view to) {
  if (::renameat(folder_, plain(from).c_str(), folder_, plain(to).c_str()) != 0) {
    return failed("cannot be renamed", from);
  }
  return {};
}

Expected<void> FolderDisk::remove(std::string_view name) {
  if (::unlinkat(folder_, plain(name).c_str(), 0) != 0 && errno != ENOENT) {
    return failed("cannot be removed", name);
  }
  return {};
}

Expected<void> FolderDisk::sync_folder() {
  if (::fsync(folder_) != 0) return failed("the folder cannot be synced", "");
  return {};
}

}  // namespace provlab::wire
